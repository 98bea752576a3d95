/** The services that a file can be written for. */
export const CI_PLATFORMS = ["github-actions", "gitlab", "circleci", "buildkite"] as const;

export type CiPlatform = (typeof CI_PLATFORMS)[number];

/** `basic`: one job for each change. `monorepo`: several, which share the work. `release`: one for each tag `v…`. */
export const CI_TYPES = ["basic", "monorepo", "release"] as const;

export type CiType = (typeof CI_TYPES)[number];
