import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { DoctorCheck, Finding } from "#engine/onboard/finding";
import { listTools, readWorkspaceTools } from "#app/operations/tools";
import type { ListedTool } from "#app/operations/tools";
import { installTools } from "#app/tools/install-tools";
import { programOf } from "#app/tools/program-of";
import type { DoctorContext } from "./doctor-context";
import { problemLine } from "./setup-context";

const LIMIT_MS = 10_000;

/** Every tool that `[tools]` asks for: what is wanted, what is there, and where. */
export const toolsCheck = ({ workspace, host }: DoctorContext): DoctorCheck => ({
  name: "tools",
  limitMs: LIMIT_MS,
  look: async () => {
    const { requests, problems } = readWorkspaceTools(workspace);
    const setting = { host, root: workspace.root };
    const wrong = problems.map((problem): Finding => ({
      check: "tools",
      name: "[tools]",
      state: "failed",
      detail: problemLine([problem]),
    }));
    const listed = await listTools(requests, setting);
    if (!listed.ok)
      return [
        ...wrong,
        {
          check: "tools",
          name: "zr.lock",
          state: "failed",
          detail: problemLine(listed.error),
          fix: "zr tools install",
        },
      ];
    const mend = async (signal: AbortSignal): Promise<Result<string, string>> => {
      const installed = await installTools(requests, setting, { signal, report: () => undefined });
      return installed.ok ? ok("installed") : err(problemLine(installed.error));
    };
    const found = listed.value.map(async (tool) =>
      findingOf(tool, { found: await programOf(tool.tool, host), mend }),
    );
    return [...wrong, ...(await Promise.all(found))];
  },
});

function findingOf(
  { tool, request, version, state, home }: ListedTool,
  { found, mend }: { readonly found: string | undefined; readonly mend: NonNullable<Finding["mend"]> },
): Finding {
  const about = { check: "tools", name: tool };
  const wanted = version === undefined || version === request ? request : `${request} (${version})`;
  switch (state) {
    case "installed":
      return { ...about, state: "ok", detail: `${wanted}: ${home ?? ""}` };
    case "not for this system":
      return { ...about, state: "skipped", detail: `${request}: not for this system` };
    case "system":
      return found === undefined
        ? {
            ...about,
            state: "failed",
            detail: "the system's is wanted, and PATH has none",
            hint: `install ${tool}, or ask for a version of it in [tools]`,
          }
        : { ...about, state: "ok", detail: `the system's: ${found}` };
    case "missing": {
      const other = found === undefined ? "" : `; PATH has another one: ${found}`;
      return {
        ...about,
        state: "failed",
        detail: `${wanted} is not installed${other}`,
        fix: "zr tools install",
        mend,
      };
    }
  }
}
