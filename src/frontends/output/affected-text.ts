import type { AffectedReason } from "#core/affected/affected-packages";
import { visibleControls } from "./visible-text";

/** Files that are named of each package. */
const MOST_FILES = 3;

/** Why a package is affected, in one line without its name. */
export function affectedReasonText(reason: AffectedReason): string {
  switch (reason.kind) {
    case "files": {
      const shown = reason.files.slice(0, MOST_FILES).join(", ");
      const more = reason.files.length - MOST_FILES;
      return `changed: ${shown}${more > 0 ? ` and ${more} more` : ""}`;
    }
    case "global":
      return `changed: ${reason.file}, one of ${reason.key ?? "global_inputs"}`;
    case "lock":
      return reason.isKnown
        ? `other dependencies in ${reason.file}`
        : `${reason.file} changed, and it can't be told for whom`;
    case "depends":
      return `depends on what changed: ${reason.chain.join(" → ")}`;
    case "needed":
      return `needed by what is affected: ${reason.chain.toReversed().join(" → ")}`;
  }
}

/** One line for each package: its name and why it is affected. */
export function affectedText(packages: ReadonlyMap<string, AffectedReason>): string {
  const width = Math.max(0, ...[...packages.keys()].map((name) => name.length));
  return [...packages]
    .map(([name, reason]) => visibleControls(`${name.padEnd(width)}  ${affectedReasonText(reason)}`) + "\n")
    .join("");
}
