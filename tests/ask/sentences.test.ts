import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { isBeyondDoubt, understand } from "#core/ask/understand";
import { judge, names, readSentences, today } from "./table";

const judged = (await readSentences()).map(judge);
const share = (set: string): number => {
  const all = judged.filter(({ sentence }) => sentence.set === set);
  return all.filter(({ isRight }) => isRight).length / all.length;
};

describe("the table of sentences", () => {
  test("it has 200 sentences of all personas, at least 60 of them Korean and 60 held out", () => {
    expect(judged).toHaveLength(200);
    expect(new Set(judged.map(({ sentence }) => sentence.text)).size).toBe(200);
    expect(judged.filter(({ sentence }) => sentence.language === "ko").length).toBeGreaterThanOrEqual(60);
    expect(judged.filter(({ sentence }) => sentence.set === "held")).toHaveLength(60);
    expect(new Set(judged.map(({ sentence }) => sentence.persona))).toEqual(
      new Set(["newcomer", "backend", "release", "platform", "agent", "oncall"]),
    );
  });

  test("nine of ten are understood as they are meant, those that rules were written by and those that were held out", () => {
    expect(share("open")).toBeGreaterThanOrEqual(0.9);
    expect(share("held")).toBeGreaterThanOrEqual(0.9);
  });

  test("a wrong command is never done without asking", () => {
    const wrong = judged.filter(({ isRight, isDone }) => !isRight && isDone);
    expect(wrong.map(({ sentence, command }) => `${sentence.text} => ${command}`)).toEqual([]);
  });

  test("what is hard to take back is never done without asking", () => {
    const done = judged
      .filter(({ isDone }) => isDone)
      .flatMap(({ understood }) => understood?.commands ?? []);
    expect(done.filter(({ effect }) => effect === "changes")).toEqual([]);
    const names = done.filter(
      ({ words }) => !words.includes("--dry-run") && /^(?:run|watch|affected)$/.test(words[0] ?? ""),
    );
    expect(
      names.filter(({ words }) => words.some((word) => /deploy|migrate|seed|release/.test(word))),
    ).toEqual([]);
  });

  test("most of what is understood is done without a question", () => {
    const plain = judged.filter(
      ({ isRight, understood }) =>
        isRight && understood?.commands.every(({ effect }) => effect !== "changes"),
    );
    expect(plain.filter(({ isDone }) => isDone).length / plain.length).toBeGreaterThanOrEqual(0.8);
  });
});

test("sentences that forbid, ask, set conditions or are about something else start nothing by themselves", async () => {
  const text = await Bun.file(join(import.meta.dir, "misleading.txt")).text();
  const done = text
    .trimEnd()
    .split("\n")
    .flatMap((sentence) => {
      const understood = understand(sentence, { names, today });
      if (understood === undefined || !isBeyondDoubt(understood)) return [];
      return understood.commands
        .filter(({ effect }) => effect !== "looks")
        .map(({ words }) => `${sentence} => ${words.join(" ")}`);
    });
  expect(done).toEqual([]);
});
