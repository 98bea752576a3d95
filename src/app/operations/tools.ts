import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { lockedTool } from "#core/toolchain/lock-file";
import { parseToolName, toolLabel } from "#core/toolchain/tool-name";
import { packageTools, taskTools } from "#core/toolchain/tool-request";
import type { ReadRequests, ToolRequest } from "#core/toolchain/tool-request";
import { parseVersionRequest } from "#core/toolchain/version-request";
import { taskKeyPlace } from "#core/config/config";
import type { Package, Workspace } from "#core/workspace/workspace";
import { requestProblems } from "#app/tools/ensure-tools";
import { findTools, readLocks } from "#app/tools/find-tools";
import { isForHost, lockPath } from "#app/tools/tool-setting";
import type { ToolSetting } from "#app/tools/tool-setting";

/** What packages ask for, each request once, and what is wrong with those that can't be read. */
interface AskedTools {
  readonly requests: readonly ToolRequest[];
  readonly problems: Diagnostic[];
}

function readTools(packages: Iterable<Package>, { tasks }: { readonly tasks: boolean }): AskedTools {
  const read: ReadRequests[] = [];
  for (const pkg of packages) {
    read.push(packageTools(pkg.config.files));
    if (!tasks) continue;
    for (const entry of pkg.config.tasks.values()) {
      const { table, sources } = pkg.resolve(entry);
      if (table.tools !== undefined)
        read.push(taskTools(table.tools, (key) => taskKeyPlace(sources, "tools", key)));
    }
  }
  const seen = new Map<string, ToolRequest>();
  for (const { requests } of read)
    for (const request of requests) {
      const key = [toolLabel(request.tool), request.request, request.url ?? "", String(request.isUsers)].join(
        "\0",
      );
      if (!seen.has(key)) seen.set(key, request);
    }
  return { requests: [...seen.values()], problems: read.flatMap(requestProblems) };
}

/** Everything that a workspace asks for, its tasks included. */
export const readWorkspaceTools = ({ packages }: Workspace): AskedTools =>
  readTools(packages.values(), { tasks: true });

/** What packages ask for and, where `tasks` says so, their tasks; each request once. */
export function askedTools(
  packages: Iterable<Package>,
  { tasks }: { readonly tasks: boolean },
): Result<readonly ToolRequest[], readonly Diagnostic[]> {
  const { requests, problems } = readTools(packages, { tasks });
  return problems.length > 0 ? err(problems) : ok(requests);
}

/** Everything that a workspace asks for. */
export const workspaceTools = ({
  packages,
}: Workspace): Result<readonly ToolRequest[], readonly Diagnostic[]> =>
  askedTools(packages.values(), { tasks: true });

/** One line of a listing. */
export interface ListedTool {
  readonly tool: string;
  readonly request: string;
  /** Undefined where no lock says what the request means. */
  readonly version?: string;
  readonly state: "installed" | "missing" | "system" | "not for this system";
  readonly home?: string;
  readonly file: string;
}

/** What is asked for, with what it means and whether it is there. */
export async function listTools(
  requests: readonly ToolRequest[],
  setting: ToolSetting,
): Promise<Result<readonly ListedTool[], readonly Diagnostic[]>> {
  const found = await findTools(requests, setting);
  if (!found.ok) return found;
  const locks = await readLocks(requests, setting);
  if (!locks.ok) return locks;
  return ok(
    requests.map((request): ListedTool => {
      const tool = toolLabel(request.tool);
      const said = { tool, request: request.request, file: request.place.file };
      if (request.request === "system") return { ...said, state: "system" };
      const lock = locks.value.get(lockPath(request, setting));
      const version = lock === undefined ? undefined : lockedTool(lock, tool, request.request)?.version;
      const versioned = version === undefined ? said : { ...said, version };
      if (!isForHost(request, setting.host)) return { ...versioned, state: "not for this system" };
      const ready = found.value.ready.find((one) => one.request === request);
      return ready === undefined
        ? { ...versioned, state: "missing" }
        : { ...versioned, state: "installed", home: ready.home };
    }),
  );
}

/** A request in the words of a command line: `node@22`, `npm:@scope/name@1`, `go`. What has no version is asked for as the workspace does, else as the newest. */
export function namedTool(word: string, asked: readonly ToolRequest[]): Result<ToolRequest, Diagnostic> {
  const at = word.lastIndexOf("@");
  const slash = word.lastIndexOf("/");
  const hasVersion = at > 0 && at > slash && word[at - 1] !== ":";
  const name = hasVersion ? word.slice(0, at) : word;
  const tool = parseToolName(name);
  const place = { file: "" };
  if (tool === undefined) return err({ code: "E410", severity: "error", data: { name, known: [] } });
  const known = asked.find(
    (request) => toolLabel(request.tool) === toolLabel(tool) || request.tool.name === name,
  );
  if (!hasVersion) return ok(known ?? { tool, request: "latest", isUsers: false, place });
  const request = word.slice(at + 1);
  if (parseVersionRequest(request) === undefined)
    return err({ code: "E411", severity: "error", data: { tool: toolLabel(tool), version: request } });
  return ok({ ...(known ?? { tool, isUsers: false }), request, place });
}
