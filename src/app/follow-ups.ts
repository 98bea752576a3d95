import type { Diagnostic } from "#base/diagnostic";
import type { UnreadFile } from "#core/config/config-documents";

/** A name that leads nowhere: a task, and what a task or template extends. */
const DANGLING: ReadonlySet<string> = new Set(["E130", "E133"]);
/** A file whose tasks are therefore not known. */
const NOT_READ: ReadonlySet<string> = new Set(["E135", "E136", "E150", "E151"]);
const NOTHING_TO_DO = "E119";
const NO_STAGES = "E260";
/** What ends up as the stages of a workflow, or was meant to. */
const IS_NO_STAGES: ReadonlySet<string> = new Set(["E110", "E112"]);

/**
 * The diagnostics without those that only follow from others: a task looks empty because its `cmd` is faulty, a name
 * leads nowhere because the file that has it can't be read. Once the cause is mended they are found again where they
 * stand for themselves.
 */
export function withoutFollowUps(
  diagnostics: readonly Diagnostic[],
  unread: readonly UnreadFile[],
): Diagnostic[] {
  const causes = diagnostics.filter(({ code, place }) => code !== NOTHING_TO_DO && place?.path !== undefined);
  const isUnsure =
    unread.length > 0 ||
    diagnostics.some(({ code }) => NOT_READ.has(code)) ||
    causes.some(({ place }) => place?.path?.[0] === "include");
  const faultyTasks = new Set<string>();
  const faultyNames = new Set<string>();
  for (const { place } of causes) {
    const [section, name, ...rest] = place?.path ?? [];
    if (name === undefined || (section !== "tasks" && section !== "templates")) continue;
    faultyTasks.add(`${place?.file}\0${section}\0${name}`);
    if (rest.length === 0) faultyNames.add(String(name));
  }
  return diagnostics.filter(({ code, place, data }) => {
    const [section, name] = place?.path ?? [];
    if (code === NO_STAGES)
      return !causes.some(
        (cause) =>
          IS_NO_STAGES.has(cause.code) &&
          cause.place?.file === place?.file &&
          cause.place?.path?.[0] === section &&
          cause.place?.path?.[1] === name,
      );
    if (code === NOTHING_TO_DO) return !faultyTasks.has(`${place?.file}\0${section}\0${name}`);
    return !DANGLING.has(code) || !(isUnsure || faultyNames.has(String(data["name"])));
  });
}
