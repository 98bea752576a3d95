/** A way to say what "before" is: the first name that is a commit counts. */
export interface BaseCandidate {
  /** Names of commits, best first. */
  readonly names: readonly string[];
  /** Where they come from: `--base`, a variable, the name of a CI service's fact. */
  readonly from: string;
  /** Given by somebody who means it: where none of the names is a commit, that is an error. */
  readonly isRequired: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface BaseQuestion {
  /** `--base`. */
  readonly base?: string;
  readonly env: Environment;
  /** What `GITHUB_EVENT_PATH` holds, as far as it was read; unchecked. */
  readonly githubEvent?: unknown;
}

/** What a caller or a CI service says about the base, best first. The default branch comes behind all of them. */
export function baseCandidates({ base, env, githubEvent }: BaseQuestion): readonly BaseCandidate[] {
  if (base !== undefined && base !== "") return [{ names: [base], from: "--base", isRequired: true }];
  const own = env["ZR_BASE"] ?? "";
  if (own !== "") return [{ names: [own], from: "ZR_BASE", isRequired: true }];
  return [
    ...githubCandidates(env, githubEvent),
    ...gitlabCandidates(env),
    ...buildkiteCandidates(env),
    ...circleCandidates(env),
    ...azureCandidates(env),
  ];
}

/** https://docs.github.com/actions/reference/workflows-and-actions/variables and the payloads of its events. */
function githubCandidates(env: Environment, event: unknown): readonly BaseCandidate[] {
  if (env["GITHUB_ACTIONS"] !== "true") return [];
  const target = env["GITHUB_BASE_REF"] ?? "";
  const pull = textAt(event, "pull_request", "base", "sha");
  const queue = textAt(event, "merge_group", "base_sha");
  const before = textAt(event, "before");
  return [
    ...(target === "" ? [] : [candidate(branchNames(target), "GITHUB_BASE_REF")]),
    ...shaCandidate(pull, "the pull request's base"),
    ...shaCandidate(queue, "the merge queue's base"),
    // Of a pull request that is the one before the last push to it, of which the base knows nothing.
    ...(target === "" && pull === undefined ? shaCandidate(before, "the commit before the push") : []),
  ];
}

/** https://docs.gitlab.com/ci/variables/predefined_variables */
function gitlabCandidates(env: Environment): readonly BaseCandidate[] {
  const target = env["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] ?? "";
  return [
    ...shaCandidate(env["CI_MERGE_REQUEST_DIFF_BASE_SHA"], "CI_MERGE_REQUEST_DIFF_BASE_SHA"),
    ...(target === "" ? [] : [candidate(branchNames(target), "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")]),
    ...(env["GITLAB_CI"] === undefined
      ? []
      : shaCandidate(env["CI_COMMIT_BEFORE_SHA"], "CI_COMMIT_BEFORE_SHA")),
  ];
}

/** https://buildkite.com/docs/pipelines/configure/environment-variables */
function buildkiteCandidates(env: Environment): readonly BaseCandidate[] {
  const target = env["BUILDKITE_PULL_REQUEST_BASE_BRANCH"] ?? "";
  if (target !== "") return [candidate(branchNames(target), "BUILDKITE_PULL_REQUEST_BASE_BRANCH")];
  const main = env["BUILDKITE_PIPELINE_DEFAULT_BRANCH"] ?? "";
  return main === "" || main === env["BUILDKITE_BRANCH"]
    ? []
    : [candidate(branchNames(main), "BUILDKITE_PIPELINE_DEFAULT_BRANCH")];
}

/**
 * A comparison of two commits, `…/compare/A...B`. CircleCI has no other variable that says what was before. Of a new
 * branch A is the first of its commits with a `^`: the one before that.
 */
function circleCandidates(env: Environment): readonly BaseCandidate[] {
  const before = /\/compare\/([0-9a-f]{7,64}\^?)\.{2,3}/.exec(env["CIRCLE_COMPARE_URL"] ?? "")?.[1];
  return before === undefined ? [] : [candidate([before], "CIRCLE_COMPARE_URL")];
}

/** https://learn.microsoft.com/azure/devops/pipelines/build/variables */
function azureCandidates(env: Environment): readonly BaseCandidate[] {
  const target = (env["SYSTEM_PULLREQUEST_TARGETBRANCH"] ?? "").replace(/^refs\/heads\//, "");
  return target === "" ? [] : [candidate(branchNames(target), "SYSTEM_PULLREQUEST_TARGETBRANCH")];
}

const candidate = (names: readonly string[], from: string): BaseCandidate => ({
  names,
  from,
  isRequired: false,
});

/** Services write a name of zeros where there is no commit. */
const shaCandidate = (name: string | undefined, from: string): readonly BaseCandidate[] =>
  name === undefined || !/^[0-9a-f]{40,64}$/.test(name) || /^0+$/.test(name) ? [] : [candidate([name], from)];

/** A clone of a CI service has other branches only as those of origin; the own one may be old. */
const branchNames = (branch: string): readonly string[] => [`origin/${branch}`, branch];

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Reflect.get(at, key);
  }
  return typeof at === "string" ? at : undefined;
}

/** Where work most often starts from, best first. */
const USUAL: readonly string[] = ["origin/HEAD", "origin/main", "main", "origin/master", "master"];

/**
 * The branch that work starts from, by configuration, by what the CI service says, or by custom. Clones of CI services
 * seldom know which branch `origin` has as its default.
 *
 * @returns `isNamed`: the first name is more than a custom.
 */
export function defaultCandidate(
  branch: string | undefined,
  { env, githubEvent }: Omit<BaseQuestion, "base">,
): BaseCandidate & { readonly isNamed: boolean } {
  if (branch !== undefined)
    return { ...candidate(branchNames(branch), "[workspace] default_base"), isNamed: true };
  const told =
    env["GITHUB_ACTIONS"] === "true"
      ? textAt(githubEvent, "repository", "default_branch")
      : env["GITLAB_CI"] === undefined
        ? undefined
        : env["CI_DEFAULT_BRANCH"];
  const isNamed = told !== undefined && told !== "";
  return { ...candidate([...(isNamed ? branchNames(told) : []), ...USUAL], "the default branch"), isNamed };
}
