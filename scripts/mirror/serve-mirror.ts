import { statSync } from "node:fs";
import { join, normalize } from "node:path";

export interface MirrorServer extends Disposable {
  /** Without a slash at the end; a tool's site is below it by the tool's name. */
  readonly url: string;
  /** Paths that have been asked for, first to last. */
  readonly asked: readonly string[];
}

/** Serves a mirror on this machine, at any free port. A folder's list is its `index.json`. */
export function serveMirror(folder: string): MirrorServer {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      const path = [pathname, decodeURIComponent(pathname)]
        .map((name) => join(folder, normalize(name)))
        .map(fileAt)
        .find((found) => found !== undefined);
      return path === undefined ? new Response("not found", { status: 404 }) : new Response(Bun.file(path));
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, asked, [Symbol.dispose]: () => void server.stop(true) };
}

function fileAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return path;
  const list = join(path, "index.json");
  return found?.isDirectory() === true && statSync(list, { throwIfNoEntry: false }) !== undefined
    ? list
    : undefined;
}

/** The variables by which zr takes all tools of the mirror from there. */
export const mirrorVariables = (url: string, tools: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tools.map((name) => [`ZR_MIRROR_${name.toUpperCase()}`, `${url}/${name}`]));
