import { afterAll, expect } from "bun:test";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { buildMirror, mirrorFolder } from "#scripts/mirror/build-mirror";
import { mirrorVariables, serveMirror } from "#scripts/mirror/serve-mirror";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { notInMirror, testUnless } from "#tests/support/left-out";

/*
 * Two examples, set up in an empty home with real tools out of a mirror on this machine. Skipped, with the reason, where
 * the mirror can't be made.
 */
const TOOLS = ["node", "go", "python"];
const folder = mirrorFolder(process.env);
const mirror = await buildMirror(folder);
const server = serveMirror(folder);
afterAll(() => server[Symbol.dispose]());

/** A whole setup may take two minutes, and what is there already two seconds. */
const FIRST_MS = 120_000;
const AGAIN_MS = 2000;

interface Took {
  readonly code: number;
  readonly ms: number;
  readonly text: string;
}

async function timed(project: Project, ...args: readonly string[]): Promise<Took> {
  const began = performance.now();
  const child = Bun.spawn([...(await ensureBinary()), ...args], {
    cwd: project.root,
    env: project.environment(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, said, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, ms: performance.now() - began, text: `${out}${said}` };
}

const example = async (name: string): Promise<Project> => {
  const project = await makeProject({}, { env: mirrorVariables(server.url, TOOLS) });
  cpSync(join(REPOSITORY, "examples", name), project.root, { recursive: true });
  project.initializeGit();
  return project;
};

testUnless(notInMirror(mirror, "node", "go", "python"))(
  "examples/polyglot: three compilers, then nothing more to do, and its tasks run with them",
  async () => {
    await using project = await example("polyglot");
    project.write("zr.local.toml", '[tools]\nnode = "22"\ngo = "1.24"\npython = "3"\n');
    const first = await timed(project, "setup");
    expect(first.text).toContain("✓ tools        done        node 22.12.0, go 1.24.1, python 3.");
    expect(first.text).toContain("✓ deps chart   done        go mod download");
    expect(first.code).toBe(0);
    expect(first.ms).toBeLessThan(FIRST_MS);
    const asked = server.asked.length;
    const again = await timed(project, "setup");
    expect(again.text).toContain("everything is set up");
    expect(again.ms).toBeLessThan(AGAIN_MS);
    expect(server.asked.length).toBe(asked);
    expect((await timed(project, "run", "chart:build", "page:test")).code).toBe(0);
    console.log(`examples/polyglot: zr setup ${Math.round(first.ms)} ms, again ${Math.round(again.ms)} ms`);
  },
  180_000,
);

testUnless(notInMirror(mirror, "node", "python"))(
  "examples/onboarding: tools, dependencies, .env, database, hooks and a first run; what is broken is found and mended",
  async () => {
    await using project = await example("onboarding");
    expect((await timed(project, "doctor")).code).toBe(1);
    const first = await timed(project, "setup");
    expect(first.text).toContain("✓ try          done        zr run web:hello");
    expect(first.text).toContain("✓ hooks        done        pre-commit");
    expect(first.code).toBe(0);
    expect(first.ms).toBeLessThan(FIRST_MS);
    const again = await timed(project, "setup");
    for (const step of ["tools", "deps api", "deps web", "env", "migrate", "hooks"])
      expect(again.text).toMatch(new RegExp(`✓ ${step} +up to date`));
    expect(again.ms).toBeLessThan(AGAIN_MS);
    const sound = await timed(project, "doctor");
    expect(sound.text).not.toContain("failed");
    expect(sound.code).toBe(0);
    for (const path of [".env", "birds.db"]) project.remove(path);
    expect((await timed(project, "doctor")).text).toContain("zr doctor --fix mends 2 of them\n");
    expect((await timed(project, "doctor", "--fix")).code).toBe(0);
    expect((await timed(project, "run", "test")).text).toContain("2 birds");
    console.log(`examples/onboarding: zr setup ${Math.round(first.ms)} ms, again ${Math.round(again.ms)} ms`);
  },
  180_000,
);
