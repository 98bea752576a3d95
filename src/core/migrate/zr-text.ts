const REFERENCE =
  /^\$\{(?:(?:matrix|args|vars|env|match|task|package|workspace|git|run)\.[\w-]+(?:\.[\w-]+)*|output\.\w[^{}]*)\}/;

/**
 * A text as it has to stand in the configuration so that nothing in it is taken for a reference of ours: `$${` is a
 * literal `${` there (`#core/expr/interpolate`).
 *
 * @param before what stands in front of it, the last characters of which count.
 */
export function literalText(text: string, before = ""): string {
  if (!text.includes("${")) return text;
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "$" && text[at + 1] === "{") {
      const last = (before + result).at(-1);
      if (last === "$" || REFERENCE.test(text.slice(at))) result += "$";
    }
    result += text[at] ?? "";
  }
  return result;
}

/** A name of a task with every character replaced that names can't have; undefined where nothing is left. */
export function taskName(text: string): string | undefined {
  const name = text
    .replaceAll(/[^\p{L}\p{N}_\-./:]+/gu, "-")
    .replace(/^\.\//, "")
    .replace(/^[^\p{L}\p{N}_]+/u, "")
    .replace(/-+$/, "");
  return name === "" ? undefined : name;
}

/** A string of the expression language. */
export const quoteForExpression = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
