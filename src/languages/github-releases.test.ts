import { describe, expect, test } from "bun:test";
import { githubReleases, githubReleasesUrl } from "./github-releases";

const FIRST = githubReleasesUrl("owner/name");

const pageOf = (count: number): string =>
  JSON.stringify(Array.from({ length: count }, (_, index) => ({ tag_name: `v2.${index}.0` })));

const read = (text: string, request: string, url = FIRST) =>
  githubReleases(text, { url, request, platform: "linux-x64" }, ({ tag, isPreview }) => [
    { version: tag.slice(1), isPreview },
  ]);

describe("a page of releases", () => {
  test("leads to the next one where it is full and has nothing that fits", () => {
    expect(read(pageOf(100), "1.0").more).toEqual([`${FIRST}&page=2`]);
    expect(read(pageOf(100), "1.0", `${FIRST}&page=2`).more).toEqual([`${FIRST}&page=3`]);
  });

  test("is the last one where something fits, or where it is not full", () => {
    expect(read(pageOf(100), "2.7").more).toBeUndefined();
    expect(read(pageOf(100), "latest").more).toBeUndefined();
    expect(read(pageOf(99), "1.0").more).toBeUndefined();
  });

  test("gives no drafts, and nothing where it has another form", () => {
    const text = JSON.stringify([
      { tag_name: "v2.1.0", prerelease: true },
      { tag_name: "v2.0.0", draft: true },
      { name: "v1.9.0" },
      null,
    ]);
    expect(read(text, "2").releases).toEqual([{ version: "2.1.0", isPreview: true }]);
    for (const odd of ["", "{}", "[[]]", '{"message":"API rate limit exceeded"}'])
      expect(read(odd, "2")).toEqual({ releases: [] });
  });
});
