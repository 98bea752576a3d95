import { writeFileSync } from "node:fs";
import { expect } from "bun:test";
import { anything } from "#tests/support/run";
import { makeProject, type Project } from "#tests/support/project";

/** A task that leaves a trace if anything is run. */
export const RUNS = '[tasks.build]\ncmd = "touch ran"\n';

/** zr refuses the file: exit code 3, the diagnostics named, nothing run, no raw control character on any stream. */
export async function expectRefused(project: Project, codes: readonly string[]): Promise<string> {
  const { stderr, stdout } = await project
    .zr("run", "build")
    .expect({ code: 3, stdout: anything, stderr: anything });
  expect([...(stderr.match(/(?<=^error\[)E\d+/gm) ?? [])]).toEqual([...codes]);
  expect(project.exists("ran")).toBe(false);
  expect(stdout + stderr).not.toMatch(RAW_CONTROLS);
  return stderr;
}

// oxlint-disable-next-line no-control-regex
export const RAW_CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

export const projectWith = async (content: string | Uint8Array): Promise<Project> => {
  const project = await makeProject({});
  writeFileSync(project.path("zr.toml"), content);
  return project;
};
