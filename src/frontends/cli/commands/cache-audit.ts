import type { LoadedWorkspace } from "#app/load-workspace";
import { startAudit } from "#app/operations/cache-audit";
import type { AuditedInstance } from "#app/operations/cache-audit";
import { planLoaded } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import type { ParsedCommand } from "#frontends/cli/command";
import { pairs, planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, listOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { createRenderer } from "#frontends/output/create-renderer";
import { count } from "#frontends/output/entry-text";
import { jsonDocument } from "#frontends/output/json-document";
import { visibleControls } from "#frontends/output/visible-text";
import { onEndSignals } from "#system/signals";
import { print } from "#system/stdio/print";
import { createByteWriter } from "#system/stdio/writer";

export interface AuditRequest {
  readonly session: Session;
  readonly loaded: LoadedWorkspace;
  readonly parsed: ParsedCommand;
  /** Tasks to run. */
  readonly words: readonly string[];
}

/** `zr cache audit TASK`. Exits with 1 where something is not declared, or by the run where that fails. */
export async function audit({ session, loaded, parsed, words }: AuditRequest): Promise<number> {
  if (words.length === 0)
    return refuse(session, usageProblem("E184", { command: "zr cache audit", what: "the name of a task" }));
  const planned = await planLoaded(loaded, planInput({ ...parsed, words }, session));
  if (!planned.ok) return refuse(session, planned.error);
  const { options, host } = session;
  const writer = createByteWriter();
  const shown = await createRenderer("quiet", {
    write: (_, bytes) => writer.write("stderr", bytes),
    color: session.color,
    unicode: hasUnicode(host.env),
    columns: 80,
    cwd: session.cwd,
    spoolFolder: `${planned.value.plan.root}/.zr/run/audit`,
  });
  const started = await startAudit(planned.value, {
    host,
    env: pairs(listOption(options, "env")),
    subscribers: [shown],
    confirm: async (question, over) =>
      (await import("#frontends/cli/confirm")).confirm(question, options, { over }),
  });
  if (!started.ok) return refuse(session, started.error);
  const signals = onEndSignals((signal) => started.value.control.interrupt(signal));
  const { exitCode, instances } = await started.value.result;
  signals[Symbol.dispose]();
  await writer.flush();
  const json = jsonDocument({ tasks: instances });
  await print("stdout", formatOption(options) === "json" ? json : instances.map(textOf).join("\n"));
  return exitCode !== 0 ? exitCode : instances.some(isLacking) ? 1 : 0;
}

const isLacking = ({ isComplete, add }: AuditedInstance): boolean => !isComplete || add.length > 0;

function textOf({ id, place, state, isComplete, reads, writes, env, counts, add }: AuditedInstance): string {
  const head = `${id} (${place.file}:${place.line})`;
  const seen =
    state === "success" ? "not all of it could be watched" : `it did not run to its end (${state})`;
  const how = isComplete ? "" : `${seen}, so there may be more\n`;
  if (add.length === 0 && how === "")
    return `${head}: all is declared (${count(counts.read, "file")} read, ${counts.written} written)\n`;
  const lines = [
    ...reads.map((name) => `  reads ${name}, which is not among its inputs`),
    ...writes.map((name) => `  writes ${name}, which is not among its outputs`),
    ...env.map((name) => `  uses $${name}, which is not in its key`),
    ...(add.length === 0 ? [] : ["to be put there:", ...add.map((line) => `  ${line}`)]),
  ];
  return `${head}\n${lines.map((line) => `${visibleControls(line)}\n`).join("")}${how}`;
}
