import { formatDuration } from "#base/duration";
import type { PlannedStage, StageRole, StageState } from "#core/model/event";
import { INSTANCE_STATES } from "#core/model/outcome";
import type { RunRecord, StageRecord } from "#core/model/record";
import type { Look } from "./look";
import { STATE_WORD } from "./outcome-text";
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

/** The stages of a workflow as rows: how each ended, what its tasks did, how long it took. */
export function stageTable(record: RunRecord, { theme, symbols }: Look): string[] {
  const ended = new Map(record.stages.map((stage) => [stage.name, stage]));
  const rows = record.plannedStages.flatMap((planned) => {
    const stage = ended.get(planned.name);
    // Of what was not called for in the end there is nothing to tell.
    if (stage === undefined) return [];
    const isOver = stage.state === "success" || stage.state === "failed";
    return [
      {
        state: stage.state,
        cells: [
          visibleControls(planned.name),
          STAGE_WORD[stage.state],
          isOver && stage.why === undefined ? countText(planned, record) : visibleControls(stage.why ?? ""),
          stage.durationMs > 0 && isOver ? formatDuration(stage.durationMs) : "",
        ],
      },
    ];
  });
  const width = (column: number): number =>
    Math.min(48, Math.max(0, ...rows.map(({ cells }) => Bun.stringWidth(cells[column] ?? ""))));
  const widths = [width(0), width(1), width(2)];
  return rows.map(({ state, cells }) => {
    const padded = cells.map((cell, column) => {
      const room = (widths[column] ?? 0) - Bun.stringWidth(cell);
      return room > 0 && column < 3 ? cell + " ".repeat(room) : cell;
    });
    const paint = state === "success" ? theme.good : state === "skipped" ? theme.dim : theme.bad;
    return `  ${paint(symbols.state[state])} ${padded.join("  ").trimEnd()}`;
  });
}
