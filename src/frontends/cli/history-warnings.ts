import type { HistoryWarning } from "#engine/history/open-history";
import { print } from "#system/stdio/print";

/** Says on stderr what is not as it should be with the history. */
export async function sayHistoryWarnings(warnings: readonly HistoryWarning[]): Promise<void> {
  for (const warning of warnings) await print("stderr", `zr: ${warningText(warning)}\n`);
}

function warningText(warning: HistoryWarning): string {
  switch (warning.kind) {
    case "moved-aside":
      return `the history was damaged (${warning.reason}) and is begun anew; the old one is ${warning.path}`;
    case "busy":
      return "the history is being written by another program; the newest runs may be missing here";
    case "unwritable":
      return `the history can't be written: ${warning.reason}; the newest runs may be missing here`;
  }
}
