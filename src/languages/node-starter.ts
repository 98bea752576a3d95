import type { FolderFiles } from "./folder-view";
import type { LanguageStarter, StarterPackage, StarterTask, WantedTool } from "./language-provider";
import { inputsWith, toolVersions, WHY_LOOKS_CACHED } from "./language-starter";
import { tableAt, textAt } from "#base/value-at";
import { useOfScript } from "./node-commands";
import type { CommandUse } from "./node-commands";

const MANIFEST = "package.json";
const SERVER_NAMES = /^(?:dev|serve|start|watch|preview)(?::|$)/;
const ALIASES: Readonly<Record<string, string>> = {
  format: "fmt",
  "type-check": "typecheck",
  "check-types": "typecheck",
};

/** What a written configuration says of the scripts of a package.json. */
export const nodeStarter: LanguageStarter = {
  reads: [
    "tsconfig*.json",
    "{vite,next,astro,nuxt,tsup,tsdown,build,vue}.config.*",
    ".nvmrc",
    ".node-version",
    ".tool-versions",
  ],
  globalInputs: [
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    ".npmrc",
    "tsconfig*.json",
    "eslint.config.*",
    ".eslintrc*",
    ".prettierrc*",
    "prettier.config.*",
    "biome.json*",
    "babel.config.*",
    "jest.config.*",
    "vitest.config.*",
  ],
  task,
  tools,
};

function task(inferred: StarterTask, pkg: StarterPackage): StarterTask {
  const scripts = tableAt(pkg.folder.value(MANIFEST), "scripts");
  const { name } = inferred;
  const use = useOfScript(name, scripts, pkg.folder);
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  const table = {
    ...inferred.table,
    ...(alias === undefined || Object.hasOwn(scripts, alias) ? {} : { aliases: [alias] }),
  };
  return advised({ ...inferred, table }, use, pkg);
}

function advised(inferred: StarterTask, use: CommandUse, pkg: StarterPackage): StarterTask {
  const { name, table } = inferred;
  const told = (...why: readonly string[]): readonly string[] => [...inferred.why, ...why];
  switch (use.kind) {
    case "pure": {
      const isBuild = use.outputs.length > 0;
      // What a package uses of others is made first; it reads the sources of those that make nothing.
      const deps = pkg.hasBuildsBefore ? { deps: ["^build"] } : {};
      const made = name === "build" || use.tests !== true ? [] : builtFolders(pkg.folder);
      const { inputs } = inputsWith(pkg);
      return {
        name,
        table: {
          ...table,
          ...deps,
          cache: true,
          ...(inputs === undefined && made.length === 0
            ? {}
            : { inputs: [...(inputs ?? ["$default"]), ...made] }),
          ...(isBuild ? { outputs: [...use.outputs] } : {}),
          ...(use.env === undefined ? {} : { env_inputs: [...use.env] }),
        },
        why: told(
          use.tests === true
            ? "Not run again as long as no file changes."
            : isBuild
              ? "Kept as long as no file of the package changes; `outputs` is what the script makes."
              : WHY_LOOKS_CACHED,
          ...(use.tests === true ? ["Take `cache` out where the tests ask a network or a database."] : []),
          ...(made.length === 0
            ? []
            : ["What `build` makes is among the inputs, in case the script uses it."]),
          ...sourcesTold(pkg),
        ),
      };
    }
    case "serves":
      return { name, table: { ...table, persistent: true }, why: told("Runs until it is stopped.") };
    case "writes":
      return { name, table, why: told("Not cached: it changes sources.") };
    case "outside":
      return { name, table, why: told("Not cached: it needs more than files.") };
    case "cleans":
      return { name, table, why: told() };
    case "unknown":
      return SERVER_NAMES.test(name)
        ? {
            name,
            table: { ...table, persistent: true },
            why: told("Taken for a server by its name; where it ends by itself, take `persistent` out."),
          }
        : { name, table, why: told(`Not cached: ${use.why}.`) };
  }
}

/** What the package's own `build` makes: git ignores it, so that it would not count by itself. */
function builtFolders(folder: FolderFiles): readonly string[] {
  const use = useOfScript("build", tableAt(folder.value(MANIFEST), "scripts"), folder);
  return use.kind === "pure" ? use.outputs.filter((glob) => !glob.startsWith("!")) : [];
}

const sourcesTold = ({ sourcesOf, folder, root }: StarterPackage): readonly string[] =>
  sourcesOf.length === 0
    ? []
    : folder.dir === root.dir
      ? ["The files of packages below count only where `inputs` names them."]
      : ["The packages among the inputs have no build: their sources are used as they are."];

/** Versions that are pinned. What a manifest says of versions that would do pins none. */
function tools(folder: FolderFiles): readonly WantedTool[] {
  const found: WantedTool[] = [];
  for (const from of [".nvmrc", ".node-version"]) {
    const version = /^v?(\d+(?:\.\d+){0,2})$/.exec((folder.text(from) ?? "").trim())?.[1];
    if (version !== undefined) found.push({ name: "node", version, from });
  }
  found.push(...toolVersions(folder, { nodejs: "node", node: "node", bun: "bun", pnpm: "npm:pnpm" }));
  const manifest = folder.value(MANIFEST);
  const pinned = textAt(manifest, "volta", "node");
  if (pinned !== undefined) found.push({ name: "node", version: pinned, from: MANIFEST });
  return found;
}
