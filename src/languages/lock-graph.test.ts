import { expect, test } from "bun:test";
import { lockFormat } from "./lock-formats";
import { changedMembers } from "./lock-graph";
import type { LockMember } from "./lock-graph";
import { pruneLock } from "./prune-lock";

const manifest = (table: object): string => JSON.stringify(table);

/** The members that a change of a lock file affects; `all` where it can't be told. */
function changed(
  name: string,
  [before, after]: readonly [string, string],
  members: readonly LockMember[] = [],
): readonly string[] | "all" | "unreadable" {
  const format = lockFormat(name);
  const graphs = [format?.read(before, members), format?.read(after, members)] as const;
  if (graphs[0] === undefined || graphs[1] === undefined) return "unreadable";
  const found = changedMembers(graphs[0], graphs[1]);
  return found === undefined ? "all" : [...found].sort();
}

/** `app` needs `left`, which needs `deep`; `lib` needs `right`. */
const LOCKS: Readonly<Record<string, { readonly text: string; readonly members?: readonly LockMember[] }>> = {
  "package-lock.json": {
    text: JSON.stringify({
      lockfileVersion: 3,
      packages: {
        "": { workspaces: ["app", "lib"] },
        app: { version: "1.0.0", dependencies: { left: "^1.0.0", lib: "*" } },
        lib: { version: "1.0.0", devDependencies: { right: "^1.0.0" } },
        "node_modules/app": { resolved: "app", link: true },
        "node_modules/lib": { resolved: "lib", link: true },
        "node_modules/left": { version: "1.0.0", dependencies: { deep: "1" } },
        "node_modules/left/node_modules/deep": { version: "DEEP" },
        "node_modules/deep": { version: "9.9.9" },
        "node_modules/right": { version: "RIGHT" },
      },
    }),
  },
  "pnpm-lock.yaml": {
    text: `lockfileVersion: '9.0'
settings:
  autoInstallPeers: true
importers:
  .: {}
  app:
    dependencies:
      left:
        specifier: ^1.0.0
        version: 1.0.0(peer@2.0.0)
      lib:
        specifier: workspace:*
        version: link:../lib
  lib:
    devDependencies:
      right:
        specifier: ^1.0.0
        version: RIGHT
packages:
  left@1.0.0:
    resolution: {integrity: sha512-x}
  deep@DEEP:
    resolution: {integrity: sha512-d}
  right@RIGHT:
    resolution: {integrity: sha512-r}
snapshots:
  left@1.0.0(peer@2.0.0):
    dependencies:
      deep: DEEP
  deep@DEEP: {}
  right@RIGHT: {}
`,
  },
  "yarn.lock": {
    text: `# yarn lockfile v1


deep@1:
  version "DEEP"
  resolved "x"

left@^1.0.0, "left@>=1":
  version "1.0.0"
  dependencies:
    deep "1"

right@^1.0.0:
  version "RIGHT"
`,
    members: [
      { path: ".", manifest: manifest({}) },
      { path: "app", manifest: manifest({ dependencies: { left: "^1.0.0", lib: "*" } }) },
      { path: "lib", manifest: manifest({ devDependencies: { right: "^1.0.0" } }) },
    ],
  },
  "bun.lock": {
    text: `{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "root", },
    "app": { "name": "@my/app", "dependencies": { "left": "^1.0.0", "@my/lib": "workspace:*", }, },
    "lib": { "name": "@my/lib", "devDependencies": { "right": "^1.0.0", }, },
  },
  "packages": {
    "@my/app": ["@my/app@workspace:app"],
    "@my/lib": ["@my/lib@workspace:lib"],
    "left": ["left@1.0.0", "", { "dependencies": { "deep": "1" } }, "sha512-x"],
    "left/deep": ["deep@DEEP", "", {}, "sha512-d"],
    "deep": ["deep@9.9.9", "", {}, "sha512-e"],
    "right": ["right@RIGHT", "", {}, "sha512-r"],
  }
}
`,
  },
  "Cargo.lock": {
    text: `version = 3
[[package]]
name = "my-app"
version = "0.1.0"
dependencies = ["left", "my-lib"]
[[package]]
name = "my-lib"
version = "0.1.0"
dependencies = ["right"]
[[package]]
name = "left"
version = "1.0.0"
source = "registry+x"
checksum = "l"
dependencies = ["deep"]
[[package]]
name = "deep"
version = "DEEP"
source = "registry+x"
[[package]]
name = "right"
version = "RIGHT"
source = "registry+x"
`,
    members: [
      { path: ".", manifest: "[workspace]\n" },
      { path: "app", manifest: '[package]\nname = "my-app"\n' },
      { path: "lib", manifest: '[package]\nname = "my-lib"\n' },
    ],
  },
};

test.each(Object.entries(LOCKS))(
  "%s: a change reaches the members that need what changed, and no others",
  (name, { text, members }) => {
    const against = (after: string): ReturnType<typeof changed> => changed(name, [text, after], members);
    expect(against(text)).toEqual([]);
    expect(against(text.replaceAll("DEEP", "1.0.1"))).toEqual(["app"]);
    expect(against(text.replaceAll("RIGHT", "1.0.1"))).toEqual(["lib"]);
    expect(against(text.replaceAll("DEEP", "1.0.1").replaceAll("RIGHT", "1.0.1"))).toEqual(["app", "lib"]);
  },
);

test("a catalog says nothing by itself: who uses it has another version", () => {
  const pnpm = `lockfileVersion: '9.0'
catalogs:
  default:
    left:
      specifier: ^1.0.0
      version: LEFT
importers:
  app:
    dependencies:
      left:
        specifier: 'catalog:'
        version: LEFT
  lib: {}
packages:
  left@LEFT: {}
snapshots:
  left@LEFT: {}
`;
  expect(changed("pnpm-lock.yaml", [pnpm, pnpm.replaceAll("LEFT", "1.0.1")])).toEqual(["app"]);
  const bun = `{ "lockfileVersion": 1, "catalog": { "left": "LEFT" }, "catalogs": { "old": { "right": "LEFT" } },
    "workspaces": { "app": { "name": "app", "dependencies": { "left": "catalog:" } }, "lib": { "name": "lib" } },
    "packages": { "left": ["left@LEFT", "", {}, "x"] } }`;
  expect(changed("bun.lock", [bun, bun.replaceAll("LEFT", "1.0.1")])).toEqual(["app"]);
});

test("pnpm's own document before the one of the members counts only for what configures pnpm", () => {
  const own = `---
lockfileVersion: '9.0'
importers:
  .:
    configDependencies:
      hooks:
        specifier: HOOKS
        version: HOOKS
    packageManagerDependencies:
      pnpm:
        specifier: PNPM
        version: PNPM
packages:
  pnpm@PNPM: {}
snapshots:
  pnpm@PNPM: {}

---
`;
  const text = own + (LOCKS["pnpm-lock.yaml"]?.text ?? "");
  const against = (after: string) => changed("pnpm-lock.yaml", [text, after]);
  expect(against(text)).toEqual([]);
  expect(against(text.replaceAll("DEEP", "1.0.1"))).toEqual(["app"]);
  expect(against(text.replaceAll("PNPM", "11.0.1"))).toEqual([]);
  expect(against(text.replaceAll("HOOKS", "1.0.1"))).toBe("all");
  expect(against(text.slice(own.length))).toBe("all");
  const app = { path: "app", manifest: undefined };
  const pruned = pruneLock("pnpm-lock.yaml", text, { kept: [], gone: [app] }) ?? "";
  expect(pruned).toStartWith(own);
  expect([pruned.includes("deep@DEEP"), pruned.includes("right@RIGHT")]).toEqual([false, true]);
});

test("Cargo.lock: the version of a member counts, and what crates need that are no members and have no source", () => {
  const { text = "", members } = LOCKS["Cargo.lock"] ?? {};
  const bumped = text.replace('name = "my-lib"\nversion = "0.1.0"', 'name = "my-lib"\nversion = "0.2.0"');
  expect(changed("Cargo.lock", [text, bumped], members)).toEqual(["lib"]);
  const vendored = `version = 3
[[package]]
name = "my-app"
version = "0.1.0"
dependencies = ["vendored", "my-lib"]
[[package]]
name = "my-lib"
version = "0.1.0"
[[package]]
name = "vendored"
version = "1.0.0"
dependencies = ["deep"]
[[package]]
name = "deep"
version = "DEEP"
source = "registry+x"
`;
  expect(changed("Cargo.lock", [vendored, vendored.replace("DEEP", "2.0.0")], members)).toEqual(["app"]);
});

test("the order of a lock file says nothing", () => {
  const { text = "", members } = LOCKS["yarn.lock"] ?? {};
  const [head = "", ...blocks] = text.split(/\n\n+/);
  expect(changed("yarn.lock", [text, [head, ...blocks.reverse()].join("\n\n")], members)).toEqual([]);
});

test("Yarn's later form leaves out the members that stand in it", () => {
  const text = `__metadata:
  version: 8

"app@workspace:app":
  version: 0.0.0-use.local
  resolution: "app@workspace:app"
  dependencies:
    left: "npm:^1.0.0"

"lib@workspace:*, lib@workspace:lib":
  version: 0.0.0-use.local
  resolution: "lib@workspace:lib"

"left@npm:^1.0.0":
  version: 1.0.0
  resolution: "left@npm:LEFT"
`;
  const members = [
    { path: "app", manifest: manifest({ dependencies: { left: "^1.0.0", lib: "workspace:*" } }) },
    { path: "lib", manifest: manifest({}) },
  ];
  expect(changed("yarn.lock", [text, text.replace("LEFT", "1.0.1")], members)).toEqual(["app"]);
});

test("what holds for all, and what can't be read, is not told apart", () => {
  const { text = "" } = LOCKS["pnpm-lock.yaml"] ?? {};
  expect(
    changed("pnpm-lock.yaml", [text, text.replace("autoInstallPeers: true", "autoInstallPeers: false")]),
  ).toBe("all");
  expect(changed("pnpm-lock.yaml", [text, "importers: ["])).toBe("unreadable");
  expect(changed("package-lock.json", ["{", "{}"])).toBe("unreadable");
  expect(changed("package-lock.json", ['{"lockfileVersion":1,"dependencies":{}}', "{}"])).toBe("unreadable");
  expect(changed("Cargo.lock", ["version = 3", "version = 3"])).toBe("unreadable");
  expect(changed("bun.lock", ["{}", "{}"])).toBe("unreadable");
  expect(lockFormat("bun.lockb")).toBeUndefined();
});
