import { commandList } from "#base/command-list";
import type { FolderFiles } from "./folder-view";
import { tableAt, textAt } from "#base/value-at";

/** What a command of a script does, as far as its tool is known. */
export type CommandUse =
  /** Makes exactly these files; none where it only looks. */
  | {
      readonly kind: "pure";
      readonly outputs: readonly string[];
      readonly env?: readonly string[];
      /** Whether it runs code of the package. */
      readonly tests?: true;
    }
  /** Takes away what a build makes again. */
  | { readonly kind: "cleans" }
  /** Runs until it is stopped. */
  | { readonly kind: "serves" }
  /** Changes sources. */
  | { readonly kind: "writes" }
  /** Needs more than files: a browser, a server, a network. */
  | { readonly kind: "outside" }
  | { readonly kind: "unknown"; readonly why: string };

/** Where a tool writes when nothing says otherwise, the option and the files of configuration that say otherwise. */
interface Builder {
  readonly verb?: RegExp;
  readonly folder: string;
  readonly option?: RegExp;
  readonly config?: RegExp;
  /** The key of the configuration, which has to be written out plainly. */
  readonly key?: RegExp;
  readonly env?: readonly string[];
  readonly more?: readonly string[];
  readonly serves?: RegExp;
}

const OUT_DIR = /^(?:--out-?[dD]ir|-d)(?:=(.+))?$/;

const BUILDERS: Readonly<Record<string, Builder>> = {
  vite: {
    verb: /^build$/,
    folder: "dist",
    option: OUT_DIR,
    config: /^vite\.config\./,
    key: /outDir/,
    env: ["NODE_ENV", "VITE_*"],
    serves: /^(?:dev|serve|preview|)$/,
  },
  next: {
    verb: /^build$/,
    folder: ".next",
    config: /^next\.config\./,
    key: /distDir|['"]?output['"]?\s*:\s*['"]export/,
    env: ["NODE_ENV", "NEXT_PUBLIC_*"],
    more: ["!.next/cache/**"],
    serves: /^(?:dev|start|)$/,
  },
  astro: {
    verb: /^build$/,
    folder: "dist",
    option: OUT_DIR,
    config: /^astro\.config\./,
    key: /outDir/,
    env: ["NODE_ENV", "PUBLIC_*"],
    serves: /^(?:dev|preview|start)$/,
  },
  nuxt: {
    verb: /^build$/,
    folder: ".output",
    config: /^nuxt\.config\./,
    key: /output|buildDir/,
    env: ["NODE_ENV", "NUXT_*"],
    more: [".nuxt/**"],
    serves: /^(?:dev|preview|start|)$/,
  },
  "react-scripts": {
    verb: /^build$/,
    folder: "build",
    env: ["NODE_ENV", "REACT_APP_*", "BUILD_PATH", "PUBLIC_URL"],
    serves: /^start$/,
  },
  gatsby: { verb: /^build$/, folder: "public", env: ["NODE_ENV", "GATSBY_*"], serves: /^(?:develop|serve)$/ },
  tsup: { folder: "dist", option: OUT_DIR, config: /^tsup\.config\./, key: /outDir/ },
  tsdown: { folder: "dist", option: OUT_DIR, config: /^tsdown\.config\./, key: /outDir/ },
  unbuild: { folder: "dist", config: /^build\.config\./, key: /outDir/ },
  "vue-cli-service": {
    verb: /^build$/,
    folder: "dist",
    option: /^--dest(?:=(.+))?$/,
    config: /^vue\.config\./,
    key: /outputDir/,
    env: ["NODE_ENV", "VUE_APP_*"],
    serves: /^serve$/,
  },
  ncc: { verb: /^build$/, folder: "dist", option: /^(?:-o|--out)(?:=(.+))?$/ },
  storybook: {
    verb: /^build$/,
    folder: "storybook-static",
    option: /^(?:-o|--output-dir)(?:=(.+))?$/,
    serves: /^dev$/,
  },
  nest: { verb: /^build$/, folder: "dist", config: /^tsconfig/, key: /outDir/, serves: /^start$/ },
};

/** Tools that write where an option says, and nowhere that is known without it. */
const DIRECTED: Readonly<Record<string, RegExp>> = {
  esbuild: /^--outdir=(.+)$/,
  swc: /^(?:-d|--out-dir)(?:=(.+))?$/,
  babel: /^(?:-d|--out-dir)(?:=(.+))?$/,
  rollup: /^(?:-d|--dir)(?:=(.+))?$/,
  webpack: /^(?:-o|--output-path)(?:=(.+))?$/,
  sass: /^$/,
};

/** Tools that look at files and change none, but for the options that make them write. */
const CHECKERS: Readonly<Record<string, RegExp | undefined>> = {
  eslint: /^--fix/,
  oxlint: /^--fix/,
  stylelint: /^--fix/,
  xo: /^--fix/,
  standard: /^--fix/,
  tslint: /^--fix/,
  markdownlint: /^(?:-f|--fix)/,
  "markdownlint-cli2": /^--fix/,
  "svelte-check": undefined,
  "vue-tsc": undefined,
  knip: /^--fix/,
  publint: undefined,
  attw: undefined,
  cspell: undefined,
  tsd: undefined,
};

const TESTERS = /^(?:jest|vitest|mocha|ava|tap|uvu|jasmine|tape)$/;
const SERVERS =
  /^(?:nodemon|ts-node-dev|tsnd|webpack-dev-server|http-server|serve|live-server|browser-sync|wrangler|expo|json-server|start-storybook|parcel)$/;
const OUTSIDE =
  /^(?:cypress|playwright|testcafe|wdio|nightwatch|start-server-and-test|lighthouse|lhci|docker|kubectl)$/;
const WATCHES = /^(?:--watch|--watchAll|-w|--hot|--ui|--serve)(?:=true)?$/;

/** What one command does, by its words. `folder` is that of the package. */
function useOfCommand(words: readonly string[], folder: FolderFiles): CommandUse {
  const [program = "", ...rest] = unwrapped(words);
  if (/^(?:rimraf|del-cli|mkdirp?|echo|true|:|rm)$/.test(program)) return { kind: "cleans" };
  if (program === "shx" && rest[0] === "rm") return { kind: "cleans" };
  if (rest.some((word) => /(?:^|[=/])\.\.(?:\/|$)|^\//.test(word)))
    return { kind: "unknown", why: "it names what lies outside of the package" };
  if (OUTSIDE.test(program)) return { kind: "outside" };
  if (SERVERS.test(program)) return { kind: "serves" };
  if (program !== "prettier" && rest.some((word) => WATCHES.test(word))) return { kind: "serves" };
  return useOfChecker(program, rest, folder) ?? useOfMaker({ program, rest }, folder);
}

/** Tools that look at files or run tests; undefined for others. */
function useOfChecker(program: string, rest: readonly string[], folder: FolderFiles): CommandUse | undefined {
  if (TESTERS.test(program)) return useOfTester(program, rest);
  if (program === "c8" || program === "nyc") {
    const inner = rest.filter((word) => !word.startsWith("--"));
    return withOutputs(useOfCommand(inner, folder), ["coverage/**"]);
  }
  const isTestRunner =
    (program === "node" && rest.includes("--test")) || (program === "bun" && rest[0] === "test");
  if (isTestRunner) return { kind: "pure", outputs: [], tests: true };
  if (/^(?:prettier|dprint|biome)$/.test(program)) return useOfFormatter(program, rest);
  if (!Object.hasOwn(CHECKERS, program)) return undefined;
  const fixes = CHECKERS[program];
  return rest.some((word) => fixes?.test(word)) ? { kind: "writes" } : { kind: "pure", outputs: [] };
}

interface Invocation {
  readonly program: string;
  readonly rest: readonly string[];
}

/** Tools that make files. */
function useOfMaker(invocation: Invocation, folder: FolderFiles): CommandUse {
  const { program, rest } = invocation;
  if (program === "tsc") return useOfTsc(rest, folder);
  const directed = Object.hasOwn(DIRECTED, program) ? DIRECTED[program] : undefined;
  if (directed !== undefined) {
    const target = optionValue(rest, directed);
    return target === undefined || !isFolder(target)
      ? { kind: "unknown", why: `where ${program} writes stands in its configuration` }
      : { kind: "pure", outputs: [`${target}/**`] };
  }
  const builder = Object.hasOwn(BUILDERS, program) ? BUILDERS[program] : undefined;
  if (builder !== undefined) return useOfBuilder(invocation, builder, folder);
  return {
    kind: "unknown",
    why: program === "" ? "it is no plain command" : `what ${program} reads and makes is not known`,
  };
}

/** Words without what only starts the program behind them or sets variables for it. */
function unwrapped(words: readonly string[]): readonly string[] {
  let at = 0;
  for (;;) {
    const word = words[at] ?? "";
    const next = words[at + 1] ?? "";
    if (
      /^[A-Za-z_]\w*=/.test(word) ||
      ["cross-env", "cross-env-shell", "env", "npx", "bunx", "pnpx"].includes(word)
    )
      at += 1;
    else if ((word === "pnpm" || word === "yarn" || word === "npm") && (next === "exec" || next === "dlx"))
      at += 2;
    else if ((word === "--yes" || word === "-y" || word === "--no-install" || word === "--") && at > 0)
      at += 1;
    else break;
  }
  const program = (words[at] ?? "").replace(/^(?:\.\/)?node_modules\/\.bin\//, "");
  return [program, ...words.slice(at + 1)];
}

function useOfBuilder({ program, rest }: Invocation, builder: Builder, folder: FolderFiles): CommandUse {
  const verb = rest[0]?.startsWith("-") === false ? rest[0] : "";
  if (builder.serves?.test(verb) === true && builder.verb?.test(verb) !== true) return { kind: "serves" };
  if (builder.verb !== undefined && !builder.verb.test(verb))
    return { kind: "unknown", why: `what '${program} ${verb}' reads and makes is not known` };
  const given = builder.option === undefined ? undefined : optionValue(rest, builder.option);
  const target = given ?? configured(builder, folder) ?? builder.folder;
  if (!isFolder(target) || rest.includes("--config"))
    return { kind: "unknown", why: `where ${program} writes stands in its configuration` };
  const isOwn = target === builder.folder;
  return {
    kind: "pure",
    outputs: [`${target}/**`, ...(isOwn ? (builder.more ?? []) : [])],
    ...(builder.env === undefined ? {} : { env: builder.env }),
  };
}

/** The folder that a file of configuration writes out; "" where it says it in a way that can't be read. */
function configured({ config, key }: Builder, folder: FolderFiles): string | undefined {
  if (config === undefined || key === undefined) return undefined;
  for (const name of folder.names) {
    if (!config.test(name)) continue;
    const text = folder.text(name) ?? "";
    if (!key.test(text)) continue;
    return new RegExp(`(?:${key.source})["']?\\s*:\\s*["']([^"'\\n]+)["']`).exec(text)?.[1] ?? "";
  }
  return undefined;
}

function useOfTester(program: string, rest: readonly string[]): CommandUse {
  if (program === "vitest" && /^(?:dev|watch)$/.test(rest[0] ?? "")) return { kind: "serves" };
  if (rest.some((word) => /^(?:-u|--update(?:-?[sS]napshots?)?|--bail-and-fix)$/.test(word)))
    return { kind: "writes" };
  const outputs = rest.some((word) => word.startsWith("--coverage")) ? ["coverage/**"] : [];
  return { kind: "pure", outputs, tests: true };
}

function useOfFormatter(program: string, rest: readonly string[]): CommandUse {
  if (program === "prettier")
    return rest.some((word) => /^(?:--check|-c|--list-different|-l)$/.test(word)) &&
      !rest.some((word) => /^(?:--write|-w)$/.test(word))
      ? { kind: "pure", outputs: [] }
      : { kind: "writes" };
  if (rest.some((word) => /^(?:--write|--fix|--apply|--apply-unsafe|--unsafe)$/.test(word)))
    return { kind: "writes" };
  const [verb = ""] = rest;
  const looks = program === "dprint" ? verb === "check" : /^(?:check|lint|ci|format)$/.test(verb);
  return looks ? { kind: "pure", outputs: [] } : { kind: "writes" };
}

/** The compiler writes to `outDir`, and next to the sources where there is none. */
function useOfTsc(rest: readonly string[], folder: FolderFiles): CommandUse {
  const unknown = (why: string): CommandUse => ({ kind: "unknown", why });
  if (rest.some((word) => /^(?:--noEmit|--showConfig|--version|-v)$/.test(word)))
    return { kind: "pure", outputs: [] };
  if (rest.some((word) => /^(?:-b|--build|--init)$/.test(word)))
    return unknown("'tsc --build' writes where each of its projects says");
  const project = projectFile(optionValue(rest, /^(?:-p|--project)(?:=(.+))?$/) ?? ".");
  const options = compilerOptions(folder, project);
  if (options === undefined) return unknown(`${project} can't be read`);
  if (options["noEmit"] === true) return { kind: "pure", outputs: [] };
  const given = optionValue(rest, /^--outDir(?:=(.+))?$/) ?? textAt(options, "outDir");
  if (given === undefined) return unknown("no outDir says where tsc writes");
  if (!isFolder(given)) return unknown(`tsc writes to ${given}`);
  const isIncremental = options["incremental"] === true || options["composite"] === true;
  return {
    kind: "pure",
    outputs: [`${cleanPath(given)}/**`, ...(isIncremental ? ["*.tsbuildinfo"] : [])],
  };
}

/** The file that `--project` means, which may name its folder. */
const projectFile = (project: string): string =>
  cleanPath(project.endsWith(".json") ? project : `${project.replace(/\/+$/, "")}/tsconfig.json`);

/** The options of a tsconfig and of the files beside it that it extends; undefined where one can't be read. */
function compilerOptions(
  folder: FolderFiles,
  name: string,
  depth = 0,
): Readonly<Record<string, unknown>> | undefined {
  const text = folder.text(name.replace(/^\.\//, ""));
  if (text === undefined || depth > 8) return undefined;
  let value: unknown;
  try {
    value = Bun.JSONC.parse(text);
  } catch {
    return undefined;
  }
  const base = textAt(value, "extends");
  const inherited =
    base === undefined
      ? {}
      : /^\.\/[^/]+$/.test(base)
        ? compilerOptions(folder, base.endsWith(".json") ? base : `${base}.json`, depth + 1)
        : {};
  return inherited === undefined ? undefined : { ...inherited, ...tableAt(value, "compilerOptions") };
}

/** The value of an option, behind `=` or as the next word. */
function optionValue(words: readonly string[], option: RegExp): string | undefined {
  for (const [index, word] of words.entries()) {
    const match = option.exec(word);
    if (match !== null) return match[1] ?? words[index + 1];
  }
  return undefined;
}

const cleanPath = (path: string): string => path.replace(/^\.\//, "").replace(/\/+$/, "");

/** Whether a path is a folder inside of the package, written out. */
function isFolder(path: string): boolean {
  const clean = cleanPath(path);
  return /^[\w@.][\w@./-]*$/.test(clean) && clean !== "." && !clean.split("/").includes("..");
}

function withOutputs(use: CommandUse, outputs: readonly string[]): CommandUse {
  return use.kind === "pure" ? { ...use, outputs: [...use.outputs, ...outputs] } : use;
}

type Scripts = Readonly<Record<string, unknown>>;

/** What a whole script does, those that it calls and those that run around it included. */
export const useOfScript = (name: string, scripts: Scripts, folder: FolderFiles): CommandUse =>
  new ScriptReader(scripts, folder).use(name);

/** Looks at each script once, however often it is called. */
class ScriptReader {
  readonly #scripts: Scripts;
  readonly #folder: FolderFiles;
  /** Undefined while a script is looked at. */
  readonly #known = new Map<string, CommandUse | undefined>();

  constructor(scripts: Scripts, folder: FolderFiles) {
    this.#scripts = scripts;
    this.#folder = folder;
  }

  use(name: string): CommandUse {
    if (this.#known.has(name))
      return this.#known.get(name) ?? { kind: "unknown", why: `'${name}' calls itself` };
    this.#known.set(name, undefined);
    const use = this.#look(name);
    this.#known.set(name, use);
    return use;
  }

  #look(name: string): CommandUse {
    const uses: CommandUse[] = [];
    for (const one of [`pre${name}`, name, `post${name}`]) {
      const text = Object.hasOwn(this.#scripts, one) ? this.#scripts[one] : undefined;
      if (typeof text !== "string") continue;
      const commands = commandList(text);
      if (commands === undefined) return { kind: "unknown", why: "it is more than a list of commands" };
      // A glob, in quotes or not, changes nothing about what a checker does.
      for (const { words } of commands) uses.push(this.#command(words ?? plainWords(text, commands.length)));
    }
    return together(uses);
  }

  #command(words: readonly string[]): CommandUse {
    const called = calledScript(words);
    return called !== undefined && Object.hasOwn(this.#scripts, called)
      ? this.use(called)
      : useOfCommand(words, this.#folder);
  }
}

/** Words of a single command whose globs the shell would expand; none where it does more than that. */
const plainWords = (text: string, count: number): readonly string[] =>
  count === 1 && !/[|<>$~{}]/.test(text) ? text.trim().split(/\s+/) : [];

/** `npm run x`, `pnpm x`, `yarn x`, `bun run x`: the script x. */
function calledScript(words: readonly string[]): string | undefined {
  const [program = "", first = "", second = ""] = words;
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(program)) return undefined;
  const name =
    first === "run" || first === "run-script" ? second : program === "npm" && first !== "test" ? "" : first;
  return name === "" || name.startsWith("-") || words.length > (first === name ? 2 : 3) ? undefined : name;
}

/** One use for several commands in a row: the least certain of them decides. */
function together(uses: readonly CommandUse[]): CommandUse {
  for (const kind of ["outside", "writes", "unknown"] as const) {
    const found = uses.find((use) => use.kind === kind);
    if (found !== undefined) return found;
  }
  if (uses.some((use) => use.kind === "serves")) return { kind: "serves" };
  const pure = uses.filter((use) => use.kind === "pure");
  if (pure.length === 0) return { kind: "cleans" };
  const env = [...new Set(pure.flatMap((use) => use.env ?? []))];
  return {
    kind: "pure",
    outputs: [...new Set(pure.flatMap((use) => use.outputs))],
    ...(env.length === 0 ? {} : { env }),
    ...(pure.some((use) => use.tests === true) ? { tests: true } : {}),
  };
}
