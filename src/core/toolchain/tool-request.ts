import type { Place } from "#base/diagnostic";
import type { SourceFile } from "#core/config/config";
import type { ToolName } from "./tool-name";
import { parseToolName, toolLabel } from "./tool-name";
import { parseVersionRequest } from "./version-request";

/** One tool that a package or a task asks for. */
export interface ToolRequest {
  readonly tool: ToolName;
  /** Version request as written. */
  readonly request: string;
  /** Address of the archive, of `url` tools: `{version}`, `{os}` and `{arch}` are filled in. */
  readonly url?: string;
  readonly sha256?: string;
  readonly mirror?: string;
  /** Only on these systems. */
  readonly os?: readonly string[];
  /** Declared by the user's own configuration, whose lock is not the project's. */
  readonly isUsers: boolean;
  readonly place: Place;
}

/** Requests as far as they can be read, and what is wrong with the others. */
export interface ReadRequests {
  readonly requests: readonly ToolRequest[];
  readonly problems: readonly {
    readonly code: "E410" | "E411";
    readonly name: string;
    readonly version: string;
    readonly place: Place;
  }[];
}

/** What the files of a package ask for, lowest file first: a higher one wins tool by tool. */
export function packageTools(files: readonly SourceFile[]): ReadRequests {
  const requests = new Map<string, ToolRequest>();
  const problems: ReadRequests["problems"][number][] = [];
  for (const file of files) {
    for (const [key, value] of Object.entries(file.document.tools ?? {})) {
      const place = { file: file.path, path: ["tools", key] };
      const table = typeof value === "string" ? { version: value } : value;
      const read = readRequest(key, table, { place, isUsers: file.layer === "user" });
      if ("code" in read) problems.push(read);
      else requests.set(toolLabel(read.tool), read);
    }
  }
  return { requests: [...requests.values()], problems };
}

/** What a task asks for itself. */
export function taskTools(
  tools: Readonly<Record<string, string>>,
  placeOf: (key: string) => Place,
): ReadRequests {
  const read = Object.entries(tools).map(([key, version]) =>
    readRequest(key, { version }, { place: placeOf(key), isUsers: false }),
  );
  return {
    requests: read.flatMap((one) => ("code" in one ? [] : [one])),
    problems: read.flatMap((one) => ("code" in one ? [one] : [])),
  };
}

interface ToolTable {
  readonly version?: string;
  readonly backend?: string;
  readonly url?: string;
  readonly sha256?: string;
  readonly mirror?: string;
  readonly os?: readonly string[];
}

function readRequest(
  key: string,
  table: ToolTable,
  at: { readonly place: Place; readonly isUsers: boolean },
): ToolRequest | ReadRequests["problems"][number] {
  const { version = "latest", url, sha256, mirror, os } = table;
  const written = writtenName(key, table);
  const tool = parseToolName(written);
  if (tool === undefined) return { code: "E410", name: written, version, place: at.place };
  if (parseVersionRequest(version) === undefined)
    return { code: "E411", name: toolLabel(tool), version, place: at.place };
  return {
    tool,
    request: version.trim(),
    ...(url === undefined ? {} : { url }),
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
    ...(mirror === undefined ? {} : { mirror }),
    ...(os === undefined ? {} : { os }),
    ...at,
  };
}

/** `backend = "npm"` takes its name from the key, `backend = "npm:prettier"` says all; with a `url` alone it is one. */
function writtenName(key: string, { backend, url }: ToolTable): string {
  if (backend === undefined) return url !== undefined && !key.includes(":") ? `url:${key}` : key;
  if (backend === "core" || backend.includes(":")) return backend === "core" ? key : backend;
  return `${backend}:${key}`;
}
