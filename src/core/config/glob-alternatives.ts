/** How many texts the braces of a glob give, where they are closed: 4 for `{a,b}{1..2}`. */
export function alternativesOf(glob: string): number {
  const outer: { readonly before: number; readonly product: number }[] = [];
  // Of the alternatives in front of the last comma, and of the one that is being read.
  let before = 0;
  let product = 1;
  let start = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob[at];
    if (char === "\\") at += 1;
    else if (char === "{") {
      outer.push({ before, product });
      before = 0;
      product = 1;
      start = at + 1;
    } else if (char === "," && outer.length > 0) {
      before += product;
      product = 1;
    } else if (char === "}") {
      const around = outer.pop();
      if (around === undefined) return product;
      const inside = before > 0 ? before + product : Math.max(product, lengthOfRange(glob.slice(start, at)));
      before = around.before;
      product = around.product * inside;
    }
  }
  return product;
}

const RANGE = /^(?:(-?\d+)\.\.(-?\d+)|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d+))?$/;

/** 1 for what is no range. */
function lengthOfRange(text: string): number {
  const [, from, to, first, last, step = "1"] = RANGE.exec(text) ?? [];
  const distance =
    from !== undefined
      ? Number(to) - Number(from)
      : (last ?? "").charCodeAt(0) - (first ?? "").charCodeAt(0) || 0;
  return Math.floor(Math.abs(distance) / Math.max(1, Math.abs(Number(step)))) + 1;
}
