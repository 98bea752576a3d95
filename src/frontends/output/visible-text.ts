/** Control characters, except the tab, as `\x1b`-like escapes, so that foreign text can't steer the terminal. */
export function visibleControls(text: string): string {
  return text.replace(/[\0-\x08\n-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** As much of the text as fits into `columns`, its end replaced by `ellipsis` where it does not and there is room for that. */
export function truncate(text: string, columns: number, ellipsis: string): string {
  if (Bun.stringWidth(text) <= columns) return text;
  const end = Bun.stringWidth(ellipsis) < columns ? ellipsis : "";
  const room = columns - Bun.stringWidth(end);
  let kept = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += Bun.stringWidth(segment);
    if (width > room) break;
    kept += segment;
  }
  return kept + end;
}
