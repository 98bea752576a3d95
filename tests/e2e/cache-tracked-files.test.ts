import { expect, test } from "bun:test";
import { COPY, IGNORE, cacheRunWith, copying } from "./cache-runs";

/** Git's own way to have itself refuse a repository as that of another user. */
const REFUSED = { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };

test.each<[string, Readonly<Record<string, string>>]>([
  ["answers", {}],
  ["refuses the repository", REFUSED],
])("what git tracks though it is ignored is an input where git %s", async (_, env) => {
  await using project = await copying({
    "zr.toml": COPY,
    ".gitignore": `${IGNORE}*.lst\n`,
    "src/b.lst": "1\n",
  });
  project.git("add", "--force", "src/b.lst");
  project.git("commit", "--quiet", "--message", "tracked");
  project.write("src/c.lst", "ignored");
  for (const state of ["success", "cached", "cached"])
    expect((await cacheRunWith(project, { env }, "build")).states).toEqual({ build: state });
  project.write("src/b.lst", "2\n");
  expect((await cacheRunWith(project, { env }, "build")).why["build"]).toBe("input src/b.lst changed");
  project.write("src/c.lst", "ignored still");
  expect((await cacheRunWith(project, { env }, "build")).states).toEqual({ build: "cached" });
  project.git("add", "--force", "src/c.lst");
  expect((await cacheRunWith(project, { env }, "build")).why["build"]).toBe("input src/c.lst is new");
});
