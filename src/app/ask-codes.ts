import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of sentences in plain words. */
export const askDiagnosticCodes = {
  E680: {
    message: "can't make a command of '{sentence}'",
    label: "name a task, or say what to show",
    doc: "`zr ai` knows the usual verbs and the names of your tasks, workflows, packages and tags. It also does nothing where a sentence says not to do something, asks whether it should, or sets a condition. `zr list` shows the names, `zr help` the commands.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr ai "make me a coffee"',
    exit: 2,
  },
  E681: {
    message: "'{command}' is not run without being asked for, and nobody can be asked",
    doc: "What changes something, or was not understood beyond doubt, is done only after a yes. Run the command that is shown, or say `--yes`.",
    example: '[tasks.deploy]\ncmd = "true"\n\n$ zr ai "deploy" --no-input',
    exit: 2,
  },
} as const satisfies CodeTable;
