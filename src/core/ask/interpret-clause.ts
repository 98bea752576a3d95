import type { Clause, Extent, Piece } from "./clause";
import { readClause } from "./clause";
import type { Effect, IntentRule, IntentView } from "./intent";
import type { AskedNames } from "./known";
import type { Concept } from "./lexicon";
import { areHuddled, findMentions, overlaps } from "./mentions";
import type { Mention } from "./mentions";
import type { Patterns } from "./patterns";
import { isRisky } from "./risk";
import { LOOK_RULES } from "./rules-look";
import { READ_BY_RULES, RUN_CONCEPTS, RUN_RULES } from "./rules-run";
import { optionsOf, PAST_CONCEPTS } from "./said-options";
import { targetsOf } from "./targets";
import type { Targets } from "./targets";

/** A command that a clause can mean. */
export interface Guess {
  /** Behind `zr`. */
  readonly words: readonly string[];
  readonly effect: Effect;
  /** From 0 to 1. */
  readonly confidence: number;
  /** Words of the sentence that the command has nothing to do with. */
  readonly unused: readonly string[];
  /** Packages that were named. */
  readonly packages: readonly string[];
}

export interface ClauseSetting {
  readonly patterns: Patterns;
  readonly names: AskedNames;
  /** `2026-11-21`. */
  readonly today: string;
  /** Packages of the deed before, of which "it" speaks. */
  readonly before?: readonly string[];
}

/** Said in passing: a command may leave them out without much harm. */
const SOFT: ReadonlySet<Concept> = new Set<Concept>([
  "run",
  "show",
  "what",
  "task",
  "list",
  "zr",
  "get",
  "auto",
  "now",
]);
/** A command that does not deal with these must not be given. */
const FORBIDDING: readonly Concept[] = ["negation", "should"];
/** What stands for something said before, in languages where it is a word. */
const PRONOUN = /(?<![\p{L}])(?:it|them|es|sie|la|le|les|lo)(?![\p{L}])|그걸|그것|이걸/iu;
const RIVALRY = 0.4;
const AMBIGUOUS = 0.7;

/** What a clause most likely means; undefined where nothing fits. */
export function interpretClause(text: string, setting: ClauseSetting): Guess | undefined {
  const clause = readClause(text, setting.patterns);
  const mentions = findMentions(clause, setting.names);
  const targets = targetsOf(mentions, setting.names, PRONOUN.test(text) ? setting.before : undefined);
  const read: ReadSentence = { clause, mentions, targets, setting };
  const ranked = [...LOOK_RULES, ...RUN_RULES]
    .map((rule) => tryRule(rule, read))
    .filter((one) => one !== undefined)
    .sort((a, b) => b.rank - a.rank);
  const [best] = ranked;
  if (best === undefined) return undefined;
  const command = best.guess.words.join("\0");
  const rival = ranked.find(({ guess }) => guess.words.join("\0") !== command);
  const isAmbiguous = rival !== undefined && best.rank - rival.rank < RIVALRY;
  return isAmbiguous ? { ...best.guess, confidence: Math.min(AMBIGUOUS, best.guess.confidence) } : best.guess;
}

interface ReadSentence {
  readonly clause: Clause;
  readonly mentions: readonly Mention[];
  readonly targets: Targets;
  readonly setting: ClauseSetting;
}

interface Ranked {
  readonly guess: Guess;
  readonly rank: number;
}

function tryRule(rule: IntentRule, read: ReadSentence): Ranked | undefined {
  const { clause, mentions, targets, setting } = read;
  const said = new Set(clause.concepts.flatMap(({ means }) => [...means]));
  const isSaid = (need: Concept | readonly Concept[]): boolean =>
    typeof need === "string" ? said.has(need) : need.some((one) => said.has(one));
  if (!rule.needs.every(isSaid)) return undefined;
  const used = usedConcepts(rule);
  if (FORBIDDING.some((concept) => said.has(concept) && !used.has(concept))) return undefined;
  if (rule.needsName !== undefined && !mentions.some(({ kind }) => kind === rule.needsName)) return undefined;
  const wanted = rule.task ?? "none";
  const takesTasks = wanted !== "none" && targets.references.length > 0;
  if (wanted === "one" && targets.names.length !== 1) return undefined;
  if (wanted === "many" && targets.names.length === 0) return undefined;
  const own = mentions.filter(({ kind }) =>
    kind === "task"
      ? takesTasks
      : kind === "package"
        ? (takesTasks && targets.usesPackages) || rule.names?.includes(kind) === true
        : rule.names?.includes(kind) === true,
  );
  const view = viewOf(read, own, takesTasks);
  const words = rule.words(view);
  if (words === undefined) return undefined;
  const all = [...words, ...optionsOf(rule.options ?? "none", view, setting.today)];
  const isRiskyWork = rule.effect === "works" && isRisky(targets.names, setting.names, clause.text);
  const effect = all.includes("--dry-run") ? "looks" : isRiskyWork ? "changes" : rule.effect;
  return weigh({ rule, used, own, words: all, effect }, read);
}

function usedConcepts(rule: IntentRule): ReadonlySet<Concept> {
  const options: readonly Concept[] =
    rule.options === "run"
      ? RUN_CONCEPTS
      : rule.options === "past" || rule.options === "time"
        ? PAST_CONCEPTS
        : rule.options === "look"
          ? ["json"]
          : [];
  return new Set([...rule.needs.flat(), ...(rule.uses ?? []), ...options]);
}

function viewOf({ clause, targets }: ReadSentence, own: readonly Mention[], takesTasks: boolean): IntentView {
  return {
    has: (concept) =>
      (concept === "everything" && takesTasks && targets.isEverywhere) ||
      clause.concepts.some(({ means }) => means.has(concept)),
    value: (concept) => clause.concepts.find(({ means }) => means.has(concept))?.values.get(concept),
    tasks: takesTasks ? targets.references : [],
    taskNames: takesTasks ? targets.names : [],
    mentions: (kind) => own.filter((one) => one.kind === kind).map(({ name }) => name),
    text: clause.text,
  };
}

interface Candidate {
  readonly rule: IntentRule;
  readonly used: ReadonlySet<Concept>;
  readonly own: readonly Mention[];
  readonly words: readonly string[];
  readonly effect: Effect;
}

/** How well a command explains a clause: what it uses of it, against what it leaves over. */
function weigh(
  { rule, used, own, words, effect }: Candidate,
  { clause, mentions, targets, setting }: ReadSentence,
): Ranked {
  const ownExtents = own.flatMap(({ extents }) => extents);
  const isUsed = (piece: Piece<Concept>): boolean => [...piece.means].some((one) => used.has(one));
  const consumed: Extent[] = [...ownExtents, ...clause.concepts.filter(isUsed)];
  const covers = (extent: Extent): boolean => consumed.some((one) => overlaps(one, extent));
  const lost = clause.concepts.filter(
    (piece) => !isUsed(piece) && !covers(piece) && !setting.patterns.filler.test(piece.text),
  );
  const soft = lost.filter(({ means }) => [...means].some((one) => SOFT.has(one)));
  const lostNames = mentions.filter((one) => !own.includes(one) && !one.extents.every(covers));
  const unknown = unexplained(
    clause,
    [...consumed, ...lost, ...lostNames.flatMap(({ extents }) => extents)],
    { setting, own },
  );
  const gain = consumed.length;
  const loss = unknown.length + lostNames.length + (lost.length - soft.length) * 0.8 + soft.length * 0.2;
  const strength = Math.min(
    1,
    ...own.map((one) => one.strength),
    (targets.isCertain && !areHuddled(own, clause.text)) || own.length === 0 ? 1 : AMBIGUOUS,
  );
  const confidence = gain === 0 ? 0 : (gain / (gain + loss)) * strength;
  return {
    guess: {
      words,
      effect,
      packages: mentions.filter(({ kind }) => kind === "package").map(({ name }) => name),
      confidence: Math.round(confidence * 100) / 100,
      unused: [...lost.filter((piece) => !soft.includes(piece)).map(({ text }) => text), ...unknown],
    },
    rank: gain - loss + rule.needs.length * 0.35 + (rule.needsName === undefined ? 0 : 0.35),
  };
}

/** Runs of letters that nothing explains. */
function unexplained(
  clause: Clause,
  known: readonly Extent[],
  { setting, own }: { readonly setting: ClauseSetting; readonly own: readonly Mention[] },
): string[] {
  // Ranges are in code units, and so is this.
  const units = clause.text.split("");
  for (const { start, end } of known) units.fill(" ", start, end);
  let text = units.join("");
  for (const pattern of READ_BY_RULES) text = text.replace(pattern, (found) => " ".repeat(found.length));
  const descriptions = setting.names.tasks
    .filter(({ name, ref }) => own.some((one) => one.name === name || one.name === ref))
    .map(({ description }) => description.toLowerCase())
    .join(" ");
  return (text.match(/[\p{L}\p{N}][\p{L}\p{N}_-]*/gu) ?? []).filter(
    (word) =>
      !setting.patterns.filler.test(word) && !(word.length > 3 && descriptions.includes(word.toLowerCase())),
  );
}
