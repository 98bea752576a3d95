import type { Toolchain } from "#core/toolchain/toolchain";
import { githubReleases, githubReleasesUrl } from "./github-releases";
import { everyPlatform } from "./every-platform";
import { kotlinProject } from "./kotlin-project";

const REPOSITORY = "JetBrains/kotlin";
const DOWNLOADS = `https://github.com/${REPOSITORY}/releases/download`;

/** The command-line compiler of Kotlin's releases: one archive for all systems, which a Java of any maker runs. */
export const kotlinToolchain: Toolchain = {
  name: "kotlin",
  displayName: "Kotlin",
  aliases: ["kotlinc"],
  sites: [DOWNLOADS, `https://api.github.com/repos/${REPOSITORY}`],
  platforms: everyPlatform("any"),
  index: () => [githubReleasesUrl(REPOSITORY)],
  readIndex: (text, page) =>
    githubReleases(text, page, ({ tag, isPreview }) => {
      const version = /^v(\d[\w.-]*)$/.exec(tag)?.[1];
      return version === undefined ? [] : [{ version, isPreview: isPreview || version.includes("-") }];
    }),
  archive: ({ version }) => {
    const url = `${DOWNLOADS}/v${version}/kotlin-compiler-${version}.zip`;
    return { url, checksums: `${url}.sha256` };
  },
  layout: () => ({ strip: 1, bin: ["bin"] }),
  versionFiles: kotlinProject.versionFiles ?? [],
};
