/**
 * Paths as text, with `/` everywhere and a drive letter allowed in front. The runtime's own path module costs a
 * noticeable part of a start; these few functions are all that planning needs.
 */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);
}

/** `.` and `..` resolved, double and trailing slashes gone; `..` above the root stays at the root. */
export function normalize(path: string): string {
  const text = path.includes("\\") && /^[A-Za-z]:/.test(path) ? path.replaceAll("\\", "/") : path;
  if (
    !text.includes("//") &&
    !text.includes("/.") &&
    !text.startsWith(".") &&
    (text.length < 2 || !text.endsWith("/"))
  ) {
    return text === "" ? "." : text;
  }
  const root = /^(?:[A-Za-z]:)?\//.exec(text)?.[0] ?? "";
  const parts: string[] = [];
  for (const part of text.slice(root.length).split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (root === "") parts.push(part);
  }
  const joined = root + parts.join("/");
  return joined === "" ? "." : joined;
}

/** `path` seen from `base`; an absolute `path` is itself. */
export function resolveFrom(base: string, path: string): string {
  return normalize(isAbsolute(path) ? path : `${base}/${path}`);
}

export function dirname(path: string): string {
  const cut = path.lastIndexOf("/");
  if (cut < 0) return ".";
  if (cut === 0 || path[cut - 1] === ":") return path.slice(0, cut + 1);
  return path.slice(0, cut);
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The way from `base` to `path`, both normalized and absolute; `.` where they are the same. */
export function relativeTo(base: string, path: string): string {
  if (path === base) return ".";
  const prefix = base.endsWith("/") ? base : `${base}/`;
  if (path.startsWith(prefix)) return path.slice(prefix.length);
  const from = base.split("/");
  const to = path.split("/");
  let common = 0;
  while (common < from.length && common < to.length && from[common] === to[common]) common += 1;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/");
}

/** All folders from `path` up to the root, `path` first. */
export function ancestors(path: string): string[] {
  const chain = [path];
  for (let next = dirname(path); next !== chain.at(-1); next = dirname(next)) chain.push(next);
  return chain;
}

/** Whether `path` is `folder` or lies below it; both normalized and absolute. */
export function isInside(folder: string, path: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || folder.endsWith("/") || path[folder.length] === "/";
}
