import { languageProviders } from "#languages/index";

/** Names and globs of the files that say which tasks and packages there are. */
export const watchedFiles = (): readonly string[] => [
  ...new Set([
    "*.toml",
    ...languageProviders.flatMap(({ manifests, rootManifests = [] }) => [...manifests, ...rootManifests]),
  ]),
];
