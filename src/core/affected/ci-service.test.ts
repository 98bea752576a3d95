import { expect, test } from "bun:test";
import { ciService, pullRequestOf } from "./ci-service";

test.each([
  [{ GITHUB_ACTIONS: "true" }, { name: "GitHub Actions" }],
  [
    { GITLAB_CI: "true", CI_NODE_INDEX: "2", CI_NODE_TOTAL: "5" },
    { name: "GitLab CI", job: "2/5" },
  ],
  [
    { BUILDKITE: "true", BUILDKITE_PARALLEL_JOB: "0", BUILDKITE_PARALLEL_JOB_COUNT: "5" },
    { name: "Buildkite", job: "1/5" },
  ],
  [
    { CIRCLECI: "true", CIRCLE_NODE_INDEX: "4", CIRCLE_NODE_TOTAL: "5" },
    { name: "CircleCI", job: "5/5" },
  ],
  [{ CIRCLECI: "true", CIRCLE_NODE_INDEX: "0", CIRCLE_NODE_TOTAL: "1" }, { name: "CircleCI" }],
  [
    { TF_BUILD: "True", SYSTEM_JOBPOSITIONINPHASE: "3", SYSTEM_TOTALJOBSINPHASE: "3" },
    { name: "Azure Pipelines", job: "3/3" },
  ],
  [{ GITLAB_CI: "true", CI_NODE_INDEX: "6", CI_NODE_TOTAL: "5" }, { name: "GitLab CI" }],
  [{ CI: "true" }, undefined],
] as const)("%j is %j", (env, service) => {
  expect(ciService(env)).toEqual(service as ReturnType<typeof ciService>);
});

test("a pull request is told by the ref, else by the event, and only with a token", () => {
  const env = { GITHUB_ACTIONS: "true", GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "o/n" };
  const pull = { repository: "o/n", number: 3, apiUrl: "https://api.github.com", token: "t" };
  expect(pullRequestOf({ ...env, GITHUB_REF: "refs/pull/3/merge" }, undefined)).toEqual(pull);
  expect(pullRequestOf(env, { pull_request: { number: 3 } })).toEqual(pull);
  expect(pullRequestOf(env, { pull_request: { number: "3/../4" } })).toBeUndefined();
  expect(pullRequestOf({ ...env, GITHUB_REF: "refs/heads/main" }, {})).toBeUndefined();
  expect(pullRequestOf({ ...env, GITHUB_TOKEN: "" }, { pull_request: { number: 3 } })).toBeUndefined();
  expect(
    pullRequestOf({ ...env, GITHUB_REPOSITORY: "o/n/../x" }, { pull_request: { number: 3 } }),
  ).toBeUndefined();
  expect(
    pullRequestOf({ ...env, GITHUB_API_URL: "file:///x" }, { pull_request: { number: 3 } }),
  ).toBeUndefined();
});
