import { interpretClause } from "./interpret-clause";
import type { ClauseSetting, Guess } from "./interpret-clause";
import type { AskedNames } from "./known";
import type { AskLanguage } from "./lexicon";
import { patternsOf } from "./patterns";
import type { Patterns } from "./patterns";

/** What a sentence was taken to mean: commands, to be done one after the other while they succeed. */
export interface Understanding {
  readonly commands: readonly Guess[];
  /** That of the least certain command, from 0 to 1. */
  readonly confidence: number;
  readonly language: AskLanguage;
  /** Words that no command has to do with. */
  readonly unused: readonly string[];
}

export interface AskSetting {
  readonly names: AskedNames;
  /** The day of the user's calendar, `2026-11-21`. */
  readonly today: string;
  /** Without it, guessed by the letters and by what is understood best. */
  readonly language?: AskLanguage;
}

/** A sentence is not longer, in UTF-16 code units. */
export const MAX_SENTENCE = 500;

/** What is less certain than this is no understanding. */
const LEAST = 0.55;
/** From this on looking at something is done at once. */
const LOOK_BAR = 0.75;
/** From this on tasks are run at once, unless they are of the risky kind. */
const WORK_BAR = 0.9;

/** Whether a sentence was understood so well that it may be done without asking. */
export const isBeyondDoubt = ({ commands }: Understanding): boolean =>
  commands.length > 0 &&
  commands.every(
    ({ effect, confidence, unused }) =>
      (effect === "looks" && confidence >= LOOK_BAR) ||
      (effect === "works" && confidence >= WORK_BAR && unused.length === 0),
  );

/** Reads a sentence in plain words. Undefined where no command can be made of it, or it says that nothing shall be done. */
export function understand(sentence: string, setting: AskSetting): Understanding | undefined {
  const text = prepare(sentence);
  if (text === "" || text.length > MAX_SENTENCE) return undefined;
  let best: Understanding | undefined;
  for (const language of setting.language === undefined ? likelyLanguages(text) : [setting.language]) {
    const found = inLanguage(text, language, setting);
    if (found !== undefined && found.confidence > (best?.confidence ?? 0)) best = found;
  }
  return best === undefined || best.confidence < LEAST ? undefined : best;
}

/** One blank between words, and one between letters of Latin and other scripts: `deploy가` is two words. */
const prepare = (sentence: string): string =>
  sentence
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
    .replaceAll(/["“”«»`?!。？！¿¡]/gu, " ")
    .replaceAll(/(?<=[\w])(?=[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

function likelyLanguages(text: string): readonly AskLanguage[] {
  if (/\p{sc=Hangul}/u.test(text)) return ["ko"];
  if (/[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text)) return ["ja"];
  return /\p{sc=Han}/u.test(text) ? ["zh"] : ["en", "de", "fr", "es"];
}

function inLanguage(
  text: string,
  language: AskLanguage,
  { names, today }: AskSetting,
): Understanding | undefined {
  const setting: ClauseSetting = { patterns: patternsOf(language), names, today };
  const commands: Guess[] = [];
  for (const part of partsAt(setting.patterns.then, text)) {
    const before = commands.at(-1)?.packages;
    const found = inOnePart(part, before === undefined ? setting : { ...setting, before });
    if (found === undefined) return undefined;
    commands.push(...found);
  }
  if (commands.length === 0) return undefined;
  return {
    commands,
    confidence: Math.min(...commands.map(({ confidence }) => confidence)),
    language,
    unused: commands.flatMap(({ unused }) => unused),
  };
}

/** As one deed, or as several where that explains more. */
function inOnePart(text: string, setting: ClauseSetting): readonly Guess[] | undefined {
  const whole = interpretClause(text, setting);
  const pieces = partsAt(listing(setting.patterns), text);
  if (pieces.length < 2) return whole === undefined ? undefined : [whole];
  const several: (Guess | undefined)[] = [];
  for (const piece of pieces) {
    const before = several.at(-1)?.packages;
    several.push(interpretClause(piece, before === undefined ? setting : { ...setting, before }));
  }
  if (several.includes(undefined)) return whole === undefined ? undefined : [whole];
  const all = several.filter((one) => one !== undefined);
  const least = Math.min(...all.map(({ confidence }) => confidence));
  return whole !== undefined && whole.confidence >= least ? [whole] : all;
}

const listing = ({ and }: Patterns): RegExp => new RegExp(`${and.source}|\\s*[,;、，]\\s*`, "giu");

const partsAt = (separator: RegExp, text: string): string[] =>
  text
    .split(separator)
    .map((part) => part?.replace(/^[\s,;、，]+|[\s,;、，.]+$/g, "") ?? "")
    .filter((part) => part !== "");
