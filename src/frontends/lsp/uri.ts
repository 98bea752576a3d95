/** The absolute path that a `file:` URI names, with `/` between its parts; undefined for any other URI. */
export function pathOfUri(uri: string): string | undefined {
  if (!/^file:\/\//i.test(uri)) return undefined;
  try {
    const path = decodeURIComponent(new URL(uri).pathname);
    if (path.includes("\0")) return undefined;
    return /^\/[A-Za-z]:/.test(path) ? path.slice(1, 2).toUpperCase() + path.slice(2) : path;
  } catch {
    return undefined;
  }
}

export const uriOfPath = (path: string): string =>
  `file://${path.startsWith("/") ? "" : "/"}${path.split("/").map(encodeURIComponent).join("/")}`;
