import { join } from "node:path";
import type { AskedNames } from "#core/ask/known";
import { isBeyondDoubt, understand } from "#core/ask/understand";
import type { Understanding } from "#core/ask/understand";
import workspace from "./workspace.json";

/** A sentence of the table and what it asks for. */
export interface Sentence {
  readonly persona: string;
  readonly language: string;
  /** Those that are held out are not looked at while rules are written. */
  readonly set: "open" | "held";
  readonly text: string;
  /** Commands any of which is right; none where nothing may be understood. */
  readonly commands: readonly string[];
}

export interface Judged {
  readonly sentence: Sentence;
  readonly understood: Understanding | undefined;
  /** The command line in the form of the table. */
  readonly command: string | undefined;
  readonly isRight: boolean;
  /** Done without asking. */
  readonly isDone: boolean;
}

/** The names that the sentences of the table are about. */
export const names: AskedNames = workspace;
export const today = workspace.now;

export async function readSentences(file = "sentences.tsv"): Promise<readonly Sentence[]> {
  const [, ...lines] = (await Bun.file(join(import.meta.dir, file)).text()).trimEnd().split("\n");
  return lines.map((line) => {
    const [persona = "", language = "", set, text = "", commands = ""] = line.split("\t");
    return {
      persona,
      language,
      set: set === "held" ? "held" : "open",
      text,
      commands: commands === "-" ? [] : commands.split(" / "),
    };
  });
}

export function judge(sentence: Sentence): Judged {
  const understood = understand(sentence.text, { names, today });
  const command = understood?.commands.map(({ words }) => `zr ${words.join(" ")}`).join(" && ");
  return {
    sentence,
    understood,
    command,
    isRight: command === undefined ? sentence.commands.length === 0 : sentence.commands.includes(command),
    isDone: understood !== undefined && isBeyondDoubt(understood),
  };
}
