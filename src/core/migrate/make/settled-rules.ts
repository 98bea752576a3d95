import type { RecipeLine, Rule } from "./makefile";
import type { ConversionReport, SourcePlace } from "#core/migrate/conversion-report";
import type { NameMarks } from "./name-marks";
import { stemOf } from "./text-functions";

/**
 * The rules once all of them are read: prerequisites that only a command knows are those of a target of the same name
 * or they are not known, and rules for every name (`%: common-%`) are written out for the names that they stand for.
 */
export function settledRules(rules: readonly Rule[], marks: NameMarks): readonly Rule[] {
  return forwarded(rules).map((rule) => withKnownNames(rule, rules, marks));
}

function withKnownNames(rule: Rule, rules: readonly Rule[], marks: NameMarks): Rule {
  // What a pattern stands for is a text that the task can be called by.
  const isMadeBy = (pattern: string, word: string): boolean => {
    const stem = pattern.includes("%") ? stemOf(pattern, word) : undefined;
    return stem !== undefined && !marks.isOpen(stem);
  };
  const isKnown = (word: string): boolean =>
    !marks.isOpen(word) ||
    (marks.isName(word) &&
      rules.some(({ targets }) => targets.some((target) => target === word || isMadeBy(target, word))));
  if ([...rule.prerequisites, ...rule.orderOnly].every(isKnown)) return rule;
  return {
    ...rule,
    prerequisites: rule.prerequisites.filter(isKnown),
    orderOnly: rule.orderOnly.filter(isKnown),
    unknown: rule.unknown ?? {
      kind: "unknown",
      what: rule.source.trim().slice(0, 60),
      why: "its prerequisites are only known when it runs",
    },
    isListed: rule.isListed || rule.unknown === undefined,
  };
}

/** `%: common-%` makes `build` of `common-build`, wherever nothing else does (GNU make manual, "Match-Anything Rules"). */
function forwarded(rules: readonly Rule[]): readonly Rule[] {
  const made = new Set(rules.flatMap(({ targets, recipe }) => (recipe.length > 0 ? targets : [])));
  const names = [...new Set(rules.flatMap(({ targets }) => targets))].filter((name) => !name.includes("%"));
  return rules.flatMap((rule): readonly Rule[] => {
    const [pattern = "", ...others] = rule.prerequisites;
    const isForwarding =
      rule.targets.join(" ") === "%" && others.length === 0 && /^[^%]+%|%[^%]+$/.test(pattern);
    if (!isForwarding) return [rule];
    const stems = names.flatMap((name) => {
      const stem = stemOf(pattern, name) ?? "";
      return stem === "" || stem.startsWith("/") || made.has(stem) ? [] : [stem];
    });
    if (stems.length === 0) return [rule];
    return stems.map((stem) => ({ ...rule, targets: [stem], pattern: "%" }));
  });
}

/** `.DEFAULT` and where it stands. */
export interface LastResort extends SourcePlace {
  readonly recipe: RecipeLine[];
}

/** `.DEFAULT` makes each prerequisite that no rule makes and that is not there (GNU make manual, "Last Resort"). */
export function withLastResort(
  rules: readonly Rule[],
  last: LastResort | undefined,
  { isMissing, report }: { readonly isMissing: (name: string) => boolean; readonly report: ConversionReport },
): readonly Rule[] {
  if (last === undefined || last.recipe.every(({ text }) => /^\s*@?(?::|true)?\s*$/.test(text))) return rules;
  report.leftOut(last, ".DEFAULT", "there is no task for names that no rule has");
  const { file, line, recipe } = last;
  const isMade = (word: string): boolean =>
    word.includes("%") ||
    word.endsWith(".o") ||
    rules.some(({ targets }) => targets.some((target) => stemOf(target, word) !== undefined));
  const words = new Set(rules.flatMap(({ prerequisites, orderOnly }) => [...prerequisites, ...orderOnly]));
  const made = [...words].filter((word) => !isMade(word) && isMissing(word));
  const rule = { file, line, recipe, prerequisites: [], orderOnly: [], source: "", isDouble: false } as const;
  const none = { unknown: undefined, isListed: false, pattern: undefined, comments: [], help: undefined };
  return [...rules, ...made.map((word): Rule => ({ ...rule, ...none, targets: [word] }))];
}
