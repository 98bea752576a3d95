/** What has changed since the last release, from the commits: the first line of each, in the order they were made. */
import { runCommand } from "#scripts/project";

export interface Changes {
  /** `v0.2.0`; undefined before the first release. */
  readonly since: string | undefined;
  readonly subjects: readonly string[];
}

/** @param version of the release that is being made; its own tag, where it is set already, is not the last one. */
export async function changesSinceRelease(version: string): Promise<Changes> {
  const tags = await runCommand(["git", "tag", "--list", "v*", "--sort=-v:refname", "--merged", "HEAD"]);
  const since = tags.stdout.split("\n").find((tag) => /^v\d+\.\d+\.\d+$/.test(tag) && tag !== `v${version}`);
  const range = since === undefined ? "HEAD" : `${since}..HEAD`;
  const log = await runCommand(["git", "log", "--reverse", "--no-merges", "--format=%s", range]);
  return { since, subjects: log.stdout.split("\n").filter((line) => line !== "") };
}

/** The notes of a release as Markdown: what CHANGELOG.md says of it, and the commits. */
export function releaseNotes(version: string, changelog: string, { since, subjects }: Changes): string {
  const section = sectionOf(changelog, version) ?? sectionOf(changelog, "Unreleased") ?? "";
  const list = subjects.map((subject) => `- ${subject}`).join("\n");
  const title = since === undefined ? "Commits" : `Commits since ${since}`;
  return `# zr ${version}\n\n${section.trim()}\n\n<details><summary>${title}</summary>\n\n${list}\n\n</details>\n`;
}

/** What stands below `## [NAME]` or `## NAME`, up to the next such heading. */
function sectionOf(changelog: string, name: string): string | undefined {
  const lines = changelog.split("\n");
  const first = lines.findIndex(
    (line) => line.startsWith("## ") && line.replaceAll(/[[\]]/g, "").split(" ")[1] === name,
  );
  if (first < 0) return undefined;
  const next = lines.findIndex((line, index) => index > first && line.startsWith("## "));
  return lines.slice(first + 1, next < 0 ? undefined : next).join("\n");
}
