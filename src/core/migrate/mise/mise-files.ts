import { openDocument } from "#core/config/toml/locate";
import type { ReadFailure } from "#core/config/toml/read-failure";
import { readValues } from "#core/config/toml/read-values";
import type { Diagnostic, KeyPath } from "#base/diagnostic";
import { relativeTo } from "#base/path";
import { err, ok, type Result } from "#base/result";
import type { SourceReader } from "#core/migrate/conversion";
import type { SourcePlace } from "#core/migrate/conversion-report";
import type { Table } from "#base/value-at";

/** A file of mise with its places. */
export interface MiseFile {
  readonly file: string;
  readonly value: Table;
  readonly place: (...path: KeyPath) => SourcePlace;
  readonly comments: (...path: KeyPath) => readonly string[];
}

/** Names in the order in which later ones win (mise.jdx.dev, "Configuration"). */
const NAMES = [
  ".config/mise/config.toml",
  ".config/mise/mise.toml",
  ".config/mise.toml",
  ".mise/config.toml",
  "mise/config.toml",
  ".rtx.toml",
  "mise.toml",
  ".mise.toml",
];

/** Files that belong to one person or one environment: they are told, not read. */
const OTHERS = ["{,.}mise.local.toml", "{,.}mise.*.toml", ".config/mise/conf.d/*.toml"];

/** The configuration files of a folder, those that win last. Problems: E480 where there is none, E481 for one that is no TOML. */
export async function readMiseFiles(
  folder: string,
  source: string | undefined,
  reader: SourceReader,
): Promise<
  Result<{ readonly files: readonly MiseFile[]; readonly others: readonly string[] }, readonly Diagnostic[]>
> {
  const paths = source === undefined ? NAMES.map((name) => `${folder}/${name}`) : [source];
  const files: MiseFile[] = [];
  for (const path of paths) {
    const read = await reader.readText(path);
    if (read.kind !== "text") continue;
    const opened = openMiseFile(read.text, relativeTo(folder, path));
    if (!opened.ok) return err([{ code: "E481", severity: "error", data: { path, reason: opened.error } }]);
    files.push(opened.value);
  }
  if (files.length === 0)
    return err([{ code: "E480", severity: "error", data: { what: "mise.toml", path: folder } }]);
  const others =
    source === undefined ? await Promise.all(OTHERS.map((glob) => reader.glob(glob, folder))) : [];
  const known = new Set(files.map(({ file }) => file));
  return ok({
    files,
    others: [...new Set(others.flat().map((path) => relativeTo(folder, path)))]
      .filter((file) => !known.has(file))
      .sort(),
  });
}

/** Reads a text as a file of mise; the error is why it is none. */
export function openMiseFile(text: string, file: string): Result<MiseFile, string> {
  const values = readValues(text);
  if (!values.ok) return err(unreadable(values.error));
  const document = openDocument(text);
  if (!document.ok) return err(document.error.reason);
  const { value } = document;
  return ok({
    file,
    value: values.value,
    place: (...path) => {
      const span = value.spanOf(path, "key");
      return { file, line: span === undefined ? 1 : text.slice(0, span.start).split("\n").length };
    },
    comments: (...path) => (value.has(path) ? value.commentsBefore(path) : []),
  });
}

/** A script whose head says what it is as a task. */
export interface TaskFile {
  /** Relative to the folder that is converted. */
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

const FOLDERS = ["mise-tasks", ".mise-tasks", "mise/tasks", ".mise/tasks", ".config/mise/tasks"];

/** Scripts in the folders of tasks: `db/migrate.sh` is `db:migrate`. Files without a `#!` line are no scripts. */
export async function readTaskFiles(
  folder: string,
  reader: SourceReader,
  included: readonly string[] | undefined,
): Promise<{ readonly scripts: readonly TaskFile[]; readonly noScripts: readonly string[] }> {
  const scripts: TaskFile[] = [];
  const noScripts: string[] = [];
  for (const dir of included ?? FOLDERS) {
    for (const path of await reader.glob(`${dir.replace(/^\.\//, "").replace(/\/+$/, "")}/**/*`, folder)) {
      const file = relativeTo(folder, path);
      const read = await reader.readText(path);
      if (read.kind !== "text" || file.endsWith(".toml")) continue;
      if (!read.text.startsWith("#!")) {
        noScripts.push(file);
        continue;
      }
      const inside = file.slice(dir.replace(/^\.\//, "").replace(/\/+$/, "").length + 1);
      const name = inside
        .replace(/(^|\/)([^/]+?)\.[A-Za-z0-9]+$/, "$1$2")
        .replace(/\/_default$/, "")
        .replaceAll("/", ":");
      scripts.push({ file, name, text: read.text });
    }
  }
  return { scripts, noScripts };
}

/** The head of a script as a table: `#MISE depends=["a"]`, and its `#USAGE` lines. */
export function taskFileHead(
  text: string,
): Result<{ readonly table: Table; readonly usage: string }, string> {
  const settings: string[] = [];
  const usage: string[] = [];
  for (const line of text.split("\n").slice(1)) {
    const setting = /^\s*(?:#|\/\/|--|;|::)\s*(?:MISE|\[MISE\]|RTX)\s+(.+)$/.exec(line)?.[1];
    if (setting !== undefined) settings.push(setting);
    const spec = /^\s*(?:#|\/\/|--|;|::)\s*(?:USAGE|\[USAGE\])\s?(.*)$/.exec(line)?.[1];
    if (spec !== undefined) usage.push(spec);
  }
  const values = readValues(settings.join("\n"));
  return values.ok
    ? ok({ table: values.value, usage: usage.join("\n") })
    : err("its #MISE lines are no TOML");
}

function unreadable(failure: ReadFailure): string {
  switch (failure.kind) {
    case "syntax":
      return failure.reason;
    case "encoding":
      return "it is not text in UTF-8";
    case "too-large":
      return `it has ${failure.length} characters, and at most ${failure.limit} are read`;
    case "too-deep":
      return `its tables and arrays lie more than ${failure.limit} deep in each other`;
  }
}
