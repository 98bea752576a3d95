import { messageText } from "#base/message";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { exprDiagnosticCodes } from "#core/expr/codes";
import { evaluateCondition } from "#core/expr/evaluate";
import { parseExpression } from "#core/expr/parser";
import type { StepOptions } from "#core/onboard/setup-settings";
import type { Workspace } from "#core/workspace/workspace";
import { createExprHost, createExprMemo } from "#engine/exec/expr-host";
import type { Host } from "#system/host";

/** Whether the condition of a step holds; the reason in words where it can't be decided. */
export async function conditionHolds(
  { condition }: StepOptions,
  { root, rootPackage }: Workspace,
  { env, os, arch }: Host,
): Promise<Result<boolean, string>> {
  if (condition === undefined) return ok(true);
  const parsed = parseExpression(condition.source);
  const ci = env["CI"] ?? "";
  const host = createExprHost({
    root,
    packageDir: rootPackage.dir,
    env,
    platform: os,
    arch,
    ci: ci !== "" && ci !== "0" && ci !== "false",
    tty: false,
    shellRefusal: (env["ZR_NO_SHELL_EXPR"] ?? "") === "" ? null : "it is switched off by ZR_NO_SHELL_EXPR",
    memo: createExprMemo(),
    finished: () => null,
    output: () => undefined,
  });
  const { name, path, tags } = rootPackage;
  const scope = { vars: rootPackage.config.vars, package: { name, path, tags }, workspace: { root } };
  const verdict = parsed.ok ? await evaluateCondition(parsed.value, scope, host) : parsed;
  return verdict.ok ? verdict : err(`its condition: ${messageText(exprDiagnosticCodes, verdict.error)}`);
}
