import { expect, test } from "bun:test";
import { baseCandidates } from "./base-candidates";
import type { BaseQuestion } from "./base-candidates";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const ZEROS = "0".repeat(40);
const GITHUB = { GITHUB_ACTIONS: "true" };

const shown = (question: BaseQuestion): readonly string[] =>
  baseCandidates(question).map(({ names, from }) => `${names.join(" or ")} by ${from}`);

test.each<[string, BaseQuestion, readonly string[]]>([
  ["nothing is known", { env: { CI: "true" } }, []],
  ["--base", { base: "x", env: { ZR_BASE: "y" } }, ["x by --base"]],
  ["ZR_BASE", { env: { ZR_BASE: "y", ...GITHUB, GITHUB_BASE_REF: "main" } }, ["y by ZR_BASE"]],
  ["an empty ZR_BASE", { env: { ZR_BASE: "" } }, []],
  [
    "a pull request of GitHub",
    { env: { ...GITHUB, GITHUB_BASE_REF: "main" }, githubEvent: { pull_request: { base: { sha: SHA } } } },
    ["origin/main or main by GITHUB_BASE_REF", `${SHA} by the pull request's base`],
  ],
  [
    "a push to GitHub",
    { env: GITHUB, githubEvent: { before: SHA } },
    [`${SHA} by the commit before the push`],
  ],
  [
    "a push to a pull request of GitHub",
    { env: GITHUB, githubEvent: { pull_request: { base: { sha: SHA } }, before: SHA.replace("0", "f") } },
    [`${SHA} by the pull request's base`],
  ],
  ["a push of a new branch to GitHub", { env: GITHUB, githubEvent: { before: ZEROS } }, []],
  [
    "a merge queue of GitHub",
    { env: GITHUB, githubEvent: { merge_group: { base_sha: SHA } } },
    [`${SHA} by the merge queue's base`],
  ],
  [
    "an event that makes no sense",
    { env: GITHUB, githubEvent: { before: "--output=x", pull_request: [] } },
    [],
  ],
  ["an event of GitHub elsewhere", { env: {}, githubEvent: { before: SHA } }, []],
  [
    "a merge request of GitLab",
    { env: { CI_MERGE_REQUEST_DIFF_BASE_SHA: SHA, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "dev" } },
    [`${SHA} by CI_MERGE_REQUEST_DIFF_BASE_SHA`, "origin/dev or dev by CI_MERGE_REQUEST_TARGET_BRANCH_NAME"],
  ],
  [
    "a push to GitLab",
    { env: { GITLAB_CI: "true", CI_COMMIT_BEFORE_SHA: SHA } },
    [`${SHA} by CI_COMMIT_BEFORE_SHA`],
  ],
  ["a first push to GitLab", { env: { GITLAB_CI: "true", CI_COMMIT_BEFORE_SHA: ZEROS } }, []],
  [
    "a pull request of Buildkite",
    { env: { BUILDKITE_PULL_REQUEST_BASE_BRANCH: "dev", BUILDKITE_PIPELINE_DEFAULT_BRANCH: "main" } },
    ["origin/dev or dev by BUILDKITE_PULL_REQUEST_BASE_BRANCH"],
  ],
  [
    "a branch of Buildkite",
    { env: { BUILDKITE_BRANCH: "topic", BUILDKITE_PIPELINE_DEFAULT_BRANCH: "main" } },
    ["origin/main or main by BUILDKITE_PIPELINE_DEFAULT_BRANCH"],
  ],
  [
    "the default branch of Buildkite",
    { env: { BUILDKITE_BRANCH: "main", BUILDKITE_PIPELINE_DEFAULT_BRANCH: "main" } },
    [],
  ],
  [
    "CircleCI",
    { env: { CIRCLE_COMPARE_URL: "https://example.com/o/r/compare/abcdef123456...fedcba654321" } },
    ["abcdef123456 by CIRCLE_COMPARE_URL"],
  ],
  [
    "CircleCI of a new branch",
    { env: { CIRCLE_COMPARE_URL: "https://example.com/o/r/compare/abcdef123456^...fedcba654321" } },
    ["abcdef123456^ by CIRCLE_COMPARE_URL"],
  ],
  [
    "a pull request of Azure",
    { env: { SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/release/1" } },
    ["origin/release/1 or release/1 by SYSTEM_PULLREQUEST_TARGETBRANCH"],
  ],
])("%s says what the base is", (_, question, expected) => {
  expect(shown(question)).toEqual(expected);
});

test("only what somebody has given has to be there", () => {
  expect(baseCandidates({ base: "x", env: {} })[0]?.isRequired).toBe(true);
  expect(baseCandidates({ env: { ZR_BASE: "x" } })[0]?.isRequired).toBe(true);
  expect(baseCandidates({ env: { ...GITHUB, GITHUB_BASE_REF: "x" } })[0]?.isRequired).toBe(false);
});
