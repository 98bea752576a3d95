import { relativeTo } from "#base/path";
import { lockedTool } from "#core/toolchain/lock-file";
import { toolLabel } from "#core/toolchain/tool-name";
import { packageTools } from "#core/toolchain/tool-request";
import { fitsRequest, parseVersionRequest } from "#core/toolchain/version-request";
import type { Package } from "#core/workspace/workspace";
import type { DoctorCheck, Finding } from "#engine/onboard/finding";
import { languageProjects } from "#app/language-projects";
import { workspaceLanguages } from "#app/workspace-languages";
import { readLocks } from "#app/tools/find-tools";
import { programOf } from "#app/tools/program-of";
import { lockPath } from "#app/tools/tool-setting";
import { captureCommand } from "#system/process/capture";
import type { DoctorContext } from "./doctor-context";

const LIMIT_MS = 10_000;
/** How programs are asked for their version, in turn. */
const QUESTIONS = ["--version", "version"];

/** The version that is used in a package, and where it comes from. */
interface UsedVersion {
  readonly version: string;
  readonly from: string;
}

/** Versions that the files of other tools ask for, such as `.nvmrc`, against those that tasks get. */
export const versionsCheck = (context: DoctorContext): DoctorCheck => ({
  name: "tools",
  limitMs: LIMIT_MS,
  heedsSignal: true,
  look: async () => {
    const { workspace } = context;
    const answers = new Map<string, Promise<UsedVersion | undefined>>();
    const providers = await workspaceLanguages(workspace);
    const findings = await Promise.all(
      [...workspace.packages.values()].map(async (pkg): Promise<readonly Finding[]> => {
        const languages = await languageProjects(pkg.dir, workspace.root, providers);
        const found = await Promise.all(
          languages.map(async ({ versions: [wanted] }): Promise<Finding | undefined> => {
            const asked = wanted?.isLeast === true ? `>=${wanted.request}` : wanted?.request;
            const request = asked === undefined ? undefined : parseVersionRequest(asked);
            if (wanted === undefined || request === undefined) return undefined;
            const file =
              pkg.dir === workspace.root
                ? wanted.from
                : `${relativeTo(workspace.root, pkg.dir)}/${wanted.from}`;
            const about = { check: "tools", name: wanted.tool };
            const used = await usedVersion(wanted.tool, pkg, { context, answers });
            if (used === undefined) return undefined;
            const detail = `${file} asks for ${asked}; ${used.from} ${used.version}`;
            return fitsRequest(used.version, request)
              ? { ...about, state: "ok", detail }
              : {
                  ...about,
                  state: "warning",
                  detail,
                  hint: `ask for ${wanted.tool} = "${wanted.request}" in [tools], or change ${file}`,
                };
          }),
        );
        return found.filter((finding) => finding !== undefined);
      }),
    );
    return findings.flat();
  },
});

interface Search {
  readonly context: DoctorContext;
  /** What programs have said, by their paths. */
  readonly answers: Map<string, Promise<UsedVersion | undefined>>;
}

/** By `[tools]` and what its lock pins, else by the program on PATH. Undefined where nobody knows. */
async function usedVersion(
  tool: string,
  { config }: Package,
  { context, answers }: Search,
): Promise<UsedVersion | undefined> {
  const { host, workspace } = context;
  const setting = { host, root: workspace.root };
  const asked = packageTools(config.files).requests.find(({ tool: { name } }) => name === tool);
  if (asked !== undefined && asked.request !== "system") {
    const locks = await readLocks([asked], setting);
    const lock = locks.ok ? locks.value.get(lockPath(asked, setting)) : undefined;
    const locked = lock === undefined ? undefined : lockedTool(lock, toolLabel(asked.tool), asked.request);
    return locked === undefined ? undefined : { version: locked.version, from: "[tools] gives" };
  }
  const path = await programOf(tool, { env: host.env, cwd: workspace.root });
  if (path === undefined) return undefined;
  let answer = answers.get(path);
  if (answer === undefined) answers.set(path, (answer = askProgram(path, context)));
  return answer;
}

async function askProgram(
  path: string,
  { host: { env }, workspace, signal }: DoctorContext,
): Promise<UsedVersion | undefined> {
  for (const question of QUESTIONS) {
    const ran = await captureCommand({
      argv: [path, question],
      cwd: workspace.root,
      env,
      limitMs: LIMIT_MS / 2,
      signal,
    });
    if (!ran.ok || ran.value.exitCode !== 0) continue;
    const version = /\d+\.\d+(?:\.\d+)?/.exec(ran.value.stdout + ran.value.stderr)?.[0];
    if (version !== undefined) return { version, from: `${path} is` };
  }
  return undefined;
}
