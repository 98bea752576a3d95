import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { buildSite, hasGenerator } from "#scripts/documentation/site";

/** The site in a folder of its own, and on a server of its own. */
export interface BuiltSite extends AsyncDisposable {
  readonly folder: string;
  /** Address of the server, without a `/` at the end. */
  readonly address: string;
  /** Paths of its pages, `index.html` and so on. */
  readonly pages: readonly string[];
}

/** Why the site can't be built here; undefined where it can. Tests do not reach for the network. */
export const noGenerator = (await hasGenerator()) ? undefined : "it needs ./scripts/site --install";

/** Where on its server the tests have the site: not at the top, as on the pages of a forge. */
export const BASE = "/docs/";

/** Builds the site and serves it. Throws what the generator said where it fails. */
export async function builtSite(): Promise<BuiltSite> {
  const root = await mkdtemp(join(tmpdir(), "zr-site-"));
  const folder = join(root, "site");
  const problem = await buildSite(folder, BASE);
  if (problem !== undefined) throw new Error(problem);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      const path = decodeURIComponent(new URL(request.url).pathname);
      const file = Bun.file(join(folder, normalize(path.slice(BASE.length) || "index.html")));
      return path.startsWith(BASE) && (await file.exists())
        ? new Response(file)
        : new Response("", { status: 404 });
    },
  });
  const pages = (await Array.fromAsync(new Bun.Glob("*.html").scan(folder))).toSorted();
  return {
    folder,
    address: `http://127.0.0.1:${server.port}`,
    pages,
    [Symbol.asyncDispose]: async () => {
      await server.stop(true);
      await rm(root, { recursive: true, force: true });
    },
  };
}
