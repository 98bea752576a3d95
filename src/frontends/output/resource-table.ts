import { formatDuration } from "#base/duration";
import { formatSize } from "#base/size";
import type { ResourceUse, RunEvent } from "#core/model/event";
import type { InstanceRecord, RunRecord } from "#core/model/record";
import { truncate, visibleControls } from "./visible-text";

export type ResourceSample = Extract<RunEvent, { readonly type: "resources.sampled" }>;

const WIDEST_LABEL = 40;
const GAP = "  ";

/** What each running instance takes now, and all together; one row an instance, no more than `rows` lines in all. */
export function sampleTable(
  { instances, total }: ResourceSample,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const shown = instances.slice(0, Math.max(1, rows - 3));
  const lines = table(
    [
      ["running", "CPU", "memory", "read", "written"],
      ...shown.map((one) => [visibleControls(one.id), ...useCells(one)]),
      ["total", ...useCells(total)],
    ],
    columns,
  );
  const left = instances.length - shown.length;
  return left === 0 ? lines : [...lines.slice(0, -1), `and ${left} more`, ...lines.slice(-1)];
}

/** `3 running  CPU 180 %  memory 1.2 GB  read 3.0 MB  written 0 B`. */
export function sampleLine({ instances, total }: ResourceSample): string {
  const [cpu, memory, read, written] = useCells(total);
  return [
    `${instances.length} running`,
    `CPU ${cpu}`,
    `memory ${memory}`,
    `read ${read}`,
    `written ${written}`,
  ].join(GAP);
}

/** What the instances that have run took, as far as that was seen; empty where none has run. */
export function takenTable(record: RunRecord, columns: number): readonly string[] {
  const ran = [...record.instances.values()].filter(({ cpuMs }) => cpuMs !== undefined);
  if (ran.length === 0) return [];
  return table(
    [["task", "time", "CPU time", "peak memory", "read", "written"], ...ran.map(takenCells)],
    columns,
  );
}

function takenCells(record: InstanceRecord): readonly string[] {
  const { planned, durationMs, cpuMs = 0, peakMemoryBytes, readBytes, writtenBytes } = record;
  const size = (bytes: number | undefined): string => (bytes === undefined ? "-" : formatSize(bytes));
  return [
    visibleControls(planned.label),
    formatDuration(durationMs),
    formatDuration(cpuMs),
    size(peakMemoryBytes),
    size(readBytes),
    size(writtenBytes),
  ];
}

const useCells = ({ cpuPercent, memoryBytes, readBytes, writtenBytes }: ResourceUse): readonly string[] => [
  `${Math.round(cpuPercent)} %`,
  formatSize(memoryBytes),
  formatSize(readBytes),
  formatSize(writtenBytes),
];

/** Lines of cells: the first column to the left, the others to the right, nothing wider than the page. */
function table(rows: readonly (readonly string[])[], columns: number): readonly string[] {
  const widest = Math.max(8, Math.min(WIDEST_LABEL, Math.floor(columns / 3)));
  const cut = rows.map(([label = "", ...rest]) => [truncate(label, widest, "…"), ...rest]);
  const widths = (cut[0] ?? []).map((_, index) =>
    Math.max(...cut.map((cells) => Bun.stringWidth(cells[index] ?? ""))),
  );
  return cut.map((cells) => {
    const padded = cells.map((cell, index) => {
      const pad = " ".repeat((widths[index] ?? 0) - Bun.stringWidth(cell));
      return index === 0 ? cell + pad : pad + cell;
    });
    return truncate(padded.join(GAP), Math.max(20, columns - 1), "…");
  });
}
