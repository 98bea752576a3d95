import { chmodSync, existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "./project";

export interface SetupStepAnswer {
  readonly id: string;
  readonly state: string;
  readonly detail: string;
  readonly log?: string;
  readonly hint?: string;
}

/** What `zr setup --json` says. */
export interface SetupAnswer {
  readonly ok: boolean;
  readonly steps: readonly SetupStepAnswer[];
  readonly next: readonly string[];
}

/** Sets up, and gives what is said of it with the exit code. */
export async function setUp(
  project: Project,
  ...words: readonly string[]
): Promise<SetupAnswer & { readonly code: number }> {
  const { code, stdout, stderr } = await project.zr("setup", "--json", ...words).result();
  if (stdout === "") throw new Error(stderr);
  return { ...(JSON.parse(stdout) as SetupAnswer), code: code ?? -1 };
}

/** The state of each step, by its id. */
export const statesOf = ({ steps }: SetupAnswer): Readonly<Record<string, string>> =>
  Object.fromEntries(steps.map(({ id, state }) => [id, state]));

/** A program on PATH that is a script. */
export function fakeTool(project: Project, name: string, script: string): void {
  const folder = binOf(project);
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Makes the program that is tested what `zr` means. */
export function linkProgram(project: Project, zr: string): void {
  const path = join(binOf(project), "zr");
  if (!existsSync(path)) symlinkSync(zr, path);
}

const binOf = (project: Project): string => project.environment()["PATH"]?.split(":")[0] ?? "";
