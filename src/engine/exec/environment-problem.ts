import type { Diagnostic } from "#base/diagnostic";
import { messageText } from "#base/message";
import { envDiagnosticCodes } from "#engine/env/codes";

/** In words why a task's environment could not be made; met only while running, where a command of `[env]` fails. */
export const environmentProblem = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.map((diagnostic) => messageText(envDiagnosticCodes, diagnostic)).join("; ");
