import { agentDiagnosticCodes } from "#app/agent-codes";
import { benchDiagnosticCodes } from "#app/bench-codes";
import { cacheDiagnosticCodes } from "#core/cache/codes";
import { askDiagnosticCodes } from "#app/ask-codes";
import { hookDiagnosticCodes } from "#core/config/hook-codes";
import { artifactDiagnosticCodes } from "#app/artifact-codes";
import { cacheCommandCodes } from "#app/cache-codes";
import { scaffoldDiagnosticCodes } from "#app/scaffold/codes";
import { liveDiagnosticCodes } from "#app/live-codes";
import { pageDiagnosticCodes } from "#app/page-codes";
import { editorDiagnosticCodes } from "#core/editor/codes";
import { tomlDiagnosticCodes } from "#core/config/toml/codes";
import { exprDiagnosticCodes } from "#core/expr/codes";
import { coreDiagnosticCodes } from "#core/model/diagnostic-codes";
import type { CodeEntry, CodeTable } from "#core/model/diagnostic-codes";
import { watchDiagnosticCodes } from "#core/watch/codes";
import { workflowDiagnosticCodes } from "#core/workspace/workflow-codes";
import { affectedDiagnosticCodes } from "#engine/affected/codes";
import { packageDiagnosticCodes } from "#core/workspace/package-codes";
import { envDiagnosticCodes } from "#engine/env/codes";
import { toolDiagnosticCodes } from "#engine/toolchain/codes";
import { languageDiagnosticCodes } from "#languages/codes";
import { onboardDiagnosticCodes } from "#engine/onboard/codes";
import { releaseDiagnosticCodes } from "#engine/release/codes";
import { historyDiagnosticCodes } from "#engine/history/codes";
import { migrateDiagnosticCodes } from "#core/migrate/codes";

/** A part of zr and the codes of its problems. */
export interface CodeGroup {
  readonly title: string;
  readonly codes: CodeTable;
}

/** Codes of commands that change files. */
export const fileDiagnosticCodes = {
  E190: {
    message: "can't write {path}: {reason}",
    doc: "The system does not let zr write the file. It is as it was before; one that a run is written to as it goes, as by `--log-file`, has what could be written.",
    example: "$ zr schema --out .",
    exit: 2,
  },
  E191: {
    message: "can't change {path}: {reason}",
    doc: "The file is valid, but the entry can't be changed without changing others. Edit it by hand.",
    example: 'alias = { b = "run build", t = "run test" }\n\n$ zr alias remove b',
    exit: 2,
  },
  E192: {
    message: "alias '{name}' does not exist",
    doc: "`zr alias remove` takes a name from `[alias]` of the nearest zr.toml.",
    example: '[alias]\nb = "run build"\n\n$ zr alias remove c',
    exit: 2,
  },
} as const satisfies CodeTable;

/** The tables of all parts, in the order of their numbers. Each code stands in one of them. */
export const codeGroups: readonly CodeGroup[] = [
  { title: "TOML", codes: tomlDiagnosticCodes },
  { title: "Configuration, command line and plans", codes: coreDiagnosticCodes },
  { title: "Files", codes: fileDiagnosticCodes },
  { title: "Pages", codes: pageDiagnosticCodes },
  { title: "Artifacts", codes: artifactDiagnosticCodes },
  { title: "Runs in progress", codes: liveDiagnosticCodes },
  { title: "Expressions", codes: exprDiagnosticCodes },
  { title: "Workflows", codes: workflowDiagnosticCodes },
  { title: "Benchmarks", codes: benchDiagnosticCodes },
  { title: "Hooks", codes: hookDiagnosticCodes },
  { title: "Environment", codes: envDiagnosticCodes },
  { title: "Cached files", codes: cacheDiagnosticCodes },
  { title: "Watching", codes: watchDiagnosticCodes },
  { title: "Packages", codes: packageDiagnosticCodes },
  { title: "Packages of languages", codes: languageDiagnosticCodes },
  { title: "Tools", codes: toolDiagnosticCodes },
  { title: "Changes", codes: affectedDiagnosticCodes },
  { title: "History", codes: historyDiagnosticCodes },
  { title: "Looking after the cache", codes: cacheCommandCodes },
  { title: "Asked for by programs", codes: agentDiagnosticCodes },
  { title: "Taking over other tools", codes: migrateDiagnosticCodes },
  { title: "Editors", codes: editorDiagnosticCodes },
  { title: "Upgrading", codes: releaseDiagnosticCodes },
  { title: "Setting up", codes: onboardDiagnosticCodes },
  { title: "Adding and generating", codes: scaffoldDiagnosticCodes },
  { title: "Plain words", codes: askDiagnosticCodes },
];

/** All codes in one table. */
export const diagnosticCodes: CodeTable = Object.assign({}, ...codeGroups.map((group) => group.codes));

/** The entry of a code, however its letter is written. */
export function findCode(code: string): CodeEntry | undefined {
  const name = code.toUpperCase();
  return Object.hasOwn(diagnosticCodes, name) ? diagnosticCodes[name] : undefined;
}
