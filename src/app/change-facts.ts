import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { messageText } from "#base/message";
import type { HostFailure } from "#core/expr/host";
import type { Workspace } from "#core/workspace/workspace";
import { affectedDiagnosticCodes } from "#engine/affected/codes";
import type { ExprHostOptions } from "#engine/exec/expr-host";
import type { Host } from "#system/host";
import { defaultBaseOf } from "./default-base";

/** What expressions compare with, and which packages are affected. Nothing is asked before an expression asks. */
export function changeFacts(
  workspace: Workspace,
  { host, base }: { readonly host: Host; readonly base?: string },
): Pick<ExprHostOptions, "base" | "defaultBranch" | "affected"> {
  const branch = defaultBaseOf(workspace);
  let asked: Promise<Result<ReadonlySet<string>, HostFailure>> | undefined;
  return {
    ...(base === undefined ? {} : { base }),
    ...(branch === undefined ? {} : { defaultBranch: branch }),
    affected: async (dir) => {
      asked ??= affectedFolders(workspace, { host, ...(base === undefined ? {} : { base }) });
      const folders = await asked;
      return folders.ok ? ok(folders.value.has(dir)) : folders;
    },
  };
}

async function affectedFolders(
  workspace: Workspace,
  question: { readonly host: Host; readonly base?: string },
): Promise<Result<ReadonlySet<string>, HostFailure>> {
  const [{ affectedIn, startChanges }, { changeScope }] = await Promise.all([
    import("./affected"),
    import("./change-scope"),
  ]);
  const scope = changeScope(workspace);
  const search = startChanges({ ...question, cwd: workspace.root, committedOnly: false });
  const found = await search.finish(scope);
  if (!found.ok) {
    const [problem] = found.error.diagnostics;
    return err({
      reason: problem === undefined ? "git gave no answer" : messageText(affectedDiagnosticCodes, problem),
    });
  }
  const reach = { dependents: true, excludeSelf: false, dependencies: false };
  const affected = await affectedIn(scope, found.value, reach);
  return ok(new Set([...affected.keys()].flatMap((name) => workspace.packages.get(name)?.dir ?? [])));
}
