import type { SetupStep } from "#core/onboard/setup-settings";
import type { SetupUnit, UnitEnd, UnitLook } from "#engine/onboard/setup-unit";
import type { InstallEvent } from "#engine/toolchain/install-archive";
import { formatSize } from "#base/size";
import { listTools, workspaceTools } from "#app/operations/tools";
import type { ListedTool } from "#app/operations/tools";
import { installTools } from "#app/tools/install-tools";
import { problemLine } from "./setup-context";
import type { SetupContext } from "./setup-context";
import { stepUnit } from "./step-unit";
import type { OwnStep } from "./step-unit";

const labelOf = ({ tool, version, request }: ListedTool): string => `${tool} ${version ?? request}`;

/** The step that installs everything that `[tools]` asks for. */
export function toolsUnit(step: SetupStep, needs: readonly string[], context: SetupContext): SetupUnit {
  const setting = { host: context.host, root: context.workspace.root };
  const work: OwnStep = {
    step,
    needs,
    look: async (): Promise<UnitLook> => {
      const asked = workspaceTools(context.workspace);
      if (!asked.ok) return { kind: "todo", detail: problemLine(asked.error) };
      if (asked.value.length === 0) return { kind: "skip", detail: "[tools] asks for none" };
      const listed = await listTools(asked.value, setting);
      if (!listed.ok) return { kind: "todo", detail: problemLine(listed.error) };
      const missing = listed.value.filter(({ state }) => state === "missing");
      if (missing.length > 0) return { kind: "todo", detail: missing.map(labelOf).join(", ") };
      return { kind: "done", detail: listed.value.map(labelOf).join(", ") };
    },
    act: async ({ signal, report }): Promise<UnitEnd> => {
      const asked = workspaceTools(context.workspace);
      if (!asked.ok) return { kind: "failed", reason: problemLine(asked.error) };
      const installed = await installTools(asked.value, setting, {
        signal,
        report: (event) => report(stateOf(event)),
      });
      if (!installed.ok)
        return { kind: "failed", reason: problemLine(installed.error), hint: "zr tools install" };
      return {
        kind: "done",
        detail: installed.value.map(({ request, version }) => `${request.tool.name} ${version}`).join(", "),
      };
    },
  };
  return stepUnit(work, context);
}

function stateOf(event: InstallEvent): string {
  const name = `${event.tool} ${event.version}`;
  switch (event.kind) {
    case "downloading":
      return event.total === undefined
        ? `${name} ${formatSize(event.bytes)}`
        : `${name} ${Math.floor((event.bytes / event.total) * 100)}% of ${formatSize(event.total)}`;
    case "unpacking":
      return `${name} is unpacked`;
    case "waiting":
      return `${name} waits for another zr`;
    default:
      return `${name} ${event.kind}`;
  }
}
