import { symlinkSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

test("a member that is a link to a folder of the repository is affected by what changes there", async () => {
  await using project = await makeProject(
    {
      "zr.toml": '[workspace]\nmembers = ["packages/*", "packages/linked"]\n[tasks]\nall = "true"',
      "packages/plain/zr.toml": '[package]\nname = "plain"\ndeps = ["linked"]\n[tasks]\nbuild = "true"',
      "packages/other/zr.toml": '[package]\nname = "other"\n[tasks]\nbuild = "true"',
      "real/lib/zr.toml": '[package]\nname = "linked"\n[tasks]\nbuild = "true"',
      "real/lib/src/a.txt": "one\n",
      "real/beside.txt": "one\n",
      ".gitignore": ".zr\n",
    },
    { git: true },
  );
  symlinkSync("../real/lib", project.path("packages/linked"));
  project.git("add", "--all");
  project.git("commit", "--quiet", "--message", "link");
  project.git("checkout", "--quiet", "-b", "topic");
  const listed = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await project
      .zr("affected", "--list", ...args)
      .expect({ stdout: anything, stderr: anything });
    return stdout.split("\n").filter((line) => line !== "" && line !== "//" && !line.startsWith("zr-test"));
  };
  expect(await listed()).toEqual([]);
  project.write("real/beside.txt", "two\n");
  expect(await listed()).not.toContain("linked");
  project.git("checkout", "--quiet", "real/beside.txt");
  project.write("real/lib/src/a.txt", "two\n");
  expect(await listed()).toEqual(expect.arrayContaining(["linked", "plain"]));
  expect(await listed()).not.toContain("other");
  const why = await project
    .zr("affected", "build", "--explain", "--dry-run")
    .expect({ stdout: anything, stderr: anything });
  expect(why.stdout + why.stderr).toContain("changed: packages/linked/src/a.txt");
  project.git("commit", "--quiet", "--all", "--message", "two");
  expect(await listed("--base", "main")).toEqual(expect.arrayContaining(["linked", "plain"]));
  project.write("changed.txt", "real/lib/src/new.txt\n");
  expect(await listed("--base", "HEAD", "--files", "changed.txt")).toEqual(
    expect.arrayContaining(["linked", "plain"]),
  );
});
