import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { openRefs } from "./refs";

test("names of commits are found as git finds them, loose and packed", async () => {
  await using project = await makeProject({ a: "a", "sub/b": "b" }, { git: true, program: ["true"] });
  const commit = project.git("rev-parse", "HEAD").trim();
  project.git("branch", "topic/x");
  project.git("tag", "v1");
  project.git("update-ref", "refs/remotes/origin/dev", "HEAD");
  project.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/dev");
  for (const isPacked of [false, true]) {
    if (isPacked) project.git("pack-refs", "--all");
    const refs = await openRefs(project.path("sub"));
    expect(refs?.top).toBe(project.root);
    expect(refs?.head).toBe(commit);
    expect(refs?.isShallow).toBe(false);
    for (const name of [
      "HEAD",
      "main",
      "topic/x",
      "v1",
      "refs/heads/main",
      "origin/dev",
      "origin/HEAD",
      "heads/main",
      commit,
    ])
      expect([name, await refs?.find(name)]).toEqual([name, commit]);
    for (const name of [
      "nothing",
      "topic",
      "config",
      "refs",
      "../HEAD",
      "main..topic",
      "--all",
      "HEAD~1",
      "",
    ])
      expect([name, await refs?.find(name)]).toEqual([name, undefined]);
  }
});

test("there are none outside of a repository, and a shallow clone says that it is one", async () => {
  await using project = await makeProject({ a: "a" }, { git: true, program: ["true"] });
  project.git("commit", "--quiet", "--allow-empty", "--message", "second");
  project.git("clone", "--quiet", "--depth", "1", `file://${project.root}`, "../clone");
  expect((await openRefs(project.path("../clone")))?.isShallow).toBe(true);
  expect(await openRefs(project.folders.tmp)).toBeUndefined();
});
