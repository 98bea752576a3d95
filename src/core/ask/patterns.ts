import type { AskLanguage, Concept, Lexicon, Stem } from "./lexicon";
import { english } from "./lexicon-english";
import { korean } from "./lexicon-korean";
import { chinese, french, german, japanese, spanish } from "./lexicon-others";

/** A language's words, ready to be looked for. English ones are looked for in every language: they name tasks. */
export interface Patterns {
  readonly concepts: readonly (readonly [Concept, RegExp])[];
  readonly stems: readonly (readonly [Stem, RegExp])[];
  /** Matches a text that consists of fillers. */
  readonly filler: RegExp;
  readonly then: RegExp;
  readonly and: RegExp;
}

const LEXICONS: Readonly<Record<AskLanguage, Lexicon>> = {
  en: english,
  ko: korean,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
  zh: chinese,
};

/** Letters and digits, of Latin scripts only where the language is written without blanks between words. */
const bounded = (source: string, { isGlued }: Lexicon): string => {
  const isLatin = /^[\p{sc=Latin}\p{N}\p{P}\p{S}\s]*$/u.test(source) && /[a-z\\]/.test(source);
  return isGlued && !isLatin ? `(?:${source})` : String.raw`(?<![\p{L}\p{N}_])(?:${source})(?![\p{L}\p{N}_])`;
};

const made = new Map<AskLanguage, Patterns>();

/** The patterns of a language, made when they are first asked for. */
export function patternsOf(language: AskLanguage): Patterns {
  const known = made.get(language);
  if (known !== undefined) return known;
  const own = LEXICONS[language];
  const all = own === english ? [own] : [own, english];
  const of = <K extends string>(
    pick: (lexicon: Lexicon) => Readonly<Partial<Record<K, readonly string[]>>>,
  ) =>
    all.flatMap((lexicon) =>
      // The keys of a literal of this type.
      (Object.entries(pick(lexicon)) as [K, readonly string[]][]).map(
        ([name, sources]): readonly [K, RegExp] => [name, anyOf(sources, lexicon)],
      ),
    );
  const fillers = all.flatMap((lexicon) => lexicon.fillers);
  const longest = fillers.toSorted((a, b) => b.length - a.length);
  const patterns: Patterns = {
    concepts: of<Concept>((lexicon) => lexicon.concepts),
    stems: of<Stem>((lexicon) => lexicon.stems),
    filler: new RegExp(own.isGlued ? `^(?:${longest.join("|")})+$` : `^(?:${longest.join("|")})$`, "iu"),
    then: joined(all, (lexicon) => lexicon.then),
    and: joined(all, (lexicon) => lexicon.and),
  };
  made.set(language, patterns);
  return patterns;
}

const anyOf = (sources: readonly string[], lexicon: Lexicon): RegExp =>
  new RegExp(
    sources
      .toSorted((a, b) => b.length - a.length)
      .map((source) => bounded(source, lexicon))
      .join("|"),
    "giu",
  );

const joined = (all: readonly Lexicon[], pick: (lexicon: Lexicon) => readonly string[]): RegExp =>
  new RegExp(
    String.raw`\s*(?:${all.map((lexicon) => anyOf(pick(lexicon), lexicon).source).join("|")})\s*`,
    "giu",
  );
