import type { Diagnostic } from "#base/diagnostic";
import { parseDuration } from "#base/duration";
import type { TaskTable } from "#core/config/schema/sections";
import type { ArtifactRule, Instance } from "#core/model/plan";
import type { Interpolation, PlaceOf } from "./interpolation";
import { sharedForm } from "./output-references";

/** So many runs' files of a task are kept where it does not say. */
const KEPT_RUNS = 10;

type Extras = Pick<Instance, "skipIf" | "confirm" | "confirmIf" | "outputIf" | "shareOutput" | "artifacts">;

const NOTHING: Extras = {};

interface ExtrasContext {
  readonly fill: Interpolation;
  readonly at: (key: string, ...rest: readonly (string | number)[]) => PlaceOf;
}

/** What a task says of when it runs and is shown, and of what is to be done with its results. Few tasks say any of it. */
export function taskExtras(table: TaskTable, { fill, at }: ExtrasContext): Extras {
  const { skip_if, confirm, confirm_if, output_if, share_output, artifacts } = table;
  if ((skip_if ?? confirm ?? confirm_if ?? output_if ?? share_output ?? artifacts) === undefined)
    return NOTHING;
  const question = questionOf(confirm, confirm_if);
  const shareOutput = sharedForm(share_output);
  const condition = (source: string, key: string) => ({ source, place: at(key)().place });
  return {
    ...(skip_if === undefined ? {} : { skipIf: condition(skip_if, "skip_if") }),
    ...(question === undefined ? {} : { confirm: question }),
    ...(confirm_if === undefined ? {} : { confirmIf: condition(confirm_if, "confirm_if") }),
    ...(output_if === undefined ? {} : { outputIf: condition(output_if, "output_if") }),
    ...(shareOutput === undefined ? {} : { shareOutput }),
    ...(artifacts === undefined ? {} : { artifacts: artifactRule(artifacts, { fill, at }) }),
  };
}

/** `confirm_if` asks by itself; `confirm = false` takes the question away, `confirm_if` or not. */
function questionOf(confirm: TaskTable["confirm"], confirmIf: string | undefined): string | undefined {
  if (confirm === false || (confirm === undefined && confirmIf === undefined)) return undefined;
  return typeof confirm === "string" ? confirm : "Run it?";
}

function artifactRule(value: NonNullable<TaskTable["artifacts"]>, { fill, at }: ExtrasContext): ArtifactRule {
  const rule = isList(value) ? { paths: value } : value;
  const key = isList(value) ? [] : ["paths"];
  const paths = (rule.paths ?? []).map((path, index) => fill.plain(path, at("artifacts", ...key, index)));
  const { keep = KEPT_RUNS, compress = true } = rule;
  return {
    paths,
    keep: typeof keep === "number" ? { runs: keep } : { ageMs: parseDuration(keep) ?? 0 },
    compress,
  };
}

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);

/** A task whose output zr does not get can neither share it nor hold it back; one that never ends, neither. */
export function checkCapture(instance: Instance, at: ExtrasContext["at"]): Diagnostic[] {
  const key =
    instance.shareOutput !== undefined
      ? "share_output"
      : instance.outputIf !== undefined
        ? "output_if"
        : undefined;
  if (key === undefined) return [];
  const { io, interactive, persistent, name } = instance;
  const { stdout } = io;
  const why = persistent
    ? "it is persistent and never ends"
    : interactive && stdout?.kind !== "file"
      ? "it is interactive, so its output goes to the terminal"
      : key === "share_output" && (stdout?.kind === "null" || stdout?.kind === "inherit")
        ? `its stdout goes to '${stdout.kind}'`
        : undefined;
  if (why === undefined) return [];
  return [{ code: "E179", severity: "error", data: { key, task: name, why }, place: at(key)().place }];
}

/** A pseudo-terminal is both streams and the input of a task: one that has others has none. */
export function checkPty({ name, interactive, io, remote }: Instance, at: ExtrasContext["at"]): Diagnostic[] {
  const other = (["stdin", "stderr"] as const).find((stream) => io[stream] !== undefined);
  const why = interactive
    ? "it is interactive, and has the terminal itself"
    : other === undefined
      ? undefined
      : `its ${other} goes elsewhere`;
  // Of tasks on other machines more is said elsewhere.
  if (why === undefined || remote !== undefined) return [];
  return [
    { code: "E179", severity: "error", data: { key: "pty", task: name, why }, place: at("pty")().place },
  ];
}
