import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

test.each([
  [["ci"], ["ci/deep/x.yml"], true],
  [["./ci/"], ["ci/x.yml"], true],
  [["//ci/*.yml"], ["ci/x.yml"], true],
  [["ci/**", "!ci/*.md"], ["ci/x.md"], false],
  [["ci/**", "!ci/*.md"], ["ci/x.md", "ci/x.yml"], true],
  [["!ci/**", "ci/x.yml"], ["ci/x.yml"], true],
])(
  "global_inputs %j and the changed files %j affect everything as they do keys of the cache: %j",
  async (globs, files, isAll) => {
    await using project = await makeProject(
      {
        "zr.toml": `
        [workspace]
        members = ["packages/*"]
        global_inputs = ${JSON.stringify(globs)}
        [tasks]
        build = { cmd = "true", inputs = [], cache = true }
      `,
        "packages/app/zr.toml": "",
        "ci/keep.txt": "",
        ".gitignore": ".zr\n",
      },
      { git: true },
    );
    await project.zr("run", "build").expect({ stderr: /^/ });
    for (const file of files) project.write(file, "changed");
    const { stdout } = await project.zr("affected", "--list").expect({ stdout: /^/, stderr: /^/ });
    expect(stdout).toBe(isAll ? "project\npackages/app\n" : "project\n");
    await project.zr("explain", "build").expect({ stdout: isAll ? /would miss/ : /would hit/ });
  },
);
