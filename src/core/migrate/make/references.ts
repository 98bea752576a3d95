export type Reference = { readonly kind: "text" | "reference"; readonly text: string; readonly end: number };

/** What stands at a `$`: an escaped one, a name of one letter, or something in parentheses or braces. */
export function readReference(text: string, at: number): Reference {
  const open = text[at + 1];
  if (open === undefined) return { kind: "text", text: "$", end: at + 1 };
  if (open === "$") return { kind: "text", text: "$", end: at + 2 };
  if (open !== "(" && open !== "{") return { kind: "reference", text: open, end: at + 2 };
  const close = open === "(" ? ")" : "}";
  let depth = 0;
  for (let index = at + 1; index < text.length; index += 1) {
    if (text[index] === open) depth += 1;
    else if (text[index] === close) {
      depth -= 1;
      if (depth === 0) return { kind: "reference", text: text.slice(at + 2, index), end: index + 1 };
    }
  }
  return { kind: "text", text: text.slice(at), end: text.length };
}

/** The first place of a character outside of parentheses and braces. */
export function topLevelIndex(text: string, wanted: string): number {
  if (!text.includes(wanted)) return -1;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if ("({".includes(char)) depth += 1;
    else if (")}".includes(char)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && char === wanted) return at;
  }
  return -1;
}

export function splitArguments(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if ("({".includes(char)) depth += 1;
    else if (")}".includes(char)) depth -= 1;
    else if (char === "," && depth <= 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
