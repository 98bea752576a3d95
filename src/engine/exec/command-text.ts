import { shellWord } from "#base/shell-word";
import type { Instance, Step } from "#core/model/plan";

/** What an instance runs, as a person would type it; empty for a group. */
export function commandText(instance: Instance): string {
  return instance.steps.map((step) => stepText(step, instance)).join(" && ");
}

function stepText(step: Step, instance: Instance): string {
  switch (step.kind) {
    case "shell":
      return step.text;
    case "exec":
      return step.argv.map((word) => shellWord(word.replaceAll("$$", "$"))).join(" ");
    case "script":
      return `script (${step.text.split("\n", 1)[0] ?? ""})`;
    case "call":
      return `zr run ${(instance.calls[step.call] ?? []).join(" ")}`;
  }
}
