/** An element of an XML text, as far as manifests are read. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children, trimmed. */
  readonly text: string;
  /** Range of the opening tag, in UTF-16 code units of the whole text. */
  readonly start: number;
  readonly end: number;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<![^>]*>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+/g;
/** Manifests are a handful of levels deep; what lies deeper than this is passed over, as those who read it go down. */
const MAX_DEPTH = 100;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.includes("&")
    ? text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? "")
    : text;

/**
 * The elements at the top of an XML text. Comments, instructions and document types are passed over, nothing is fetched
 * and no entity but the five of XML is replaced. What is not well formed gives the elements that were understood.
 */
export function xmlElements(text: string): readonly XmlElement[] {
  const top: OpenElement = { name: "", attributes: {}, children: [], text: "", start: 0, end: 0 };
  const open = [top];
  for (const match of text.matchAll(TOKEN)) {
    const [whole, cdata, closing, opening, attributes = "", empty] = match;
    const parent = open.at(-1) ?? top;
    if (closing !== undefined) {
      if (open.length > 1 && parent.name === closing) {
        parent.text = parent.text.trim();
        open.pop();
      }
    } else if (opening !== undefined) {
      const element: OpenElement = {
        name: opening,
        attributes: attributesOf(attributes),
        children: [],
        text: "",
        start: match.index,
        end: match.index + whole.length,
      };
      if (open.length <= MAX_DEPTH) parent.children.push(element);
      if (empty === "") open.push(element);
    } else if (cdata !== undefined) parent.text += cdata;
    else if (!whole.startsWith("<")) parent.text += decoded(whole);
  }
  for (const element of open) element.text = element.text.trim();
  return top.children;
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    found[name] = decoded(double ?? single ?? "");
  return found;
}

/** All elements of a name, at whatever depth, in the order of the text. */
export function elementsNamed(elements: readonly XmlElement[], name: string): readonly XmlElement[] {
  return elements.flatMap((element) => [
    ...(element.name === name ? [element] : []),
    ...elementsNamed(element.children, name),
  ]);
}

/** The text of the first child of that name; undefined where there is none, or an empty one. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const text = element?.children.find((child) => child.name === name)?.text;
  return text === "" ? undefined : text;
}
