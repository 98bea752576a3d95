import type { Makefile, Rule } from "./makefile";
import { stemOf } from "./text-functions";

/** Everything that the rules say of one target. */
export interface Target {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** The rule whose recipe counts; of double-colon rules, each has one. */
  readonly main: Rule;
  readonly isPhony: boolean;
  readonly isPattern: boolean;
}

/** The targets of a Makefile in the order in which they are first named. Suffix rules are pattern rules here. */
export function targetsOf(makefile: Makefile): readonly Target[] {
  const byName = new Map<string, Rule[]>();
  for (const given of makefile.rules) {
    const rule = withoutSuffixes(given);
    for (const name of rule.targets) {
      const rules = byName.get(name);
      if (rules === undefined) byName.set(name, [rule]);
      else rules.push(rule);
    }
  }
  const targets: Target[] = [];
  for (const [name, rules] of byName) {
    const main = rules.findLast(({ recipe }) => recipe.length > 0) ?? rules[0];
    if (main === undefined) continue;
    const looksLikeFile = /[./%]/.test(name.replace(/^\.\//, ""));
    const isPhony = makefile.phony.has(name) || (!looksLikeFile && !makesItself(name, main));
    targets.push({ name, rules, main, isPhony, isPattern: name.includes("%") && main.pattern === undefined });
  }
  return targets;
}

/** Whether a recipe makes a file or folder of its target's name, which has nothing of a file's name. */
const makesItself = (name: string, { recipe }: Rule): boolean =>
  /^(?:node_modules|vendor|venv|env)$/.test(name) ||
  recipe.some(({ text }) =>
    /(?:-o|>|\b(?:mkdir|touch|cp|mv|install|ln|curl|wget|git clone|tar|unzip)\b)[^\n]*\$(?:@|\(@\)|\{@\})/.test(
      text,
    ),
  );

/** `.c.o:` says the same as `%.o: %.c` (GNU make manual, "Old-Fashioned Suffix Rules"). */
function withoutSuffixes(rule: Rule): Rule {
  const [target = ""] = rule.targets;
  const match = /^(\.[a-z]\w*)(\.\w+)?$/.exec(target);
  if (match === null || rule.targets.length > 1 || rule.prerequisites.length > 0 || rule.recipe.length === 0)
    return rule;
  const [, from = "", to = ""] = match;
  if (
    !/^\.(?:c|cc|cpp|cxx|s|S|f|p|l|y|o|h|tex|dvi|pdf|md|html|java|class|ml|mli|cmo|cmx|cmi|in|sh)$/.test(from)
  )
    return rule;
  return { ...rule, targets: [`%${to}`], prerequisites: [`%${from}`] };
}

/** The prerequisites of a target by one rule: those of a static pattern with its stem filled in. */
export function prerequisitesOf({ name }: Target, rule: Rule): readonly string[] {
  const stem = rule.pattern === undefined ? undefined : stemOf(rule.pattern, name);
  if (stem === undefined) return rule.prerequisites;
  return rule.prerequisites.map((word) => word.replace("%", () => stem));
}
