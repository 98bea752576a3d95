import type { Diagnostic } from "#base/diagnostic";
import type { SourceFile } from "./config";
import type { Kind } from "./schema/kinds";
import { document } from "./schema/sections";

/** A key that this version checks but can't act on. */
export interface LaterKey {
  readonly path: readonly (string | number)[];
  readonly feature: string;
}

/** Every key of a checked value that belongs to a later version, outermost only, in document order. */
function laterKeys(kind: Kind, value: unknown, path: readonly (string | number)[] = []): LaterKey[] {
  switch (kind.type) {
    case "union":
      return kind.options.flatMap((option) => laterKeys(option, value, path));
    case "list":
      return Array.isArray(value)
        ? value.flatMap((item, index) => laterKeys(kind.item, item, [...path, index]))
        : [];
    case "map":
      return entriesOf(value).flatMap(([key, item]) => laterKeys(kind.value, item, [...path, key]));
    case "table":
      return entriesOf(value).flatMap(([key, item]) => {
        const field = Object.hasOwn(kind.fields, key) ? kind.fields[key] : undefined;
        if (field === undefined || item === undefined) return [];
        if (isOff(item)) return [];
        return field.later === undefined
          ? laterKeys(field.kind, item, [...path, key])
          : [{ path: [...path, key], feature: field.later }];
      });
    default:
      return [];
  }
}

/** A key set to what happens anyway asks for nothing. */
const isOff = (value: unknown): boolean => value === false || (Array.isArray(value) && value.length === 0);

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

/** Sections that decide how any task is run: what they ask for and this version can't do has to be refused. */
const RUN_SECTIONS = ["global", "ui", "include", "tools"] as const;

/** Problems of settings that a run would have to follow and can't. Keys of tasks are refused where they are planned. */
export function laterRunSettings(files: readonly SourceFile[]): Diagnostic[] {
  // The root's file stands among those of each of its packages.
  const unique = new Map(files.map((file) => [file.path, file])).values();
  return [...unique].flatMap((file) => {
    const isTouched = RUN_SECTIONS.some((section) => file.document[section] !== undefined);
    if (!isTouched) return [];
    const relevant = Object.fromEntries(RUN_SECTIONS.map((section) => [section, file.document[section]]));
    return laterKeys(document, relevant).map((key) => laterProblem(file, key, "error"));
  });
}

/** Everything in a file that this version can't do, for a check of the file. */
export function laterSettings(file: SourceFile): Diagnostic[] {
  const { tasks: _tasks, templates: _templates, ...rest } = file.document;
  return laterKeys(document, rest).map((key) => laterProblem(file, key, "warning"));
}

function laterProblem(
  file: SourceFile,
  { path, feature }: LaterKey,
  severity: Diagnostic["severity"],
): Diagnostic {
  const [section, ...inner] = path;
  const data = {
    key: inner.length === 0 ? `[${section ?? ""}]` : inner.join("."),
    where: inner.length === 0 ? "this file" : `[${section ?? ""}]`,
    feature,
  };
  return {
    code: "E166",
    severity,
    data,
    place: { file: file.path, path, target: inner.length === 0 ? "header" : "key" },
  };
}
