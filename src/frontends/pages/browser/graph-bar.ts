import type { GraphPageData } from "#frontends/pages/graph/graph-data";
import { PAGE_STATES } from "#frontends/pages/graph/graph-data";
import { button, element } from "./elements";
import { stateText } from "./graph-panel";

/** What can be switched on and off in a drawing. */
export const MARKS = ["critical", "affected", "cycles"] as const;
export type Mark = (typeof MARKS)[number];

export interface BarActions {
  readonly search: (text: string) => void;
  /** Goes to the next thing found; -1 for the one before. */
  readonly nextHit: (step: number) => void;
  readonly filter: (name: "package" | "tag" | "state", value: string) => void;
  readonly mark: (mark: Mark) => void;
  readonly fit: () => void;
  readonly turn: () => void;
  readonly theme: () => void;
  readonly help: () => void;
}

/** The bar above a drawing. */
export interface GraphBar {
  readonly header: HTMLElement;
  readonly search: HTMLInputElement;
  readonly marks: ReadonlyMap<Mark, HTMLButtonElement>;
  /** Fills the choices by what there is in the data. */
  readonly refresh: (data: GraphPageData) => void;
}

const TITLES: Readonly<Record<Mark, readonly [string, string]>> = {
  critical: ["Critical path", "The chain that decides how long everything takes (c)"],
  affected: ["Affected", "What the change affects (a)"],
  cycles: ["Cycles", "Edges that lead round in a circle (y)"],
};

export function makeBar(data: GraphPageData, actions: BarActions): GraphBar {
  const search = element("input", {
    class: "search",
    type: "search",
    placeholder: "Search  ( / )",
    "aria-label": "Search",
    autocomplete: "off",
    spellcheck: "false",
  });
  search.addEventListener("input", () => actions.search(search.value));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    actions.nextHit(event.shiftKey ? -1 : 1);
  });
  const selects = {
    package: choice("Package", (value) => actions.filter("package", value)),
    tag: choice("Tag", (value) => actions.filter("tag", value)),
    state: choice("State", (value) => actions.filter("state", value)),
  };
  const marks = new Map(
    MARKS.map((mark) => {
      const [label, title] = TITLES[mark];
      return [mark, button(label, title, { press: () => actions.mark(mark), pressed: false })];
    }),
  );
  const header = element("header", {}, [
    element("h1", {}, [data.title]),
    search,
    ...Object.values(selects),
    ...marks.values(),
    button("Fit", "Everything in view (0)", { press: actions.fit }),
    button("Turn", "Downwards or to the right (d)", { press: actions.turn }),
    button("Theme", "As the system, light, dark (t)", { press: actions.theme }),
    button("?", "Keys (?)", { press: actions.help }),
  ]);
  const refresh = (now: GraphPageData): void => {
    const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
    const packages = sorted(now.nodes.map((node) => node.package).filter((name) => name !== ""));
    fill(
      selects.package,
      "All packages",
      packages.map((name) => [name, name]),
    );
    fill(
      selects.tag,
      "All tags",
      sorted(now.nodes.flatMap(({ tags }) => tags)).map((tag) => [tag, tag]),
    );
    const present = new Set(now.nodes.map(({ state }) => state ?? "none"));
    const states = [...PAGE_STATES, "none" as const].filter((state) => present.has(state));
    fill(
      selects.state,
      "All states",
      states.map((state) => [state, stateText(state)]),
    );
    selects.package.classList.toggle("hidden", packages.length < 2 || now.of === "packages");
    selects.state.classList.toggle("hidden", now.of === "packages");
    marks.get("affected")?.classList.toggle("hidden", !now.marksAffected);
    marks.get("cycles")?.classList.toggle("hidden", !now.edges.some(({ cycle }) => cycle === true));
  };
  refresh(data);
  return { header, search, marks, refresh };
}

function choice(label: string, change: (value: string) => void): HTMLSelectElement {
  const select = element("select", { "aria-label": label });
  select.addEventListener("change", () => change(select.value));
  return select;
}

/** Puts choices into a list and keeps what is chosen where it is still there. */
function fill(select: HTMLSelectElement, all: string, values: readonly (readonly [string, string])[]): void {
  const chosen = select.value;
  const options = values.map(([value, text]) => element("option", { value }, [text]));
  select.replaceChildren(element("option", { value: "" }, [all]), ...options);
  const isThere = values.some(([value]) => value === chosen);
  select.value = isThere ? chosen : "";
  select.classList.toggle("hidden", values.length === 0);
  if (!isThere && chosen !== "") select.dispatchEvent(new Event("change"));
}
