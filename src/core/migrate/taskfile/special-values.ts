import { textPieces } from "#core/migrate/pieces";
import type { LoadedTaskfile } from "./load-taskfiles";
import { STAR, type TemplateValue } from "./template-value";

/** A task, for the names that are about it. */
interface SpecialContext {
  readonly task: string;
  /** Its name with its namespace. */
  readonly full: string;
  readonly file: LoadedTaskfile;
}

type Special = (context: SpecialContext) => TemplateValue;

const below = (path: string): TemplateValue => [
  { kind: "folder" },
  ...textPieces(path === "" ? "" : `/${path}`),
];

const withoutEqual = (name: string): readonly [string, Special] => [
  name,
  () => [{ kind: "unknown", what: `{{.${name}}}`, why: "it has no equal" }],
];

const constant = (name: string, text: string): readonly [string, Special] => [name, () => textPieces(text)];

const SPECIALS: ReadonlyMap<string, Special> = new Map<string, Special>([
  ["CLI_ARGS", () => [{ kind: "arguments" }]],
  ["CLI_ARGS_LIST", () => [{ kind: "arguments" }]],
  ["TASK", ({ full }) => textPieces(full)],
  ["ALIAS", ({ full }) => textPieces(full)],
  ["ROOT_DIR", () => below("")],
  ["ROOT_TASKFILE", () => below("Taskfile.yml")],
  ["TASKFILE", ({ file }) => below(file.source.file)],
  ["TASKFILE_DIR", ({ file }) => below(folderOf(file.source.file))],
  ["TASK_DIR", ({ file }) => below(file.folder)],
  [
    "MATCH",
    ({ task }) => ({ kind: "list", items: (task.match(/\*/g) ?? []).map((_, index) => `${STAR}${index}`) }),
  ],
  constant("TASK_EXE", "task"),
  ...["CLI_FORCE", "CLI_SILENT", "CLI_VERBOSE", "CLI_OFFLINE"].map((name) => constant(name, "false")),
  ...["USER_WORKING_DIR", "TASK_VERSION", "CHECKSUM", "TIMESTAMP", "EXIT_CODE"].map(withoutEqual),
]);

const folderOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");

/** Names that every template has; undefined for others. */
export const specialValue = (name: string, context: SpecialContext): TemplateValue | undefined =>
  SPECIALS.get(name)?.(context);
