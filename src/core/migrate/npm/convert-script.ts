import { commandList, type ListedCommand } from "#base/command-list";
import type { TaskTable } from "#core/config/schema/sections";
import type { SourcePlace } from "#core/migrate/conversion-report";
import { literalText } from "#core/migrate/zr-text";
import type { PackageManager } from "#core/model/package-manager";
import { runScriptWords } from "./script-packages";

/** Scripts of one package, and what is asked while one of them is converted. */
export interface ScriptContext {
  readonly scripts: ReadonlyMap<string, string>;
  readonly manager: PackageManager;
  /** Whether `prebuild` and `postbuild` are run around `build`. */
  readonly runsAround: boolean;
  /** The task of a script; undefined where it has none. */
  readonly taskOf: (script: string) => string | undefined;
  /** The task of a script of another package, by the package's name; undefined where there is none. */
  readonly taskIn: (pkg: string, script: string) => string | undefined;
  /** Tasks of a script in every member, in the order of the members; undefined where it can't be said. */
  readonly tasksInMembers: (script: string, ifPresent: boolean) => readonly string[] | undefined;
  readonly place: SourcePlace;
  readonly note: (why: string) => void;
  readonly approximated: (why: string) => void;
}

type Step = NonNullable<TaskTable["cmds"]>[number];
type Commands = Pick<TaskTable, "cmd" | "cmds" | "deps" | "deps_serial" | "env">;

/** Variables that only a package manager sets. */
const ONLY_MANAGER =
  /\bnpm_(?:package|config|lifecycle|execpath|node_execpath|command|new_version|old_version)|\bINIT_CWD\b/;
/** Words of tools that run scripts of several packages, or have a plan of their own. */
const OTHER_RUNNERS = /^(?:turbo|nx|lerna|lage|wireit|moon|ultra|wsrun)$/;
const SERVES = /(?:^|[:_-])(?:dev|watch|start|serve|server|preview)(?:[:_-]|$)|\s--watch\b|\s-w\b/;

/** What a script does, as the keys of a task. What can't be said by them is left to the shell, word for word. */
export function convertScript(script: string, context: ScriptContext): Commands {
  const text = context.scripts.get(script) ?? "";
  const around = context.runsAround ? aroundSteps(script, context) : undefined;
  if (ONLY_MANAGER.test(text)) {
    context.note(`it uses what only ${context.manager} sets, so ${context.manager} runs it`);
    return { cmd: [...runScriptWords(context.manager, script)] };
  }
  const body = convertBody(text, script, context);
  if (around === undefined) return body;
  return { cmds: [...around.before, ...stepsOf(body, script, context), ...around.after] };
}

/** The scripts that are run before and after one by their names. */
function aroundSteps(
  script: string,
  context: ScriptContext,
): { readonly before: readonly Step[]; readonly after: readonly Step[] } | undefined {
  const stepOf = (name: string): readonly Step[] => {
    if (!context.scripts.has(name)) return [];
    const task = context.taskOf(name);
    if (task === undefined) return [literalText(context.scripts.get(name) ?? "")];
    if (context.scripts.has(`pre${name}`) || context.scripts.has(`post${name}`))
      context.approximated(
        `'${name}' is run here with what is around it, which ${context.manager} leaves out`,
      );
    return [{ task }];
  };
  const before = stepOf(`pre${script}`);
  const after = stepOf(`post${script}`);
  return before.length + after.length === 0 ? undefined : { before, after };
}

/** A body as steps among others. Words from the command line are for the script itself, as before. */
function stepsOf(body: Commands, script: string, context: ScriptContext): readonly Step[] {
  if (body.cmds !== undefined) return body.cmds;
  if (typeof body.cmd !== "string" || body.env !== undefined)
    return [literalText(context.scripts.get(script) ?? "")];
  const single = commandList(context.scripts.get(script) ?? "")?.length === 1;
  return [single ? `${body.cmd.trimEnd()} "$@"` : body.cmd];
}

function convertBody(text: string, script: string, context: ScriptContext): Commands {
  const raw: Commands = { cmd: literalText(text.trim()) };
  const commands = commandList(text);
  if (commands === undefined) return raw;
  const [only] = commands;
  if (commands.length === 1 && only !== undefined) {
    const alone = aloneCommand(only, context);
    if (alone !== undefined) return alone;
  }
  const steps = commands.map((command) => stepsOfCommand(command, script, context));
  if (steps.every((step) => step === undefined)) return raw;
  const [first] = steps;
  if (steps.length === 1 && first?.length === 1 && typeof first[0] === "string") return { cmd: first[0] };
  return { cmds: steps.flatMap((step, index) => step ?? [literalText(commands[index]?.text ?? "")]) };
}

/** The words of a command; stars of npm-run-all are its own where no file has such a name. */
function wordsOf({ text, words }: ListedCommand): readonly string[] | undefined {
  return words ?? (/^(?:run-[sp]|npm-run-all)\s[\w\s:./*-]+$/.test(text) ? text.split(/\s+/) : undefined);
}

/** What can be said of a command only where it is the whole script. */
function aloneCommand(command: ListedCommand, context: ScriptContext): Commands | undefined {
  const words = wordsOf(command);
  if (words === undefined) return undefined;
  const [program = ""] = words;
  if (OTHER_RUNNERS.test(program)) {
    context.note(`it calls ${program}, which has a plan of its own`);
    return undefined;
  }
  if (program === "cross-env") return crossEnv(command);
  const parallel = parallelScripts(words, context);
  if (parallel !== undefined) return { deps: [...parallel] };
  const everywhere = scriptInMembers(words);
  if (everywhere === undefined) return undefined;
  const tasks = context.tasksInMembers(everywhere.script, everywhere.ifPresent);
  return tasks === undefined || tasks.length === 0 ? undefined : { deps_serial: [...tasks] };
}

/** `cross-env A=1 B=2 program`: variables of the task. */
function crossEnv({ text }: ListedCommand): Commands | undefined {
  const match = /^cross-env((?:\s+[A-Za-z_]\w*=[^\s'"$\\`]*)+)\s+(?!cross-env)([\s\S]+)$/.exec(text);
  const [, pairs = "", rest = ""] = match ?? [];
  if (match === null || /^[A-Za-z_]\w*=/.test(rest) || /\$/.test(rest)) return undefined;
  const env = Object.fromEntries(
    pairs
      .trim()
      .split(/\s+/)
      .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const),
  );
  return { cmd: literalText(rest.trim()), env };
}

/** `run-p a b:*`: the tasks of the scripts; undefined where they never end, or more is said about how to run them. */
function parallelScripts(words: readonly string[], context: ScriptContext): readonly string[] | undefined {
  const [program = "", ...rest] = words;
  const isParallel =
    program === "run-p" ||
    (program === "npm-run-all" && rest.some((word) => word === "-p" || word === "--parallel"));
  if (!isParallel) return undefined;
  const names = scriptsNamed(
    rest.filter((word) => word !== "-p" && word !== "--parallel"),
    context,
  );
  // The runner starts all of them at once; here only what never ends and says so takes no slot.
  if (
    names === undefined ||
    names.some((name) => SERVES.test(name) || SERVES.test(context.scripts.get(name) ?? ""))
  )
    return undefined;
  const tasks = names.flatMap((name) => context.taskOf(name) ?? []);
  return tasks.length === names.length ? tasks : undefined;
}

/** Names and patterns of npm-run-all as scripts, in the order of the manifest; undefined where it says more. */
function scriptsNamed(words: readonly string[], { scripts }: ScriptContext): readonly string[] | undefined {
  const found: string[] = [];
  for (const word of words) {
    if (/^(?:-s|-n|-l|--silent|--print-name|--print-label)$/.test(word)) continue;
    if (!/^[\w:./*-]+$/.test(word) || word.startsWith("-")) return undefined;
    const names = word.includes("*") ? [...scripts.keys()].filter((name) => fits(word, name)) : [word];
    if (names.length === 0 || names.some((name) => !scripts.has(name))) return undefined;
    found.push(...names);
  }
  return found.length === 0 ? undefined : [...new Set(found)];
}

/** A star stands for letters other than `:`, two for any, as in npm-run-all. */
function fits(pattern: string, name: string): boolean {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === "**" ? ".*" : part === "*" ? "[^:]*" : part.replaceAll(/[.\\+?^${}()|[\]/]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${source}$`).test(name);
}

/** The script that a command calls in all members of the workspace: `npm run build --workspaces`. */
function scriptInMembers(
  words: readonly string[],
): { readonly script: string; readonly ifPresent: boolean } | undefined {
  const [program = "", ...rest] = words;
  if (program !== "npm") return undefined;
  const plain = rest.filter((word) => !word.startsWith("-"));
  const options = rest.filter((word) => word.startsWith("-"));
  const script =
    plain[0] === "run" || plain[0] === "run-script"
      ? plain[1]
      : /^(?:test|start)$/.test(plain[0] ?? "")
        ? plain[0]
        : undefined;
  const known = /^(?:--workspaces|-ws|--if-present|--silent|-s)$/;
  if (script === undefined || plain.length > 2 || !options.every((option) => known.test(option)))
    return undefined;
  if (!options.includes("--workspaces") && !options.includes("-ws")) return undefined;
  return { script, ifPresent: options.includes("--if-present") };
}

/** Steps that call tasks instead of the package manager; undefined where the command stays as it is. */
function stepsOfCommand(
  command: ListedCommand,
  script: string,
  context: ScriptContext,
): readonly Step[] | undefined {
  const words = wordsOf(command);
  if (words === undefined) return undefined;
  const [program = "", ...rest] = words;
  const isSerial =
    program === "run-s" ||
    (program === "npm-run-all" && !rest.some((word) => /^(?:-p|--parallel)$/.test(word)));
  if (isSerial) {
    const names = scriptsNamed(
      rest.filter((word) => !/^(?:--serial|--sequential)$/.test(word)),
      context,
    );
    const tasks = names?.flatMap((name) => context.taskOf(name) ?? []);
    return names === undefined || tasks?.length !== names.length || names.includes(script)
      ? undefined
      : tasks.map((task) => ({ task }));
  }
  const call = scriptCall(words, context);
  if (call === undefined || call.script === script) return undefined;
  const task = call.pkg === undefined ? context.taskOf(call.script) : context.taskIn(call.pkg, call.script);
  if (task === undefined) return undefined;
  if (call.words === 0) return [{ task }];
  return call.pkg === undefined ? inlined(command.text, call.script, context) : undefined;
}

interface ScriptCall {
  readonly script: string;
  /** The package whose script is meant; undefined for this one. */
  readonly pkg?: string;
  /** How many words are given to it. */
  readonly words: number;
}

/** `npm run x`, `pnpm x`, `yarn workspace p x`, `bun run x` and the like. Options that change more are not understood. */
function scriptCall(words: readonly string[], { scripts }: ScriptContext): ScriptCall | undefined {
  const [program = "", ...all] = words;
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(program)) return undefined;
  const rest = all.filter((word, index) => !(index < 2 && /^(?:-s|--silent|-q)$/.test(word)));
  if (program === "yarn" && rest[0] === "workspace") return yarnWorkspaceCall(rest.slice(1));
  const isRun = rest[0] === "run" || rest[0] === "run-script";
  const script = isRun ? rest[1] : rest[0];
  if (script === undefined || script.startsWith("-")) return undefined;
  if (!isRun && !isShortForm(program, script, scripts)) return undefined;
  const given = rest.slice(isRun ? 2 : 1);
  const name = script === "t" && !isRun ? "test" : script;
  if (program === "npm" && /^(?:-w$|--workspace(?:=|$))/.test(given[0] ?? "")) return memberCall(name, given);
  const count = wordsGiven(program, given);
  return count === undefined ? undefined : { script: name, words: count };
}

/** How many words reach the script; undefined where the package manager may take some for its own. */
function wordsGiven(program: string, given: readonly string[]): number | undefined {
  if (given.length === 0) return 0;
  if (given[0] === "--") return given.length - 1;
  return program === "yarn" || program === "bun" ? given.length : undefined;
}

function yarnWorkspaceCall([pkg, ...words]: readonly string[]): ScriptCall | undefined {
  const [script, ...given] = words[0] === "run" ? words.slice(1) : words;
  return pkg === undefined || script === undefined ? undefined : { pkg, script, words: given.length };
}

/** `npm run x -w pkg`. */
function memberCall(script: string, given: readonly string[]): ScriptCall | undefined {
  const inline = /^--workspace=(.+)$/.exec(given[0] ?? "")?.[1];
  const pkg = inline ?? given[1];
  return pkg === undefined || given.length > (inline === undefined ? 2 : 1)
    ? undefined
    : { pkg, script, words: 0 };
}

/** Whether a script is meant without `run`: else these are commands of the package manager. */
function isShortForm(program: string, script: string, scripts: ReadonlyMap<string, string>): boolean {
  if (program === "npm") return /^(?:test|start|stop|restart|t)$/.test(script);
  return program !== "bun" && scripts.has(script) && !MANAGER_COMMANDS.test(script);
}

const MANAGER_COMMANDS =
  /^(?:add|install|i|ci|remove|rm|up|update|upgrade|exec|dlx|init|publish|pack|link|unlink|why|list|ls|audit|bin|cache|config|create|global|info|login|logout|version|workspace|workspaces|dedupe|import|store|patch|prune|rebuild|root|setup|deploy|node|plugin|set|stage|constraints|explain|search|outdated|licenses|env|fetch|get|help)$/;

/** The text of a plain script with words behind it: what the package manager would hand to the shell. */
function inlined(text: string, script: string, context: ScriptContext): readonly Step[] | undefined {
  const target = context.scripts.get(script) ?? "";
  const hasAround =
    context.runsAround && (context.scripts.has(`pre${script}`) || context.scripts.has(`post${script}`));
  if (hasAround || ONLY_MANAGER.test(target) || commandList(target)?.length !== 1) return undefined;
  const given = /\s--\s+([\s\S]+)$/.exec(text)?.[1];
  return given === undefined ? undefined : [literalText(`${target.trim()} ${given.trim()}`)];
}
