import type { TaskTable } from "#core/config/schema/sections";
import type { ConversionReport } from "#core/migrate/conversion-report";
import type { PackageManager } from "#core/model/package-manager";
import { runScriptWords } from "#core/migrate/npm/script-packages";
import { isTable, listAt, type Table, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { shellWord } from "#base/shell-word";
import { literalText } from "#core/migrate/zr-text";
import type { NxTarget } from "./nx-workspace";

/** Options of `nx:run-commands` that are its own; others are words for the command (nx.dev, "nx:run-commands"). */
const OWN_OPTIONS = new Set([
  "command",
  "commands",
  "color",
  "no-color",
  "parallel",
  "no-parallel",
  "readyWhen",
  "cwd",
  "args",
  "envFile",
  "__unparsed__",
  "env",
  "usePty",
  "streamOutput",
  "verbose",
  "forwardAllArgs",
  "tty",
  "description",
]);

export interface NxCommandContext {
  readonly manager: PackageManager;
  readonly report: ConversionReport;
  /** `production` of `build:production`. */
  readonly configuration?: string;
}

/** What a target runs; several where its commands run side by side. */
export interface NxCommands {
  /** Whether nx itself runs it, and what it depends on. */
  readonly byNx: boolean;
  readonly table: TaskTable;
  /** Commands that run side by side, as tasks of their own. */
  readonly parts: readonly TaskTable[];
}

/** The commands of a target. Executors without a command line of their own go on being run by nx. */
export function nxCommands(target: NxTarget, context: NxCommandContext): NxCommands {
  const { executor, table } = target;
  const { configuration } = context;
  const options = {
    ...tableAt(table, "options"),
    ...(configuration === undefined ? {} : tableAt(table, "configurations", configuration)),
  };
  switch (executor) {
    case "nx:run-commands":
    case "@nrwl/workspace:run-commands":
    case "@nx/workspace:run-commands":
      return runCommands(target, options, context);
    case "nx:run-script":
    case "@nrwl/workspace:run-script":
      return {
        byNx: false,
        table: {
          cmd: [...runScriptWords(context.manager, textAt(options, "script") ?? target.name)].map((word) =>
            literalText(word),
          ),
          ...environment(options),
        },
        parts: [],
      };
    case "nx:noop":
      return { byNx: false, table: {}, parts: [] };
    default:
      return calledByNx(target, context);
  }
}

function calledByNx(target: NxTarget, { report, configuration }: NxCommandContext): NxCommands {
  const { executor, name, project } = target;
  report.approximated(
    target.place("executor"),
    `${project.name}:${name}`,
    executor === undefined
      ? "only a plugin of nx knows what it runs: nx goes on doing so, with what it depends on"
      : `${executor} is no command line: nx goes on running it, with what it depends on`,
  );
  const full = [project.name, name, ...(configuration === undefined ? [] : [configuration])].join(":");
  return { byNx: true, table: { cmd: ["npx", "nx", "run", literalText(full)], cwd: "//" }, parts: [] };
}

function runCommands(target: NxTarget, options: Table, context: NxCommandContext): NxCommands {
  const { table, project, place } = target;
  const { report } = context;
  const single = textAt(options, "command") ?? textAt(table, "command");
  const joined = Array.isArray(valueAt(options, "command"))
    ? textOrTextsAt(options, "command").join(" ")
    : undefined;
  const entries =
    single === undefined && joined === undefined ? listAt(options, "commands") : [single ?? joined];
  const filler = new TokenFiller(target, options);
  const words = extraWords(options);
  const texts = entries.flatMap((entry): readonly string[] => {
    const text = typeof entry === "string" ? entry : textAt(entry, "command");
    if (text === undefined) return [];
    const forwards = !isTable(entry) || entry["forwardAllArgs"] !== false;
    return [
      filler.fill(
        words === "" || !forwards || options["forwardAllArgs"] === false ? text : `${text} ${words}`,
      ),
    ];
  });
  if (filler.unknown.size > 0)
    report.approximated(
      place("options"),
      [...filler.unknown].map((name) => `{args.${name}}`).join(", "),
      "it is empty where it is not given: --name=value",
    );
  if (texts.some((text) => /\$\{?NX_/.test(text)))
    report.approximated(
      place("options"),
      `${project.name}:${target.name}`,
      "variables that nx sets are not set",
    );
  const shared: TaskTable = {
    ...cwdOf(options, target),
    ...environment(options),
    ...(filler.unknown.size === 0
      ? {}
      : { args: [...filler.unknown].map((name) => ({ name, default: filler.given(name) ?? "" })) }),
  };
  const ready = textOrTextsAt(options, "readyWhen");
  const isServer = table["continuous"] === true || ready.length > 0;
  const readiness: TaskTable = isServer
    ? {
        persistent: true,
        ...(ready[0] === undefined ? {} : { ready: { log: escapeRegex(ready[0]) } }),
      }
    : {};
  if (ready.length > 1)
    report.approximated(
      place("options", "readyWhen"),
      project.name,
      "it counts as ready at the first of these texts",
    );
  const [only] = texts;
  if (only === undefined) return { byNx: false, table: shared, parts: [] };
  if (texts.length === 1) return { byNx: false, table: { cmd: only, ...shared, ...readiness }, parts: [] };
  if (options["parallel"] === false)
    return { byNx: false, table: { cmds: [...texts], ...shared, ...readiness }, parts: [] };
  return {
    byNx: false,
    table: {},
    parts: texts.map((cmd) => ({ cmd, ...shared, ...readiness, hidden: true })),
  };
}

/** Commands run at the root where nothing else is said. */
function cwdOf(options: Table, { project }: NxTarget): TaskTable {
  const text = textAt(options, "cwd");
  const path = (text ?? "")
    .replaceAll("{projectRoot}", project.path)
    .replaceAll("{workspaceRoot}", "")
    .replace(/^(?:\.?\/)+/, "")
    .replace(/\/+$/, "");
  const wanted = path === "" ? "." : path;
  if (wanted === project.path) return {};
  return { cwd: wanted === "." ? "//" : `//${wanted}` };
}

function environment(options: Table): TaskTable {
  const env = Object.fromEntries(
    Object.entries(tableAt(options, "env")).flatMap(([name, value]) =>
      ["string", "number", "boolean"].includes(typeof value) && /^[A-Za-z_]\w*$/.test(name)
        ? [[name, literalText(String(value)).replaceAll(/\$(?!\$\{|\{)/g, "$$$$")] as const]
        : [],
    ),
  );
  const file = textAt(options, "envFile");
  return {
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(file === undefined ? {} : { env_file: `//${file.replace(/^\.?\//, "")}` }),
  };
}

/** Words that nx puts behind each command: `args`, and options that are none of its own. */
function extraWords(options: Table): string {
  const args = valueAt(options, "args");
  const own =
    typeof args === "string"
      ? args
      : Array.isArray(args)
        ? textOrTextsAt(options, "args").join(" ")
        : Object.entries(tableAt(options, "args"))
            .map(([name, value]) => `--${name}=${shellWord(String(value))}`)
            .join(" ");
  const others = Object.entries(options).flatMap(([name, value]) =>
    OWN_OPTIONS.has(name) || !["string", "number", "boolean"].includes(typeof value)
      ? []
      : [`--${name}=${shellWord(String(value))}`],
  );
  return [...others, own].filter((word) => word !== "").join(" ");
}

const escapeRegex = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Puts values in for nx's tokens in a command. */
class TokenFiller {
  readonly unknown = new Set<string>();
  readonly #target: NxTarget;
  readonly #options: Table;

  constructor(target: NxTarget, options: Table) {
    this.#target = target;
    this.#options = options;
  }

  given(name: string): string | undefined {
    const value = valueAt(this.#options, "args", name) ?? valueAt(this.#options, name);
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }

  fill(text: string): string {
    const { project } = this.#target;
    let result = "";
    let at = 0;
    for (const match of text.matchAll(
      /\{(projectRoot|projectName|workspaceRoot|args\.([\w-]+)|options\.([\w.-]+))\}/g,
    )) {
      const [whole, token = "", argument, option] = match;
      result += literalText(text.slice(at, match.index), result);
      at = match.index + whole.length;
      if (argument !== undefined) {
        this.unknown.add(argument);
        result += `\${args.${argument}}`;
      } else if (option !== undefined) {
        const value = valueAt(this.#options, ...option.split("."));
        result += literalText(value === undefined ? whole : String(value), result);
      } else if (token === "projectName") result += project.name;
      else if (token === "projectRoot") result += project.path;
      else result += "${workspace.root}";
    }
    return result + literalText(text.slice(at), result);
  }
}
