import { expect, test } from "bun:test";
import { discoverPackages } from "./discover-packages";
import type { DiscoveryRequest, RepositoryReader } from "./discover-packages";
import { languageProviders } from "./index";

/** A repository in memory that counts what is asked of it. */
class CountingReader implements RepositoryReader {
  readonly searches: string[] = [];
  readonly reads: string[] = [];
  readonly #files: Readonly<Record<string, string>>;

  constructor(files: Readonly<Record<string, string>>) {
    this.#files = files;
  }

  find = (pattern: string, folder: string, skipped: ReadonlySet<string>): Promise<readonly string[]> => {
    this.searches.push(`${folder} ${pattern}`);
    const glob = new Bun.Glob(pattern);
    return Promise.resolve(
      Object.keys(this.#files).filter(
        (path) =>
          path.startsWith(`${folder}/`) &&
          glob.match(path.slice(folder.length + 1)) &&
          !path.split("/").some((part) => skipped.has(part)),
      ),
    );
  };

  readText = (path: string): Promise<string | undefined> => {
    this.reads.push(path);
    return Promise.resolve(this.#files[path]);
  };
}

const request = (lists: readonly string[], more: Partial<DiscoveryRequest> = {}): DiscoveryRequest => ({
  root: "/w",
  providers: languageProviders,
  lists: [{ base: "/w", folders: lists }],
  ignore: [],
  infersRootTasks: true,
  ...more,
});

const COUNT = 1000;

test("a thousand packages take one search for their glob, however many list it, and one read for each manifest", async () => {
  const files: Record<string, string> = {
    "/w/package.json": '{ "workspaces": ["packages/*"] }',
    "/w/pnpm-workspace.yaml": "packages: ['packages/*']",
    "/w/Cargo.toml": '[workspace]\nmembers = ["packages/*"]',
  };
  for (let index = 0; index < COUNT; index += 1) {
    const dependencies = index === 0 ? {} : { [`p${index - 1}`]: "workspace:*" };
    files[`/w/packages/p${index}/package.json`] = JSON.stringify({ name: `p${index}`, dependencies });
    files[`/w/packages/p${index}/yarn.lock`] = "never read";
  }
  const reader = new CountingReader(files);
  const { packages } = await discoverPackages(request(["packages/*"]), reader);
  expect(packages.size).toBe(COUNT + 1);
  expect(packages.get("/w/packages/p999")?.edges.map(({ on }) => on)).toEqual(["/w/packages/p998"]);
  expect(reader.searches).toHaveLength(2);
  expect(reader.reads).toHaveLength(COUNT + 3);
  expect(new Set(reader.reads).size).toBe(COUNT + 3);
});

test("a folder of several languages is one package, named by the first that has a name", async () => {
  const reader = new CountingReader({
    "/w/a/package.json": '{ "scripts": { "build": "x", "test": "y" } }',
    "/w/a/Cargo.toml": '[package]\nname = "native"\nversion = "2.0.0"',
    "/w/b/Cargo.toml": '[package]\nname = "b"\n[dependencies]\nnative = { path = "../a" }',
  });
  const { packages } = await discoverPackages(request(["*"]), reader);
  const both = packages.get("/w/a");
  expect([both?.name, both?.version]).toEqual(["native", "2.0.0"]);
  expect(both?.tasks.map(({ name, inferredFrom }) => `${name} ${inferredFrom}`)).toEqual([
    "build package.json",
    "test package.json",
    "check Cargo.toml",
    "clippy Cargo.toml",
    "fmt Cargo.toml",
  ]);
  expect(packages.get("/w/b")?.edges.map(({ on }) => on)).toEqual(["/w/a"]);
});

test("the same name in two languages does not lead from one to the other", async () => {
  const reader = new CountingReader({
    "/w/js/package.json": '{ "name": "x" }',
    "/w/web/package.json": '{ "name": "web", "dependencies": { "y": "*" } }',
    "/w/go/go.mod": "module y\n",
  });
  const { packages } = await discoverPackages(request(["*"]), reader);
  expect(packages.get("/w/web")?.edges).toEqual([]);
});

test.each([
  [["*", "!b"], [], ["/w/a"]],
  [["*"], ["b"], ["/w/a"]],
  [["*"], ["a/**"], ["/w/b"]],
  [["a", "./b/"], [], ["/w/a", "/w/b"]],
  [["//b"], [], ["/w/b"]],
  [["../w/a", "../outside", "/elsewhere"], [], ["/w/a"]],
] as const)("the list %p without %p gives %p", async (lists, ignore, expected) => {
  const reader = new CountingReader({
    "/w/a/package.json": "{}",
    "/w/b/package.json": "{}",
    "/outside/package.json": "{}",
    "/elsewhere/package.json": "{}",
  });
  const { packages } = await discoverPackages(request(lists, { ignore }), reader);
  expect([...packages.keys()].filter((dir) => dir !== "/w")).toEqual([...expected]);
});

test("keys of manifests that mean something to JavaScript are names like others", async () => {
  const reader = new CountingReader({
    "/w/a/package.json":
      '{ "name": "__proto__", "scripts": { "__proto__": "x", "constructor": "y" }, "dependencies": { "toString": "*", "constructor": "workspace:*" } }',
    "/w/b/package.json": '{ "name": "constructor", "dependencies": { "__proto__": "*" } }',
  });
  const { packages } = await discoverPackages(request(["*"]), reader);
  expect(packages.get("/w/a")?.tasks.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
  expect(packages.get("/w/a")?.edges.map(({ on }) => on)).toEqual(["/w/b"]);
  expect(packages.get("/w/b")?.edges.map(({ on }) => on)).toEqual(["/w/a"]);
});
