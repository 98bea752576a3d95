import type { PackageConfig } from "./config";
import type { ConfigDocument, GlobalTable } from "./schema/sections";

export type UiTable = NonNullable<ConfigDocument["ui"]>;
export type HistoryTable = NonNullable<ConfigDocument["history"]>;

/** What the files that a package follows say of its runs, besides their plans: of each key the last word. Plain data. */
export interface RunSettings {
  readonly global: GlobalTable;
  readonly ui: UiTable;
  readonly history: HistoryTable;
  /** Absolute paths of those files. */
  readonly files: readonly string[];
}

/** A package's files are the root's and its own, lowest first. */
export function runSettings({ files, global }: PackageConfig): RunSettings {
  let ui: UiTable = {};
  let history: HistoryTable = {};
  for (const { document } of files) {
    if (document.ui !== undefined) ui = Object.assign({}, ui, document.ui);
    if (document.history !== undefined) history = Object.assign({}, history, document.history);
  }
  return { global, ui, history, files: files.map(({ path }) => path) };
}
