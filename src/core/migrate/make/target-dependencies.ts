import type { ReportItem } from "#core/migrate/conversion";
import type { Makefile, Rule } from "./makefile";
import { prerequisitesOf, type Target } from "./target";
import { inFolder, patternName } from "./target-keys";
import { stemOf } from "./text-functions";

/** What a target waits for. */
interface TargetDependencies {
  /** Names of tasks. */
  readonly deps: readonly string[];
  readonly files: readonly string[];
  /** Whether something among them is made anew each time. */
  readonly isAlways: boolean;
}

export interface DependencyContext {
  readonly makefile: Makefile;
  readonly targets: readonly Target[];
  /** The names of tasks by those of their targets. */
  readonly names: ReadonlyMap<string, string>;
  readonly report: (at: Target | Rule, item: Pick<ReportItem, "severity" | "what" | "why">) => void;
}

/** Prerequisites that are tasks, in order, and those that are files. */
// oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
export function targetDependencies(target: Target, context: DependencyContext): TargetDependencies {
  const { makefile, targets, names, report } = context;
  const deps: string[] = [];
  const files: string[] = [];
  let isAlways = target.rules.some(({ unknown }) => unknown !== undefined);
  const words = target.rules
    .toSorted((a, b) => Number(b.recipe.length > 0) - Number(a.recipe.length > 0))
    .flatMap((rule) => [
      ...prerequisitesOf(target, rule).map((word) => ({ word, isOrder: false })),
      ...rule.orderOnly.map((word) => ({ word, isOrder: true })),
    ]);
  for (const { word, isOrder } of words) {
    if (target.isPattern && word.includes("%")) {
      reportPattern(target, word, context);
      continue;
    }
    const known = targets.find(({ name }) => name === word || name === `./${word}`);
    const byPattern =
      known === undefined || (known.main.recipe.length === 0 && !known.isPhony)
        ? patternFor(word, context)
        : undefined;
    const task =
      byPattern === undefined
        ? known === undefined
          ? undefined
          : names.get(known.name)
        : patternName(inFolder(makefile.marks.shown(word)));
    if (task === undefined) {
      if (known !== undefined || makefile.phony.has(word)) isAlways = true;
      else if (!isOrder) files.push(word);
      const isMissing = known === undefined && !makefile.phony.has(word);
      if (isMissing && !word.endsWith(".o") && makefile.isThere(word) === false)
        report(target, {
          severity: "approximated",
          what: `${inFolder(makefile.marks.shown(target.name))}: ${inFolder(word)}`,
          why: "no rule makes it and there is no such file: make would stop, the task goes on",
        });
      if (known === undefined && word.endsWith(".o"))
        report(target, {
          severity: "left-out",
          what: word,
          why: "it is made by a rule that is built into make",
        });
    } else {
      if (!isOrder && known?.isPhony === true) isAlways = true;
      else if (!isOrder) files.push(word);
      if (!deps.includes(task)) deps.push(task);
    }
  }
  for (const rule of target.rules)
    if (rule.unknown !== undefined)
      report(rule, {
        severity: target.isPhony || !rule.isListed ? "left-out" : "approximated",
        what: rule.unknown.what,
        why: rule.unknown.why,
      });
  return { deps, files: [...new Set(files)], isAlways };
}

/** The pattern rule that makes a file. */
function patternFor(word: string, { makefile, targets, names }: DependencyContext): Target | undefined {
  return targets.find(
    (target) =>
      target.isPattern &&
      target.main.recipe.length > 0 &&
      names.has(target.name) &&
      target.name !== "%" &&
      (stemOf(target.name, word) ?? "") !== "" &&
      !makefile.marks.isOpen(stemOf(target.name, word) ?? ""),
  );
}

/** Tells of what a pattern rule needs and another one makes. */
function reportPattern(target: Target, word: string, { targets, report }: DependencyContext): void {
  const made = targets.find(
    (other) =>
      other !== target &&
      other.isPattern &&
      other.main.recipe.length > 0 &&
      suffix(other.name) === suffix(word),
  );
  if (made !== undefined)
    report(target, {
      severity: "approximated",
      what: `${target.name}: ${word}`,
      why: "the task does not make what it needs; name it among the 'deps' of those that need it",
    });
}

const suffix = (name: string): string => name.slice(name.lastIndexOf("%"));
