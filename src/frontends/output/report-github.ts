import { isInside, relativeTo } from "#base/path";
import type { InstanceRecord } from "#core/model/record";
import type { DiagnosticDocument } from "./diagnostic-json";
import { plainLook } from "./look";
import { outcomeText } from "./outcome-text";
import { hasFailed } from "./run-reports";
import type { FinishedRun } from "./run-reports";
import { visibleControls } from "./visible-text";

/** A file as the log's reader names it, and a line in it. */
export interface AnnotationPlace {
  readonly file: string;
  readonly line: number;
}

/** One annotation for each instance that failed, at the place that defines its task. Ends with a newline, or is empty. */
export function githubAnnotations(
  { record, tails }: FinishedRun,
  placeOf: (instance: InstanceRecord) => AnnotationPlace | undefined,
): string {
  const look = plainLook(true);
  return [...record.instances.values()]
    .filter(hasFailed)
    .map((instance) => {
      const { planned, outcome } = instance;
      const place = placeOf(instance);
      const where = place === undefined ? "" : `file=${property(place.file)},line=${place.line},`;
      const lines = (tails.get(planned.id)?.lastLines(10) ?? []).map((line) =>
        visibleControls(Bun.stripANSI(line)),
      );
      const head = `${look.symbols.state.failed} ${planned.label} ${outcome === undefined ? "" : outcomeText(outcome)}`;
      return `::error ${where}title=${property(`zr run ${planned.label}`)}::${data([visibleControls(head), ...lines].join("\n"))}\n`;
    })
    .join("");
}

/** One annotation for each problem that is in a file of the checkout. Ends with a newline, or is empty. */
export function githubDiagnostics(problems: readonly DiagnosticDocument[], checkout: string): string {
  return problems
    .flatMap(({ code, severity, message, file, range }) => {
      if (file === undefined || !isInside(checkout, file)) return [];
      const place =
        range === undefined
          ? ""
          : `line=${range.start.line},endLine=${range.end.line},col=${range.start.column},`;
      const where = `file=${property(relativeTo(checkout, file))},${place}title=${property(code)}`;
      return [`::${severity} ${where}::${data(visibleControls(message))}\n`];
    })
    .join("");
}

const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string =>
  data(visibleControls(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
