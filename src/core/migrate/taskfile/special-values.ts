import { textPieces } from "#core/migrate/pieces";
import type { LoadedTaskfile } from "./load-taskfiles";
import type { TemplateValue } from "./template-values";

/** Names that every template has; undefined for others. */
// oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
export function specialValue(
  name: string,
  { task, full, file }: { readonly task: string; readonly full: string; readonly file: LoadedTaskfile },
): TemplateValue | undefined {
  const { folder, source } = file;
  switch (name) {
    case "CLI_ARGS":
      return [{ kind: "arguments" }];
    case "CLI_ARGS_LIST":
      return [{ kind: "arguments" }];
    case "TASK":
      return textPieces(full);
    case "ROOT_DIR":
      return [{ kind: "folder" }];
    case "TASKFILE_DIR": {
      const at = source.file.includes("/") ? source.file.slice(0, source.file.lastIndexOf("/")) : "";
      return [{ kind: "folder" }, ...textPieces(at === "" ? "" : `/${at}`)];
    }
    case "TASKFILE":
      return [{ kind: "folder" }, ...textPieces(`/${source.file}`)];
    case "TASK_DIR":
      return [{ kind: "folder" }, ...textPieces(folder === "" ? "" : `/${folder}`)];
    case "ROOT_TASKFILE":
      return [{ kind: "folder" }, ...textPieces("/Taskfile.yml")];
    case "MATCH":
      return { kind: "list", items: (task.match(/\*/g) ?? []).map(() => "\u0000") };
    case "TASK_EXE":
      return textPieces("task");
    case "CLI_FORCE":
    case "CLI_SILENT":
    case "CLI_VERBOSE":
    case "CLI_OFFLINE":
      return textPieces("false");
    case "ALIAS":
      return textPieces(full);
    case "USER_WORKING_DIR":
    case "TASK_VERSION":
    case "CHECKSUM":
    case "TIMESTAMP":
    case "EXIT_CODE":
      return [{ kind: "unknown", what: `{{.${name}}}`, why: "it has no equal" }];
    default:
      return undefined;
  }
}
