import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Answer, Question } from "./template";

const YES = new Set(["yes", "y", "true", "1", "on"]);
const NO = new Set(["no", "n", "false", "0", "off"]);

/** The answer that a text is to a question. The error says what one would look like. */
export function readAnswer(text: string, question: Question): Result<Answer, string> {
  const { type, choices } = question;
  switch (type) {
    case "boolean": {
      const word = text.trim().toLowerCase();
      return YES.has(word) ? ok(true) : NO.has(word) ? ok(false) : err("yes or no");
    }
    case "number":
      return /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? ok(Number(text)) : err("a number");
    case "choice":
      return choices.includes(text) ? ok(text) : err(`one of ${choices.join(", ")}`);
    case "list": {
      const items = text.split(",").map((item) => item.trim());
      const kept = items.filter((item) => item !== "");
      for (const item of kept) {
        const problem = textProblem(item, question);
        if (problem !== undefined) return err(`texts with commas between them, each ${problem}`);
      }
      return ok(kept);
    }
    case "string": {
      const problem = textProblem(text, question);
      return problem === undefined ? ok(text) : err(problem);
    }
  }
}

function textProblem(text: string, { pattern }: Question): string | undefined {
  // oxlint-disable-next-line no-control-regex -- what would end a line of the file that it is put into.
  if (/[\u0000-\u001f\u007f]/.test(text)) return "a text of one line";
  if (text === "") return "a text";
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(text))
    return `a text like ${pattern}`;
  return undefined;
}
