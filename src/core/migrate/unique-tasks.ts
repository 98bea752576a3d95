import type { ConvertedTask } from "./conversion";
import type { ConversionReport } from "./conversion-report";

/** The tasks of a file without those whose name another one has already: names differ less here than elsewhere. */
export function uniqueTasks(
  tasks: readonly ConvertedTask[],
  source: string,
  report: ConversionReport,
): readonly ConvertedTask[] {
  const taken = new Set<string>();
  return tasks.filter(({ name, place }) => {
    if (taken.has(name)) {
      report.leftOut(place ?? { file: source, line: 1 }, name, "another task has this name here");
      return false;
    }
    taken.add(name);
    return true;
  });
}
