/** What an element has besides its children: attributes as they stand in HTML. */
export type Attributes = Readonly<Record<string, string>>;

type Child = Node | string;

/** An element with attributes and children; texts are put in as text, whatever they hold. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The same of a drawing. */
export function drawn<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A button that does something; where it is a switch, `pressed` says how it stands at first. */
export function button(
  label: string,
  title: string,
  { press, pressed }: { readonly press: () => void; readonly pressed?: boolean },
): HTMLButtonElement {
  const made = element("button", { type: "button", title, "aria-label": title }, [label]);
  if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", press);
  return made;
}

/** The data that stands in the page. */
export function pageData<Data>(): Data {
  // Written into the page by the program that this script belongs to.
  return JSON.parse(document.getElementById("data")?.textContent ?? "null") as Data;
}

const THEMES = ["", "light", "dark"] as const;

/** The next of: as the system has it, light, dark. Gives its name. */
export function nextTheme(): string {
  const root = document.documentElement;
  const at = THEMES.findIndex((theme) => theme === (root.dataset["theme"] ?? ""));
  const next = THEMES[(at + 1) % THEMES.length] ?? "";
  if (next === "") delete root.dataset["theme"];
  else root.dataset["theme"] = next;
  return next === "" ? "as the system" : next;
}
