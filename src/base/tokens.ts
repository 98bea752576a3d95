/** Parts of a text that tokenizers of language models keep apart: words, numbers, spaces, line ends, signs, the rest. */
const PART = /[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[ \t]+|[\r\n]+|[!-/:-@[-`{-~]+|[^\x00-\x7f]|[\s\S]/gu;

/** Words of at most so many letters mostly are one token. */
const WORD_LETTERS = 6;
const NUMBER_DIGITS = 3;
/** Signs that follow each other are often joined, and as often not. */
const JOINED_SIGNS = 2;
/** Letters of what is no word. */
const JOINED_LETTERS = 1.7;
/** Spaces are joined to a run of up to so many. */
const JOINED_SPACES = 16;

/**
 * About how many tokens a text is to a language model (byte pair encodings of 100,000 to 200,000 entries). Errs to the
 * high side: ordinary text comes out up to three quarters larger than it is, and random characters, whose number can't be
told, at most a seventh smaller.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [part] of text.matchAll(PART)) tokens += partTokens(part);
  return tokens;
}

function partTokens(part: string): number {
  const first = part.charCodeAt(0);
  const { length } = part;
  if (first > 0x7f) return bytesAbove(part);
  if (isLetter(first)) return wordTokens(part);
  if (first >= 0x30 && first <= 0x39) return Math.ceil(length / NUMBER_DIGITS);
  if (first === 0x20 || first === 0x09) return length === 1 ? 0 : Math.ceil(length / JOINED_SPACES);
  if (first === 0x0a || first === 0x0d) return Math.ceil(length / 2);
  // Brackets and quotes come in pairs that are known; what is longer is not.
  return length <= 3 ? Math.ceil(length / JOINED_SIGNS) : Math.ceil(length / JOINED_LETTERS);
}

/** A word with vowels in their places is likely to be known; of any other, two letters hardly make a token. */
const NO_WORD = /[bcdfghjklmnpqrstvwxz]{4}|[A-Z]{3}|[jqvxz][bcdfghjkmnpqrstvwxz]/;

function wordTokens(word: string): number {
  const { length } = word;
  if (length <= 2) return 1;
  return NO_WORD.test(word) ? Math.ceil(length / JOINED_LETTERS) : Math.ceil(length / WORD_LETTERS);
}

const isLetter = (code: number): boolean => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);

/** Letters of two bytes are seldom more than a token, signs of four bytes up to three. */
function bytesAbove(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x800) return 1;
  return code < 0x10000 ? 2 : 3;
}
