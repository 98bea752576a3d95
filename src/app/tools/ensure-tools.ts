import type { Diagnostic } from "#base/diagnostic";
import { err } from "#base/result";
import type { Result } from "#base/result";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ReadRequests, ToolRequest } from "#core/toolchain/tool-request";
import { findTools } from "./find-tools";
import type { FoundTools, MissingTool } from "./find-tools";
import type { ToolSetting } from "./tool-setting";
import type { Watched } from "./tool-work";

/** How a command that needs tools goes about those that are missing. */
export interface ToolGate extends Watched {
  /** Whether these may be installed now: `node 20.11.1`. */
  readonly mayInstall: (tools: readonly string[]) => Promise<boolean>;
  /** Called when the last has been installed, before anything else is said. */
  readonly done: () => Promise<void>;
}

/** What is wrong with requests that can't be read. */
export const requestProblems = ({ problems }: ReadRequests): readonly Diagnostic[] =>
  problems.map(({ code, name, version, place }) => ({
    code,
    severity: "error",
    data: code === "E410" ? { name, known: [] } : { tool: name, version },
    place,
  }));

/** The tools of the requests; those that are missing are installed where the gate lets them be. */
export async function ensureTools(
  requests: readonly ToolRequest[],
  setting: ToolSetting,
  openGate: (() => Promise<ToolGate>) | undefined,
): Promise<Result<FoundTools, readonly Diagnostic[]>> {
  const found = await findTools(requests, setting);
  if (!found.ok || found.value.missing.length === 0 || openGate === undefined) return found;
  const { missing } = found.value;
  const { unknownTools } = await import("./unknown-tools");
  const unknown = await unknownTools(missing.map(({ request }) => request));
  if (unknown.length > 0) return err(unknown);
  const gate = await openGate();
  if (!(await gate.mayInstall(missing.map(wanted)))) return err(missing.map(notInstalled));
  const { installTools } = await import("./install-tools");
  const installed = await installTools(
    missing.map(({ request }) => request),
    setting,
    gate,
  );
  await gate.done();
  // Also where all of it was there in the end: whoever interrupts wants nothing to be started.
  if (gate.signal.aborted) return err([interrupted(missing.map(wanted))]);
  return installed.ok ? findTools(requests, setting) : installed;
}

/** `node 20.11.1`, or `node 20` where it is not known what that means. */
const wanted = ({ request, locked }: MissingTool): string =>
  `${toolLabel(request.tool)} ${locked?.version ?? request.request}`;

const interrupted = (tools: readonly string[]): Diagnostic => ({
  code: "E426",
  severity: "error",
  data: { tools: tools.join(", ") },
});

const notInstalled = (missing: MissingTool): Diagnostic => ({
  code: "E414",
  severity: "error",
  data: { tool: wanted(missing) },
  place: missing.request.place,
});
