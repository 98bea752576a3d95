import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import type { Run } from "#tests/support/run";

/** Waits until zr has said for the n-th time that it waits. */
export const waits = (run: Run, times: number): Promise<string> =>
  run.waitForOutput(new RegExp(`(?:^watching [^]*?){${times}}`, "m"), "stderr");

/** Lines that say what is run again. */
export const reruns = (run: Run): string[] =>
  run
    .stderr()
    .split("\n")
    .filter((line) => line.includes(" → "));

/** Ends a watch as Ctrl-C does. */
export async function end(run: Run): Promise<void> {
  run.kill("SIGINT");
  await run.expect({ code: 130, stdout: anything, stderr: anything });
}

/** Lets the scripted command end its next start. */
export async function finish(project: Project, name: string, code = 0): Promise<void> {
  (await project.command(name).started()).exit(code);
}
