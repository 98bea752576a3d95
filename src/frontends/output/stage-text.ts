import { formatDuration } from "#base/duration";
import { TIMEOUT_EXIT_CODE } from "#engine/exec/exit-code";
import type { PlannedStage, StageRole, StageState } from "#core/model/event";
import { INSTANCE_STATES } from "#core/model/outcome";
import type { RunRecord, StageRecord } from "#core/model/record";
import type { Look } from "./look";
import { STATE_WORD } from "./outcome-text";
import type { RendererOptions } from "./renderer-options";
import { shellWord } from "#base/shell-word";
import { visibleControls } from "./visible-text";

/** How the states of stages are called where people read them. */
export const STAGE_WORD: Readonly<Record<StageState, string>> = {
  success: "ok",
  failed: "failed",
  skipped: "skipped",
  canceled: "canceled",
};

/** The line above what a stage prints. */
export const stageHead = (name: string, role: StageRole, { theme, symbols }: Look): string =>
  `${theme.strong(`${symbols.stage} ${visibleControls(stageTitle(name, role))}`)}\n`;

/** The line that says why a stage was not run, or not to its end; empty where there is nothing to say. */
export function stageRemark({ name, state, why }: StageRecord, { theme, symbols }: Look): string {
  if (why === undefined) return "";
  const text = `${symbols.state[state]} stage '${visibleControls(name)}' ${STAGE_WORD[state]}: ${visibleControls(why)}`;
  return `${state === "skipped" || state === "success" ? theme.dim(text) : theme.warn(text)}\n`;
}

const stageTitle = (name: string, role: StageRole): string => (role === "stage" ? `stage ${name}` : role);

/** Whose instances a stage has run, counted by how they ended: `2 ok, 1 failed`. */
function countText({ instances }: PlannedStage, record: RunRecord): string {
  const ended = instances.flatMap((id) => {
    const instance = record.instances.get(id);
    return instance?.outcome === undefined || instance.planned.group ? [] : [instance.outcome.state];
  });
  return INSTANCE_STATES.flatMap((state) => {
    const count = ended.filter((other) => other === state).length;
    return count === 0 ? [] : [`${count} ${STATE_WORD[state]}`];
  }).join(", ");
}

/** The stages of a workflow as rows: how each ended, how long it took, what its tasks did or why it was not run. */
export function stageTable(record: RunRecord, { theme, symbols }: Look): string[] {
  const ended = new Map(record.stages.map((stage) => [stage.name, stage]));
  const rows = record.plannedStages.flatMap((planned) => {
    const stage = ended.get(planned.name);
    // Of what was not called for in the end there is nothing to tell.
    if (stage === undefined) return [];
    const { state, why, durationMs } = stage;
    const wasRun = state === "failed" || (state === "success" && why === undefined);
    const cells = [
      visibleControls(planned.name),
      STAGE_WORD[state],
      durationMs > 0 && wasRun ? formatDuration(durationMs) : "",
    ];
    // Reasons can be long: they come last, where nothing has to stand below them.
    return [{ state, cells, text: why === undefined ? countText(planned, record) : visibleControls(why) }];
  });
  const widths = [0, 1, 2].map((column) =>
    Math.min(48, Math.max(0, ...rows.map(({ cells }) => Bun.stringWidth(cells[column] ?? "")))),
  );
  return rows.map(({ state, cells, text }) => {
    const padded = cells.flatMap((cell, column) => {
      const width = widths[column] ?? 0;
      return width === 0 ? [] : [cell + " ".repeat(Math.max(0, width - Bun.stringWidth(cell)))];
    });
    const paint = state === "success" ? theme.good : state === "skipped" ? theme.dim : theme.bad;
    return `  ${paint(symbols.state[state])} ${[...padded, text].join("  ").trimEnd()}`;
  });
}

/** What the summary of a workflow begins with: its name and how it ended. */
export function workflowHead(
  { workflow = "", exitCode, interrupted }: RunRecord,
  { theme, symbols }: Look,
): string {
  const [state, word] =
    interrupted !== undefined
      ? (["canceled", `interrupted by ${interrupted}`] as const)
      : exitCode === 0
        ? (["success", STAGE_WORD.success] as const)
        : exitCode === TIMEOUT_EXIT_CODE
          ? (["timed_out", STATE_WORD.timed_out] as const)
          : (["failed", STAGE_WORD.failed] as const);
  const paint = state === "success" ? theme.good : state === "canceled" ? theme.warn : theme.bad;
  return paint(`${symbols.state[state]} workflow ${visibleControls(workflow)} ${word}`);
}

/** The command that goes on with a workflow of which a stage is left to be done; no line where none is. */
export function resumeLine(
  record: RunRecord,
  { look, rerunFlags = [], workflowName = record.workflow ?? "" }: ResumeOptions,
): string[] {
  const roles = new Map(record.plannedStages.map(({ name, role }) => [name, role]));
  const isLeft = record.stages.some(
    ({ name, state }) => roles.get(name) === "stage" && state !== "success" && state !== "skipped",
  );
  if (record.exitCode === 0 || !isLeft) return [];
  const words = ["zr", "workflow", workflowName, ...rerunFlags, "--resume", record.run];
  return [`  ${look.theme.dim("resume")}  ${visibleControls(words.map(shellWord).join(" "))}`];
}

interface ResumeOptions extends Pick<RendererOptions, "rerunFlags" | "workflowName"> {
  readonly look: Look;
}
