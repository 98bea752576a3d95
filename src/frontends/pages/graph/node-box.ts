/** Sizes of a node's box and its text, in pixels; a character of the typewriter font is this wide at 12 pixels. */
const CHARACTER = 7.25;
const PADDING = 26;
const NODE_HEIGHT = 30;
/** A longer name loses its middle. */
const MOST_CHARACTERS = 46;

/** What stands in the box of a node: its name, the middle cut out where it is long. */
export function nodeLabel(id: string): string {
  const characters = [...id];
  if (characters.length <= MOST_CHARACTERS) return id;
  const half = (MOST_CHARACTERS - 1) >> 1;
  return `${characters.slice(0, half).join("")}…${characters.slice(-half).join("")}`;
}

export const nodeBox = (id: string): { readonly width: number; readonly height: number } => ({
  width: Math.ceil(columnsOf(nodeLabel(id)) * CHARACTER) + PADDING,
  height: NODE_HEIGHT,
});

/** East Asian characters and pictures are two columns wide. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    columns +=
      code >= 0x11_00 && (code <= 0x11_5f || (code >= 0x2e_80 && code <= 0xff_60) || code >= 0x1_f3_00)
        ? 2
        : 1;
  }
  return columns;
}
