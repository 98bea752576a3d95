import type { ReportItem } from "./conversion";

/** Adds what has to be known of a conversion, unless the same thing of the same place has been said. */
export function reportOnce(report: ReportItem[], item: ReportItem): void {
  const { file, line, what, why } = item;
  const isSaid = report.some(
    (other) => other.file === file && other.line === line && other.what === what && other.why === why,
  );
  if (!isSaid) report.push(item);
}
