import type { Diagnostic } from "#base/diagnostic";
import { err, ok, type Result } from "#base/result";
import { suggest } from "#base/suggest";
import { diagnosticCodes, findCode } from "#app/diagnostic-codes";
import type { Theme } from "#frontends/output/theme";
import type { CommandDefinition, OptionDefinitions } from "./command";
import { nearCommands } from "./near-commands";
import { findCommand } from "./parse-args";
import { renderOverview, renderUsage } from "./usage";

/** What help pages are made from. */
export interface HelpSource {
  readonly table: readonly CommandDefinition[];
  readonly globals: OptionDefinitions;
  readonly theme: Theme;
  /** The feature that a command of a later version belongs to. */
  readonly laterCommand: (name: string) => string | undefined;
  /** The page of a task; undefined where there is none of that name. */
  readonly taskPage?: (name: string) => Promise<string | undefined>;
}

/**
 * The help page about a topic: a command, a code of an error, a task, or, without a topic, everything.
 * A topic that is none of them is E181, a command of a later version E186.
 */
export async function helpPage(
  topic: string | undefined,
  source: HelpSource,
): Promise<Result<string, Diagnostic>> {
  const { table, globals, theme, taskPage } = source;
  if (topic === undefined) return ok(renderOverview(table, globals, theme));
  const command = findCommand(table, topic);
  if (command !== undefined) return ok(renderUsage(command, globals, theme));
  const code = findCode(topic);
  if (code !== undefined)
    return ok(await (await import("./code-page")).codePage(topic.toUpperCase(), code, theme));
  const task = await taskPage?.(topic);
  if (task !== undefined) return ok(task);
  const feature = source.laterCommand(topic);
  if (feature !== undefined)
    return err({ code: "E186", severity: "error", data: { what: `zr ${topic}`, feature } });
  const isCode = /^[a-z]\d+$/i.test(topic);
  const names = isCode ? Object.keys(diagnosticCodes) : table.map((one) => one.name);
  return err({
    code: "E181",
    severity: "error",
    data: { name: topic },
    suggestions: isCode ? suggest(topic.toUpperCase(), names) : nearCommands(topic, names),
  });
}
