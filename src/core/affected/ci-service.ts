type Environment = Readonly<Record<string, string | undefined>>;

export type CiName = "GitHub Actions" | "GitLab CI" | "Buildkite" | "CircleCI" | "Azure Pipelines";

/** The CI service that this runs under. */
export interface CiService {
  readonly name: CiName;
  /** The own part where the service starts several jobs that are alike: `2/5`. */
  readonly job?: string;
}

interface Known {
  readonly name: CiName;
  readonly mark: string;
  /** Variables of the job's number and of how many there are, and the number that is the first. */
  readonly parallel?: readonly [index: string, count: string, first: number];
}

const KNOWN: readonly Known[] = [
  { name: "GitHub Actions", mark: "GITHUB_ACTIONS" },
  { name: "GitLab CI", mark: "GITLAB_CI", parallel: ["CI_NODE_INDEX", "CI_NODE_TOTAL", 1] },
  {
    name: "Buildkite",
    mark: "BUILDKITE",
    parallel: ["BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0],
  },
  { name: "CircleCI", mark: "CIRCLECI", parallel: ["CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0] },
  {
    name: "Azure Pipelines",
    mark: "TF_BUILD",
    parallel: ["SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE", 1],
  },
];

/** The CI service whose variables are set; undefined where none is known. */
export function ciService(env: Environment): CiService | undefined {
  const known = KNOWN.find(({ mark }) => /^true$/i.test(env[mark] ?? ""));
  if (known === undefined) return undefined;
  const job = known.parallel === undefined ? undefined : partOf(env, known.parallel);
  return { name: known.name, ...(job === undefined ? {} : { job }) };
}

function partOf(
  env: Environment,
  [indexName, countName, first]: NonNullable<Known["parallel"]>,
): string | undefined {
  const [index, count] = [env[indexName] ?? "", env[countName] ?? ""];
  if (!/^\d{1,6}$/.test(index) || !/^\d{1,6}$/.test(count) || Number(count) < 2) return undefined;
  const number = Number(index) - first + 1;
  return number >= 1 && number <= Number(count) ? `${number}/${Number(count)}` : undefined;
}

/** A pull request that can be commented on. */
export interface PullRequest {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly apiUrl: string;
  readonly token: string;
}

/**
 * The pull request of a job of GitHub Actions that was given a token; undefined elsewhere.
 *
 * @param event what `GITHUB_EVENT_PATH` holds; unchecked.
 */
export function pullRequestOf(env: Environment, event: unknown): PullRequest | undefined {
  const { GITHUB_TOKEN: token = "", GITHUB_REPOSITORY: repository = "", GITHUB_API_URL: api } = env;
  if (env["GITHUB_ACTIONS"] !== "true" || token === "") return undefined;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return undefined;
  const apiUrl = (api ?? "https://api.github.com").replace(/\/+$/, "");
  if (!/^https?:\/\//.test(apiUrl)) return undefined;
  const byRef = /^refs\/pull\/(\d+)\//.exec(env["GITHUB_REF"] ?? "")?.[1];
  const number = byRef === undefined ? numberAt(event) : Number(byRef);
  return number === undefined ? undefined : { repository, number, apiUrl, token };
}

function numberAt(event: unknown): number | undefined {
  if (typeof event !== "object" || event === null || !("pull_request" in event)) return undefined;
  const pull = event.pull_request;
  if (typeof pull !== "object" || pull === null || !("number" in pull)) return undefined;
  return typeof pull.number === "number" && Number.isInteger(pull.number) ? pull.number : undefined;
}
