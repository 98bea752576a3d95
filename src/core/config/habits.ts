import type { Diagnostic, KeyPath } from "#base/diagnostic";
import {
  sectionHabit,
  stageHabit,
  taskHabit,
  workflowHabit,
  workspaceHabit,
  parameterHabit,
} from "./habit-keys";
import type { Habit } from "./habit-keys";
import { textHint } from "./habit-text";
import { valueHint } from "./habit-values";

/** What a diagnostic was made of, for who wants to say how it is written instead. */
export interface Mistake {
  readonly diagnostic: Diagnostic;
  /** The value that stands at the diagnostic's path; undefined where there is none, or the text is no TOML. */
  readonly value: unknown;
  /** The text of the file. */
  readonly text: string;
}

/**
 * A diagnostic with what somebody most likely meant who knows another tool: a Makefile, a justfile, a workflow of
 * GitHub Actions, turbo.json, a Taskfile. Where nothing is known about the mistake it is given back as it is.
 */
export function withHabit({ diagnostic, value, text }: Mistake): Diagnostic {
  const { code, place } = diagnostic;
  const path = place?.path ?? [];
  if (code === "E100") return hinted(diagnostic, textHint(text, place?.span?.start ?? 0));
  if (code === "E110" || code === "E111") return renamed(diagnostic, keyHabit(path, value));
  if (code === "E112" || code === "E113" || code === "E115") return corrected(diagnostic, path, value);
  return diagnostic;
}

const MAX_HINT = 200;

/** A hint repeats what stands in a file, which can be anything. */
const fitting = (hint: string): string => (hint.length > MAX_HINT ? `${hint.slice(0, MAX_HINT)}…` : hint);

const hinted = (diagnostic: Diagnostic, hint: string | undefined): Diagnostic =>
  hint === undefined ? diagnostic : { ...diagnostic, hint: fitting(hint) };

function renamed(diagnostic: Diagnostic, habit: Habit | undefined): Diagnostic {
  if (habit === undefined) return diagnostic;
  const { suggestions: _guessed, ...rest } = diagnostic;
  return {
    ...rest,
    ...(habit.use === undefined ? {} : { suggestions: [habit.use] }),
    ...(habit.hint === undefined ? {} : { hint: fitting(habit.hint) }),
  };
}

function corrected(diagnostic: Diagnostic, path: KeyPath, value: unknown): Diagnostic {
  const habit = valueHint(diagnostic, path, value);
  return habit === undefined ? diagnostic : renamed(diagnostic, habit);
}

/** What a key that is not known most likely stands for, by the table that it stands in. */
function keyHabit(path: KeyPath, value: unknown): Habit | undefined {
  const key = String(path.at(-1) ?? "");
  const [section, , third, , fifth] = path;
  if (path.length === 1) return sectionHabit(key, value);
  if (isTaskTable(path.slice(0, -1))) return taskHabit(key, value);
  if (section === "workspace" && path.length === 2) return workspaceHabit(key, value);
  if ((section === "tasks" && third === "args") || (section === "workflows" && third === "inputs"))
    return parameterHabit(key, value);
  if (section !== "workflows") return undefined;
  if (path.length === 3) return workflowHabit(key, value);
  return (third === "stages" || third === "steps") && path.length === 5 && fifth !== undefined
    ? stageHabit(key, value)
    : undefined;
}

/** Whether a path leads to the keys of a task, be it of a profile, a template or the defaults. */
function isTaskTable(path: KeyPath): boolean {
  const [first, , third] = path;
  if (first === "tasks" || first === "templates" || first === "groups") return path.length === 2;
  if (first === "defaults") return path.length === 2;
  return first === "profiles" && third === "tasks" && path.length === 4;
}
