import { formatSize } from "#base/size";
import type { Outcome } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";
import { MAX_SHARED_BYTES } from "./output-capture";
import type { OutputCapture } from "./output-capture";
import type { SharedOutputs } from "./shared-outputs";

interface Ended {
  readonly instance: Instance;
  readonly outcome: Outcome;
  /** Texts that must not be shown. */
  readonly secrets: readonly string[];
}

/**
 * Shares what a task has printed. A task that succeeded and printed what can't be shared has failed after all; of one
 * that failed is shared what can be.
 */
export function shareOutput(
  capture: OutputCapture,
  { instance, outcome, secrets }: Ended,
  outputs: SharedOutputs,
): Outcome {
  const isGood = outcome.state === "success";
  if (!isGood && outcome.state !== "failed") return outcome;
  const read = valueOf(capture, instance);
  if ("problem" in read)
    return isGood ? { state: "failed", failure: { kind: "output", message: read.problem } } : outcome;
  const { value, text } = read;
  outputs.share(instance.id, { value, secrets: secrets.filter((secret) => text.includes(secret)) });
  return outcome;
}

function valueOf(
  capture: OutputCapture,
  { shareOutput: form }: Instance,
): { readonly value: unknown; readonly text: string } | { readonly problem: string } {
  if (capture.isTooLarge)
    return {
      problem: `its output is larger than ${formatSize(MAX_SHARED_BYTES)}, which is too much to share`,
    };
  const text = capture.text();
  if (form !== "json") return { value: text, text };
  try {
    const value: unknown = JSON.parse(text);
    // Escapes hide a secret from whoever looks for it in the text.
    return { value, text: `${text}\n${plainTexts(value).join("\n")}` };
  } catch {
    // The parser's own words quote the text, which may hold a secret.
    return { problem: text === "" ? "its output is empty, not JSON" : "its output is not JSON" };
  }
}

/** Every string in JSON data. */
function plainTexts(value: unknown): string[] {
  const texts: string[] = [];
  const queue = [value];
  for (const item of queue) {
    if (typeof item === "string") texts.push(item);
    else if (typeof item === "object" && item !== null)
      for (const [key, inner] of Object.entries(item)) {
        texts.push(key);
        queue.push(inner);
      }
  }
  return texts;
}
