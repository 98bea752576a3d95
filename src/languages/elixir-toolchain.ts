import type { Release, Toolchain } from "#core/toolchain/toolchain";
import { elixirProject } from "./elixir-project";
import { everyPlatform } from "./every-platform";
import { githubReleases, githubReleasesUrl } from "./github-releases";
import type { GithubRelease } from "./github-releases";

const REPOSITORY = "elixir-lang/elixir";
const DOWNLOADS = `https://github.com/${REPOSITORY}/releases/download`;

/**
 * The precompiled archives of Elixir's releases (elixir-lang.org, "Install"), one for all systems and each release of
 * Erlang/OTP that it runs on, which has to be there. The one for the oldest runs on newer ones too; `1.18.4-otp-27` asks
 * for another.
 */
export const elixirToolchain: Toolchain = {
  name: "elixir",
  displayName: "Elixir",
  sites: [DOWNLOADS, `https://api.github.com/repos/${REPOSITORY}`],
  platforms: everyPlatform("any"),
  index: () => [githubReleasesUrl(REPOSITORY)],
  readIndex: (text, page) => githubReleases(text, page, releasesOf),
  layout: () => ({ strip: 0, bin: ["bin"] }),
  versionFiles: elixirProject.versionFiles ?? [],
};

function releasesOf({ tag, isPreview, files }: GithubRelease): readonly Release[] {
  const version = /^v(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(tag)?.[1];
  if (version === undefined) return [];
  const builds = files
    .flatMap((name) => /^elixir-otp-(\d{1,4})\.zip$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const releaseFor = (name: string, otp: number, preview: boolean): Release => {
    const url = `${DOWNLOADS}/v${version}/elixir-otp-${otp}.zip`;
    const source = { url, checksums: `${url}.sha256sum` };
    return {
      version: name,
      isPreview: preview,
      archives: Object.fromEntries(
        Object.keys(elixirToolchain.platforms).map((platform) => [platform, source]),
      ),
    };
  };
  const [oldest] = builds;
  if (oldest === undefined) return [];
  return [
    releaseFor(version, oldest, isPreview || version.includes("-")),
    // Not for those who do not name one.
    ...builds.map((otp) => releaseFor(`${version}-otp-${otp}`, otp, true)),
  ];
}
