import type { ChangeQuestion } from "#app/affected";
import type { TargetOptions } from "#app/affected-targets";
import type { OptionDefinitions } from "./command";
import { isOn, textOption } from "./session";
import type { Session } from "./session";

/** Options that say what has changed and how far that reaches. */
export const affectedOptions = {
  base: {
    type: "string",
    valueHint: "BASE",
    description: "Compare with this branch or commit",
  },
  "committed-only": {
    type: "boolean",
    description: "Without what is staged, unstaged or untracked",
  },
  files: {
    type: "string",
    valueHint: "FILE",
    description: "Take the changed files from a list; - is stdin",
    complete: "file",
  },
  "include-dependents": {
    type: "boolean",
    description: "Also what depends on changed packages; that is the default",
  },
  "no-dependents": { type: "boolean", description: "Not what depends on changed packages" },
  "exclude-self": { type: "boolean", description: "Without the changed packages themselves" },
  "include-dependencies": {
    type: "boolean",
    description: "Also what affected packages depend on",
  },
  "task-inputs": {
    type: "boolean",
    description: "A package is changed only where the task's own inputs are",
  },
} as const satisfies OptionDefinitions;

/** How far a change reaches, as the options say. */
export const reachOf = ({ options }: Session): TargetOptions => ({
  dependents: options["include-dependents"] !== false && !isOn(options, "no-dependents"),
  excludeSelf: isOn(options, "exclude-self"),
  dependencies: isOn(options, "include-dependencies"),
  taskInputs: isOn(options, "task-inputs"),
});

/** What the options say about the changes. Stdin is read where the list of files comes from there. */
export async function changeQuestion(
  { options, host, cwd }: Session,
  base = textOption(options, "base"),
): Promise<ChangeQuestion> {
  const files = textOption(options, "files");
  return {
    host,
    cwd,
    committedOnly: isOn(options, "committed-only"),
    ...(base === undefined || base === "" ? {} : { base }),
    ...(files === undefined ? {} : { files: files === "-" ? { text: await readStdin() } : { path: files } }),
  };
}

async function readStdin(): Promise<string> {
  return (await import("#system/stdio/read-stdin")).readStdin();
}
