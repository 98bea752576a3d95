import { estimateTokens } from "#base/tokens";
import type { ContextPackage, ContextTask, RepositoryContext } from "./repository-context";

/** Leaves something out, or gives the same context where there is nothing to leave out. */
interface Reduction {
  readonly what: string;
  readonly reduce: (context: RepositoryContext) => RepositoryContext;
}

const ofPackages = (change: (pkg: ContextPackage) => ContextPackage) => (context: RepositoryContext) => ({
  ...context,
  packages: context.packages.map(change),
});

const ofTasks = (change: (task: ContextTask) => ContextTask) => (context: RepositoryContext) => ({
  ...context,
  tasks: context.tasks.map(change),
});

const SHORT_DESCRIPTION = 60;

/** What can be done without, the least important first. */
const REDUCTIONS: readonly Reduction[] = [
  {
    what: "older changes",
    reduce: ofPackages((pkg) =>
      pkg.changes === undefined ? pkg : { ...pkg, changes: pkg.changes.slice(0, 1) },
    ),
  },
  { what: "changes", reduce: ofPackages(({ changes: _, ...pkg }) => pkg) },
  { what: "manifests", reduce: ofPackages(({ manifests: _, ...pkg }) => pkg) },
  { what: "dependencies of tasks", reduce: ofTasks(({ deps: _, ...task }) => task) },
  { what: "versions and tags", reduce: ofPackages(({ version: _, tags: __, ...pkg }) => pkg) },
  {
    what: "documents below docs",
    reduce: (context) => ({
      ...context,
      documents: context.documents.filter(({ path }) => !path.startsWith("docs/")),
    }),
  },
  { what: "owners", reduce: ofPackages(({ owners: _, ...pkg }) => pkg) },
  {
    what: "tasks without a description",
    reduce: (context) => ({
      ...context,
      tasks: context.tasks.filter(({ description }) => description !== undefined),
    }),
  },
  { what: "ends of descriptions", reduce: ofTasks((task) => ({ ...task, ...shortDescription(task) })) },
  { what: "parameters of tasks", reduce: ofTasks(({ params: _, ...task }) => task) },
  {
    what: "tasks of packages",
    reduce: (context) => ({ ...context, tasks: context.tasks.filter(({ name }) => !name.includes(":")) }),
  },
  { what: "descriptions", reduce: ofTasks(({ description: _, ...task }) => task) },
  { what: "workflows", reduce: (context) => ({ ...context, workflows: [] }) },
  { what: "dependencies of packages", reduce: ofPackages(({ deps: _, ...pkg }) => pkg) },
];

/** Lists that are cut to what fits when nothing else is left, the least important first. */
const CUT_LISTS = ["tasks", "packages", "documents"] as const;

const shortDescription = ({ description }: ContextTask): Pick<ContextTask, "description"> =>
  description === undefined || description.length <= SHORT_DESCRIPTION
    ? {}
    : { description: `${description.slice(0, SHORT_DESCRIPTION - 1).toWellFormed()}…` };

/** The context with as much left out as it takes for its text to have at most so many tokens. */
export function fitContext(
  whole: RepositoryContext,
  budget: number,
  render: (context: RepositoryContext) => string,
): RepositoryContext {
  const fits = (context: RepositoryContext): boolean => estimateTokens(render(context)) <= budget;
  if (fits(whole)) return whole;
  let context = whole;
  const omitted: string[] = [];
  for (const { what, reduce } of REDUCTIONS) {
    const reduced = reduce(context);
    if (JSON.stringify(reduced) === JSON.stringify(context)) continue;
    // The larger part stands for the smaller one that was left out before.
    const before = omitted.at(-1);
    if (before?.endsWith(` ${what}`) === true) omitted.pop();
    omitted.push(what);
    context = { ...reduced, omitted: [...omitted] };
    if (fits(context)) return context;
  }
  for (const list of CUT_LISTS) {
    const all = context[list];
    const cut = (count: number): RepositoryContext => ({
      ...context,
      [list]: all.slice(0, count),
      omitted: [...omitted, `${all.length - count} of ${all.length} ${list}`],
    });
    const count = mostThatFits(all.length, (tried) => fits(cut(tried)));
    if (count === all.length) continue;
    context = cut(count);
    omitted.splice(0, omitted.length, ...context.omitted);
    if (count > 0 || fits(context)) return context;
  }
  return context;
}

/** The most of so many for which the question holds; 0 where it holds for none. */
function mostThatFits(total: number, fits: (count: number) => boolean): number {
  let low = 0;
  let high = total;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
