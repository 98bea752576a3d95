import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { cacheRun, cacheRunWith } from "./cache-runs";

const TASK = `
  [tasks.build]
  cmd = "cat in.txt > out.txt"
  inputs = ["in.txt"]
  outputs = ["out.txt"]
  cache = true
`;

/** A cache in memory, of the HTTP protocol, which says how many names it has. */
function startStore() {
  const files = new Map<string, ArrayBuffer>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "PUT") files.set(pathname, await request.arrayBuffer());
      const body = files.get(pathname);
      if (body === undefined) return new Response(null, { status: 404 });
      return new Response(request.method === "GET" ? body : null);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    size: () => files.size,
    forget: () => files.clear(),
    [Symbol.dispose]: () => void server.stop(true),
  };
}

test("a cache that --cache does not name is off: where only the remote one is, results of this machine are not used", async () => {
  using store = startStore();
  await using project = await makeProject({
    "zr.toml": `${TASK}\n[cache.remote]\ntype = "http"\nurl = "${store.url}"`,
    "in.txt": "text",
  });
  expect((await cacheRun(project, "build", "--cache=local")).states).toEqual({ build: "success" });
  expect(store.size()).toBe(0);
  expect((await cacheRun(project, "build", "--cache=remote")).states).toEqual({ build: "success" });
  expect(store.size()).toBeGreaterThan(0);
  expect((await cacheRun(project, "build", "--cache=remote")).states).toEqual({ build: "cached" });
  project.remove("out.txt");
  expect((await cacheRun(project, "build", "--cache=local:w,remote:r")).states).toEqual({ build: "cached" });
  expect(project.read("out.txt")).toBe("text");
  store.forget();
  expect((await cacheRun(project, "build", "--cache=remote:r")).states).toEqual({ build: "success" });
  expect((await cacheRun(project, "build")).states).toEqual({ build: "cached" });
});

test("where --cache names only a remote cache and there is none, nothing is looked up and nothing stored", async () => {
  await using project = await makeProject({ "zr.toml": TASK, "in.txt": "text" });
  expect((await cacheRun(project, "build", "--cache=remote")).states).toEqual({ build: "success" });
  expect((await cacheRun(project, "build")).states).toEqual({ build: "success" });
  expect((await cacheRun(project, "build", "--cache=remote")).states).toEqual({ build: "success" });
  expect((await cacheRunWith(project, {}, "build")).states).toEqual({ build: "cached" });
});
