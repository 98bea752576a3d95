import { lstatSync, readdirSync, rmSync } from "node:fs";
import { expect } from "bun:test";
import { makingThreads } from "#tests/support/making-threads";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { testUnless } from "#tests/support/left-out";
import { anything } from "#tests/support/run";

const COUNT = 800;

/** Prints each name with its content. */
const CONTENTS = "cd dist && for name in *; do printf '%s ' $name; cat $name; done | sha256sum";

const FILES = {
  "zr.toml": `
    [tasks.make]
    cmd = "mkdir -p dist; i=0; while [ $i -lt ${COUNT} ]; do seq $i $((i + 300)) > dist/$i; i=$((i + 1)); done"
    cache = true
    outputs = ["dist/*"]
  `,
};

const contents = (project: Project): string =>
  Bun.spawnSync(["sh", "-c", CONTENTS], { cwd: project.root }).stdout.toString();

testUnless(navigator.hardwareConcurrency < 2 ? "one processor" : undefined)(
  "many outputs are put back by several threads, as they were",
  async () => {
    await using project = await makeProject(FILES);
    await project.zr("make").expect({ stdout: anything });
    const made = contents(project);
    for (const name of readdirSync(project.path("dist"))) rmSync(project.path(`dist/${name}`));
    const threads = await makingThreads(project.path("dist"), async () => {
      await project.zr("make").expect({ stdout: "", stderr: /make.*cached/ });
    });
    expect(threads[0]).toBe(0);
    expect(threads.length).toBeGreaterThan(1);
    expect(contents(project)).toBe(made);
  },
);

testUnless(navigator.hardwareConcurrency < 2 ? "one processor" : undefined)(
  "folders and files that several threads make have the permissions that the mask of new files leaves them",
  async () => {
    const make =
      "i=0; while [ $i -lt 900 ]; do mkdir -p dist/$i; echo $i > dist/$i/a; chmod 775 dist/$i/a; i=$((i + 1)); done";
    await using project = await makeProject({
      "zr.toml": `
        [tasks.make]
        cmd = "${make}"
        cache = true
        outputs = ["dist/**"]
      `,
    });
    await project.zr("make").expect({});
    const modes = (): ReadonlySet<string> => {
      const paths = readdirSync(project.path("dist"), { recursive: true, encoding: "utf8" });
      return new Set(
        paths.map((path) => (lstatSync(project.path(`dist/${path}`)).mode & 0o7777).toString(8)),
      );
    };
    const made = modes();
    rmSync(project.path("dist"), { recursive: true });
    await project.zr("make").expect({ stdout: "", stderr: /make.*cached/ });
    expect(modes()).toEqual(made);
  },
);
