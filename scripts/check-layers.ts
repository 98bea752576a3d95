/**
 * Checks that imports only go to the left: base ◄ system ◄ core ◄ { languages, engine } ◄ app ◄ server ◄ frontends ◄
 * main, that edges between the folders of one room are declared below, and that files form no cycle, type imports
 * included. Tests may import any room; everything else holds for them too.
 */
import { importedPath, importsOf, isWorkshop, type Import } from "./imports";
import { isTest, isTypeScript, type SourceFile, type Violation } from "./source-files";

/** What each room of `src/` may import besides itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  libraries: [],
  system: ["base", "libraries"],
  core: ["base", "system"],
  languages: ["base", "system", "core"],
  engine: ["base", "system", "core"],
  app: ["base", "system", "core", "languages", "engine"],
  server: ["base", "system", "core", "languages", "engine", "app"],
  frontends: ["base", "libraries", "system", "core", "languages", "engine", "app", "server"],
  main: ["base", "system", "core", "languages", "engine", "app", "server", "frontends"],
};

/** Rooms whose folders may import only the named folders beside them. Rooms not named here are free inside. */
const SIDEWAYS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  core: {
    model: [],
    expr: ["model"],
    config: ["model", "expr"],
    graph: ["model", "expr", "config"],
    workspace: ["model", "expr", "config", "graph"],
    plan: ["model", "expr", "config", "graph", "workspace"],
    watch: ["model", "expr", "config", "workspace"],
    cache: ["model", "config", "workspace", "watch"],
    affected: ["model", "config", "watch", "workspace"],
    migrate: ["model", "expr", "config", "cache", "watch"],
    scaffold: ["model", "config"],
    ci: [],
    ask: ["model", "expr", "config", "graph", "workspace"],
    toolchain: ["expr", "config"],
    onboard: ["config"],
    editor: ["model", "expr", "config", "workspace", "plan"],
  },
  engine: {
    exec: ["affected", "artifacts", "cache", "env", "remote"],
    affected: [],
    artifacts: [],
    remote: ["env"],
    cache: ["watch"],
    env: [],
    toolchain: [],
    watch: [],
    history: ["env"],
    services: ["env"],
    sessions: ["services"],
    multirepo: [],
    release: ["toolchain", "env"],
    onboard: ["toolchain", "env"],
    plugins: [],
  },
  frontends: {
    output: [],
    pages: ["output"],
    cli: ["output", "tui", "pages", "mcp", "lsp"],
    tui: ["output"],
    lsp: [],
    mcp: [],
  },
};

/** The only file that may take from the scripts: texts, which macros make when the program is built. */
const MACRO_DOOR = "src/frontends/pages/page-assets.ts";

/** The only files that may reach into the server room, and only by `import()`. */
const SERVER_DOORS = /^src\/frontends\/cli\/commands\/(serve|runner)\.ts$/;

interface Edge {
  readonly file: SourceFile;
  readonly target: string;
  readonly item: Import;
}

interface Rule {
  readonly name: string;
  readonly reason: string;
  /** True when the import breaks the rule. `target` is undefined for packages and built-in modules. */
  readonly isBrokenBy: (file: SourceFile, item: Import, target: string | undefined) => boolean;
}

const RULES: readonly Rule[] = [
  {
    name: "no-parent-import",
    reason: "write #room/… instead of a path through a parent folder",
    isBrokenBy: (_file, item) => /^\.\.?$|^\.\.\/|\/\.\.\//.test(item.specifier),
  },
  {
    name: "no-extension",
    reason: "modules are imported without their ending",
    isBrokenBy: (_file, item) => /^[.#].*\.(ts|tsx|js)$/.test(item.specifier),
  },
  {
    name: "known-room",
    reason: "there is no such room",
    isBrokenBy: (_file, item) => {
      const room = /^#([^/]+)/.exec(item.specifier)?.[1];
      return room !== undefined && !isWorkshop(room) && (room === "main" || !(room in ROOMS));
    },
  },
  {
    name: "outside-world",
    reason: "only src/system touches node:*, bun:* and bun",
    isBrokenBy: (file, item) =>
      roomOf(file.path) !== undefined &&
      roomOf(file.path) !== "system" &&
      !isTest(file.path) &&
      /^(node:|bun:|bun$)/.test(item.specifier),
  },
  {
    name: "leftward",
    reason: "imports go leftward: base ◄ system ◄ core ◄ languages, engine ◄ app ◄ server ◄ frontends ◄ main",
    isBrokenBy: (file, _item, target) => {
      const [from, to] = [roomOf(file.path), target === undefined ? undefined : roomOf(target)];
      if (from === undefined || to === undefined || from === to || isTest(file.path) || !(to in ROOMS))
        return false;
      return ROOMS[from]?.includes(to) !== true;
    },
  },
  {
    name: "core-is-pure",
    reason: "core takes only types of src/system: write `import type`",
    isBrokenBy: (file, item, target) =>
      roomOf(file.path) === "core" &&
      !isTest(file.path) &&
      !item.isTypeOnly &&
      roomOf(target ?? "") === "system",
  },
  {
    name: "declared-sideways",
    reason: "this edge between folders of one room is not declared in scripts/check-layers.ts",
    isBrokenBy: (file, _item, target) => !isTest(file.path) && isUndeclaredSideways(file.path, target ?? ""),
  },
  {
    name: "server-door",
    reason: "the server is reached only by import() from the commands that serve and run work",
    isBrokenBy: (file, item, target) =>
      roomOf(file.path) === "frontends" &&
      roomOf(target ?? "") === "server" &&
      !isTest(file.path) &&
      !(SERVER_DOORS.test(file.path) && (item.isDynamic || item.isTypeOnly)),
  },
  {
    name: "private-file",
    reason: "a file that starts with _ belongs to its folder",
    isBrokenBy: (file, _item, target) =>
      target !== undefined && /\/_[^/]*$/.test(target) && folderOf(target) !== folderOf(file.path),
  },
  {
    name: "no-test-import",
    reason: "the product imports neither its tests nor its scripts",
    isBrokenBy: (file, _item, target) =>
      target !== undefined &&
      roomOf(file.path) !== undefined &&
      !isTest(file.path) &&
      (isTest(target) || (target.startsWith("scripts/") && file.path !== MACRO_DOOR)),
  },
];

/** Applies every rule to every import, then looks for cycles and for imports that lead nowhere. */
export function checkLayers(files: readonly SourceFile[]): readonly Violation[] {
  const sources = files.filter((file) => isTypeScript(file.path));
  const paths = new Set(files.map((file) => file.path));
  const violations: Violation[] = [];
  const edges: Edge[] = [];
  for (const file of sources) {
    for (const item of importsOf(file)) {
      const target = importedPath(file.path, item.specifier);
      const at = { path: file.path, line: item.line };
      const broken = RULES.filter((rule) => rule.isBrokenBy(file, item, target));
      for (const { name, reason } of broken) {
        violations.push({ ...at, rule: name, reason: `${item.specifier}: ${reason}` });
      }
      const found = target === undefined ? undefined : [target, `${target}x`].find((path) => paths.has(path));
      if (found !== undefined) edges.push({ file, target: found, item });
      else if (target !== undefined && broken.length === 0) {
        violations.push({
          ...at,
          rule: "no-such-file",
          reason: `${item.specifier}: there is no file ${target}`,
        });
      }
    }
  }
  return [...violations, ...cycles(edges)];
}

/** One violation per cycle, at the import that closes it, with the whole way round. */
function cycles(edges: readonly Edge[]): readonly Violation[] {
  const outgoing = Map.groupBy(edges, (edge) => edge.file.path);
  const finished = new Set<string>();
  const trail: string[] = [];
  const violations: Violation[] = [];
  const visit = (path: string) => {
    trail.push(path);
    for (const edge of outgoing.get(path) ?? []) {
      const start = trail.indexOf(edge.target);
      if (start !== -1) {
        const way = [...trail.slice(start), edge.target].join(" → ");
        violations.push({
          path,
          line: edge.item.line,
          rule: "no-cycle",
          reason: `files import each other: ${way}`,
        });
      } else if (!finished.has(edge.target)) visit(edge.target);
    }
    trail.pop();
    finished.add(path);
  };
  for (const path of outgoing.keys()) if (!finished.has(path)) visit(path);
  return violations;
}

function isUndeclaredSideways(from: string, to: string): boolean {
  const room = roomOf(from);
  if (room === undefined || room !== roomOf(to)) return false;
  const [fromFolder, toFolder] = [domainOf(from), domainOf(to)];
  const declared = SIDEWAYS[room];
  if (declared === undefined || fromFolder === undefined || toFolder === undefined) return false;
  return fromFolder !== toFolder && declared[fromFolder]?.includes(toFolder) !== true;
}

function roomOf(path: string): string | undefined {
  if (/^src\/(main|worker)\.ts$/.test(path)) return "main";
  const room = /^src\/([^/]+)\//.exec(path)?.[1];
  return room;
}

function domainOf(path: string): string | undefined {
  return /^src\/[^/]+\/([^/]+)\//.exec(path)?.[1];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
