import { formatDuration } from "#base/duration";
import { isInside, relativeTo } from "#base/path";
import type { InstanceRecord } from "#core/model/record";
import type { Look } from "./look";
import { outcomeText } from "./outcome-text";
import type { AgainWords, RendererOptions } from "./renderer-options";
import { shellWord } from "#base/shell-word";
import type { TailBuffer } from "./tail-buffer";
import { truncate, visibleControls } from "./visible-text";

const SHOWN_LINES = 20;

type FailureOptions = Pick<
  RendererOptions,
  "columns" | "cwd" | "logPath" | "logCommand" | "canOpenShell" | "rerunFlags"
> & {
  /** What has to be said beside its name to run the instance again; nothing where no command does that. */
  readonly again: AgainWords | undefined;
};

/**
 * What is told of an instance that failed: command, cause, duration, folder, the last lines of its output where `tail`
 * is given, and commands to go on with. Ends with a newline.
 */
export function failureBlock(
  record: InstanceRecord,
  options: FailureOptions & { readonly look: Look; readonly tail?: TailBuffer | undefined },
): string {
  const { planned, outcome, attempts } = record;
  if (outcome === undefined) return "";
  const { theme, symbols } = options.look;
  const paint = outcome.allowed === true ? theme.warn : theme.bad;
  const tries = attempts > 1 ? ` (${attempts} attempts)` : "";
  const took = record.durationMs > 0 ? ` after ${formatDuration(record.durationMs)}${tries}` : tries;
  const head = `${symbols.state[outcome.state]} ${planned.label} ${outcomeText(outcome)}${took}`;
  const lines = [paint(visibleControls(head))];
  const row = (name: string, value: string): void => {
    lines.push(`  ${theme.dim(name.padEnd(7))}  ${value}`);
  };
  if (planned.command !== "") row("command", commandLine(planned.command, options));
  row("folder", isInside(options.cwd, planned.cwd) ? relativeTo(options.cwd, planned.cwd) : planned.cwd);
  if (options.tail !== undefined) lines.push(...tailRows(options.tail, options.look));
  for (const [name, value] of hints(record, options)) row(name, value);
  return `${lines.join("\n")}\n`;
}

function commandLine(command: string, options: { readonly look: Look; readonly columns: number }): string {
  const [first = "", ...more] = command.trim().split("\n");
  const { ellipsis } = options.look.symbols;
  const text = visibleControls(more.length === 0 ? first : `${first} ${ellipsis}`);
  return truncate(text, Math.max(30, options.columns - 11), ellipsis);
}

function tailRows(tail: TailBuffer, look: Look): string[] {
  const shown = tail.lastLines(SHOWN_LINES);
  if (shown.length === 0) return [];
  const total = Math.max(tail.lineCount, shown.length);
  const title = total > shown.length ? `output   last ${shown.length} of ${total} lines` : "output";
  return [
    `  ${look.theme.dim(title)}`,
    ...shown.map((line) => `  ${look.theme.dim(look.symbols.bar)} ${visibleControls(Bun.stripANSI(line))}`),
  ];
}

function hints(record: InstanceRecord, options: FailureOptions): [string, string][] {
  const { id } = record.planned;
  const found: [string, string][] = [];
  if (isAboutProgram(record))
    found.push(["try", "zr doctor (what is missing), zr setup (installs dependencies and tools)"]);
  const again = commandFor(record, options);
  if (again !== undefined) found.push(["again", again([])]);
  const log = options.logCommand?.(id) ?? options.logPath?.(id);
  if (log !== undefined) found.push(["log", log]);
  if (again !== undefined && options.canOpenShell === true) found.push(["shell", again(["-i"])]);
  return found;
}

/** The command that runs just this instance, with further options. */
function commandFor(
  { planned, outcome }: InstanceRecord,
  { again, rerunFlags = [] }: FailureOptions,
): ((more: readonly string[]) => string) | undefined {
  const name = requestOf(planned.id);
  if (name === undefined || again === undefined) return undefined;
  const { flags, values, extra } = again;
  // Who was not asked has to consent beforehand.
  const consent = outcome?.failure?.kind === "confirm" ? ["--yes"] : [];
  return (more) => {
    const words = ["zr", "run", ...rerunFlags, ...flags, name, ...values, "--only", ...consent, ...more];
    return visibleControls(
      [...words, ...(extra.length === 0 ? [] : ["--", ...extra])].map(shellWord).join(" "),
    );
  };
}

/** A program is missing: its own, or as far as one can tell one of those that it starts. */
const isAboutProgram = ({ outcome }: InstanceRecord): boolean =>
  outcome?.failure?.kind === "not-found" ||
  (outcome?.failure?.kind === "exit" && outcome.failure.code === 127);

/**
 * What to ask for to get an instance like this one: its id, of a handler the task alone. `deploy#2` and `sub@steps` have
 * arguments that no id can name.
 */
function requestOf(id: string): string | undefined {
  const [, name, rest = ""] = /^([^#@[]*(?:\[[^\]]*\])?)(.*)$/.exec(id) ?? [];
  return rest === "" || rest === "#after" ? name : undefined;
}
