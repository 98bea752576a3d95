import { parseDuration } from "#base/duration";
import { parseSize } from "#base/size";
import type { ConvertedSections } from "#core/migrate/conversion";
import type { ConversionReport, SourcePlace } from "#core/migrate/conversion-report";
import type { ScriptPackages } from "#core/migrate/npm/script-packages";
import { isTable, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { globalList } from "./turbo-config";
import type { TurboConfig } from "./turbo-config";

/** Variables that turbo hands to tasks in strict mode besides those that zr hands on (turborepo.com, "Environment Modes"). */
const TURBO_PASSES = [
  "CI",
  "COREPACK_HOME",
  "LD_LIBRARY_PATH",
  "NODE_OPTIONS",
  "XDG_*",
  "DISPLAY",
  "npm_config_*",
  "GITHUB_*",
  "VERCEL*",
  "PNPM_HOME",
];

/** Keys of the root's file that say nothing about what a task does. */
const WITHOUT_MEANING = new Set([
  "$schema",
  "ui",
  "daemon",
  "noUpdateNotifier",
  "telemetry",
  "dangerouslyDisablePackageManagerCheck",
  "agentGuidance",
  "tasks",
  "pipeline",
  "globalEnv",
  "globalDependencies",
  "globalPassThroughEnv",
  "globalDotEnv",
  "global",
  "envMode",
  "concurrency",
  "cacheDir",
  "cacheMaxAge",
  "cacheMaxSize",
  "remoteCache",
  "extends",
  "tags",
  "$comment",
]);

/** What the root's file says for all tasks. */
export function turboGlobals(
  config: TurboConfig,
  { locks }: ScriptPackages,
  report: ConversionReport,
): {
  readonly sections: ConvertedSections;
  readonly comments: Readonly<Record<string, readonly string[]>>;
  readonly rest: readonly string[];
} {
  const { root, section } = config;
  const at = (...path: readonly string[]): SourcePlace => ({ file: root.file, line: root.line(...path) });
  for (const key of Object.keys(root.value))
    if (!WITHOUT_MEANING.has(key)) report.leftOut(at(key), key, "zr reads no such setting of turbo");
  const files = globalList(config, "globalDependencies", "inputs").filter((text) => !text.startsWith("$"));
  const dotEnv = textOrTextsAt(root.value, "globalDotEnv");
  const inputs = [...new Set([...locks, "package.json", ...files, ...dotEnv])];
  if (locks.length > 0)
    report.note(
      at(section),
      "",
      "a change of the lock file makes every result old; turbo looks at the packages in it",
    );
  const mode = textAt(root.value, "envMode") ?? (section === "tasks" ? "strict" : "loose");
  const passed = passedVariables(config);
  const cache = cacheSection(config, report, at);
  const workers = workersOf(root.value["concurrency"]);
  return {
    sections: {
      workspace: { global_inputs: inputs },
      global: {
        ...(mode === "strict"
          ? { env_mode: "strict" as const, pass_env: [...new Set([...TURBO_PASSES, ...passed])] }
          : {}),
        ...(workers === undefined ? {} : { resources: { max_workers: workers } }),
      },
      ...(Object.keys(cache).length === 0 ? {} : { cache }),
    },
    comments: {
      workspace: ["Packages are those that package.json lists."],
      "workspace.global_inputs": root.comments("globalDependencies"),
      "global.env_mode": [
        "As with turbo, tasks see only variables that are named. Any of these reaches every task, not only the one that",
        "names it.",
      ],
    },
    rest: remoteCacheTold(config, report, at),
  };
}

/** All variables that some task or the repository names. */
function passedVariables(config: TurboConfig): readonly string[] {
  const names = [
    ...globalList(config, "globalEnv", "env"),
    ...globalList(config, "globalPassThroughEnv", "passThroughEnv"),
  ];
  for (const source of [config.root, ...config.packages.values()])
    for (const section of ["tasks", "pipeline"])
      for (const task of Object.values(tableAt(source.value, section)))
        names.push(...textOrTextsAt(task, "env"), ...textOrTextsAt(task, "passThroughEnv"));
  return names.filter((name) => !name.startsWith("!") && !name.startsWith("$"));
}

function workersOf(value: unknown): number | string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  if (/^\d+%$/.test(text)) return text;
  const count = Number(text);
  return Number.isInteger(count) && count > 0 && count <= 1000 ? count : undefined;
}

function cacheSection(
  { root }: TurboConfig,
  report: ConversionReport,
  at: (...path: readonly string[]) => SourcePlace,
): NonNullable<ConvertedSections["cache"]> {
  const dir = textAt(root.value, "cacheDir");
  const age = textAt(root.value, "cacheMaxAge");
  const size = textAt(root.value, "cacheMaxSize");
  if (age !== undefined && parseDuration(age) === undefined)
    report.leftOut(at("cacheMaxAge"), age, "it is no length of time for zr");
  if (size !== undefined && parseSize(size) === undefined)
    report.leftOut(at("cacheMaxSize"), size, "it is no size for zr");
  return {
    ...(dir === undefined ? {} : { local_dir: dir }),
    ...(age === undefined || parseDuration(age) === undefined ? {} : { max_age: age }),
    ...(size === undefined || parseSize(size) === undefined ? {} : { max_size: size }),
  };
}

/** A remote cache needs credentials, which nobody has here: how to switch it on stands at the end, as a comment. */
function remoteCacheTold(
  { root }: TurboConfig,
  report: ConversionReport,
  at: (...path: readonly string[]) => SourcePlace,
): readonly string[] {
  const remote = valueAt(root.value, "remoteCache");
  if (!isTable(remote) || remote["enabled"] === false) return [];
  const url = textAt(remote, "apiUrl");
  if (url === undefined) {
    report.leftOut(at("remoteCache"), "remoteCache", "it names no server");
    return [];
  }
  report.approximated(
    at("remoteCache"),
    "remoteCache",
    "it stands in the file as a comment, to be switched on with its token",
  );
  const team = textAt(remote, "teamId") ?? textAt(remote, "teamSlug");
  return [
    "The remote cache, with a token in TURBO_TOKEN:",
    "[cache.remote]",
    'type = "turbo"',
    `url = ${JSON.stringify(url)}`,
    'auth = "bearer:$TURBO_TOKEN"',
    ...(team === undefined ? [] : [`bucket = ${JSON.stringify(team)}`]),
    ...(remote["signature"] === true ? ['sign = "$TURBO_REMOTE_CACHE_SIGNATURE_KEY"'] : []),
  ];
}
