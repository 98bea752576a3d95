import { formatDuration } from "#base/duration";
import { outcomeText } from "#frontends/output/outcome-text";
import { chosenItem, isActive } from "./item-status";
import type { Layout } from "./layout";
import { matcher } from "./log-buffer";
import type { LogBuffer } from "./log-buffer";
import { cutText, justified, span, wrapText } from "./row";
import type { Row, Span } from "./row";
import { follows, shownLog, topOf } from "./scroll";
import { statusSign, statusWord } from "./signs";
import type { ItemStatus, TuiState } from "./state";
import { clock, countsText } from "./view-list";

/** What stands above the detail: whose it is, how that stands, how it is looked at. */
export function detailHeading(state: TuiState, columns: number): Row {
  const style = state.focus === "detail" ? "strong" : "dim";
  if (state.view === "history") {
    const run = state.pastRuns?.[state.pastCursor];
    const text = run === undefined ? "" : ` ${run.run}  ${countsText(run)}`;
    return justified([span(text, style)], modes(state), columns);
  }
  const item = chosenItem(state);
  if (item === undefined) return [];
  if (state.view === "graph") return [span(` ${item.name} needs`, style)];
  const status = state.statuses.get(item.key);
  const sign = statusSign(status, state.hasUnicode);
  const about = statusText(status, state.nowMs);
  return justified(
    [span(" "), span(item.name, style), span(about === "" ? "" : "  "), span(about, sign.style)],
    modes(state),
    columns,
  );
}

function statusText(status: ItemStatus | undefined, nowMs: number): string {
  if (status === undefined) return "";
  const { phase, parts, startedMs, durationMs } = status;
  const [only] = parts.values();
  const outcome = parts.size === 1 ? only?.outcome : undefined;
  const word = phase === "finished" && outcome !== undefined ? outcomeText(outcome) : statusWord(status);
  const time =
    phase === "finished"
      ? durationMs
        ? ` (${formatDuration(durationMs)})`
        : ""
      : startedMs === undefined
        ? ""
        : ` ${clock(nowMs - startedMs)}`;
  return word + time;
}

function modes(state: TuiState): Row {
  const words = [
    ...(follows(state) ? ["follow"] : []),
    ...(state.scroll.isWrapped ? ["wrap"] : []),
    ...(state.scroll.search === "" ? [] : [`/${state.scroll.search}`]),
  ];
  return words.length === 0 ? [] : [span(`${words.join(" ")} `, "dim")];
}

/** The rows of the detail that are on the screen. */
export function detailRows(state: TuiState, { bodyRows, detailColumns }: Layout): readonly Row[] {
  // A blank at the left keeps the text off the line beside it.
  const columns = Math.max(0, detailColumns - 1);
  if (state.view === "graph") return graphRows(state, bodyRows, columns);
  const log = shownLog(state);
  if (log === undefined || log.first === log.end) return aboutRows(state, columns);
  return logRows(state, log, { rows: bodyRows, columns });
}

/** What is said of a task that has printed nothing here. */
function aboutRows(state: TuiState, columns: number): readonly Row[] {
  if (state.view === "history")
    return [[span(state.pastRuns?.length === 0 ? " what zr runs is kept here" : "", "dim")]];
  const item = chosenItem(state);
  if (item === undefined) return [];
  const tags = item.tags.length === 0 ? [] : [`tags: ${item.tags.join(", ")}`];
  const needs = item.required.length === 0 ? [] : [`needs: ${item.required.join(", ")}`];
  const hint = isActive(state.statuses.get(item.key)) ? [] : ["Enter runs it"];
  const texts = [...(item.description === "" ? [] : [item.description]), ...tags, ...needs, ...hint];
  return texts.flatMap((text) => wrapText(text, columns).map((piece) => [span(` ${piece}`, "dim")]));
}

function graphRows(state: TuiState, count: number, columns: number): readonly Row[] {
  const { graph } = state;
  if (graph === undefined) return [];
  const byName = new Map(state.items.map((item) => [item.name, item.key]));
  const top = topOf(state, { first: 0, end: graph.rows.length });
  return graph.rows.slice(top, top + count).map(({ lead, id, isRepeated }) => {
    const status = state.statuses.get(byName.get(id) ?? "");
    const word = statusWord(status);
    const about = [word, isRepeated ? "see above" : ""].filter(Boolean).join(", ");
    const name = id;
    const text = `${lead}${name}`.slice(state.scroll.left);
    const sign = statusSign(status, state.hasUnicode);
    return [
      span(" "),
      sign,
      span(` ${cutText(text, columns)}`),
      span(about === "" ? "" : ` (${about})`, sign.style),
    ];
  });
}

interface LogArea {
  readonly rows: number;
  readonly columns: number;
}

function logRows(state: TuiState, log: LogBuffer, area: LogArea): readonly Row[] {
  const rows: Row[] = [];
  if (follows(state)) {
    for (let index = log.end - 1; index >= log.first && rows.length < area.rows; index -= 1)
      rows.unshift(...lineRows(state, { log, index }, area.columns));
    return rows.slice(-area.rows || rows.length);
  }
  for (let index = topOf(state, log); index < log.end && rows.length < area.rows; index += 1)
    rows.push(...lineRows(state, { log, index }, area.columns));
  return rows.slice(0, area.rows);
}

/** The rows of one line: as many as it takes where long lines are broken, else one. */
function lineRows(
  state: TuiState,
  { log, index }: { readonly log: LogBuffer; readonly index: number },
  columns: number,
): readonly Row[] {
  const line = log.line(index);
  const { isWrapped, left, search, match } = state.scroll;
  const pieces = isWrapped ? wrapText(line, columns) : [line.slice(left)];
  const mark = span(index === match ? ">" : " ", "match");
  return pieces.map((piece, number) => [
    number === 0 && index === match ? mark : span(" "),
    ...highlighted(piece, search),
  ]);
}

function highlighted(text: string, search: string): readonly Span[] {
  if (search === "") return [span(text)];
  const at = matcher(search);
  const spans: Span[] = [];
  let from = 0;
  for (let found = at(text, 0); found !== undefined; found = at(text, from)) {
    spans.push(span(text.slice(from, found)), span(text.slice(found, found + search.length), "match"));
    from = found + search.length;
  }
  return [...spans, span(text.slice(from))];
}
