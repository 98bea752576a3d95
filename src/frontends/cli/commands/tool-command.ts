import type { ToolSetting } from "#app/tools/tool-setting";
import { usageProblem } from "#app/problems";
import type { Diagnostic } from "#base/diagnostic";
import type { Workspace } from "#core/workspace/workspace";
import type { OptionValues } from "#frontends/cli/command";
import type { Session } from "#frontends/cli/session";

/** What a part of `zr tools` starts from. */
export interface ToolCommand {
  readonly session: Session;
  readonly options: OptionValues;
  readonly workspace: Workspace;
  readonly setting: ToolSetting;
  /** Behind the name of the part. */
  readonly words: readonly string[];
  /** Shows what is wrong, and gives the exit code. */
  readonly fail: (...diagnostics: readonly Diagnostic[]) => Promise<number>;
}

/** A word that has to be there. */
export const wordMissing = (action: string, what: string): readonly Diagnostic[] =>
  usageProblem("E184", { command: `zr tools ${action}`, what }).diagnostics;
