import type { Project } from "#tests/support/project";
import { eventsOf, outcomesOf } from "./events";

/** How each instance of a workflow ended. */
export async function statesOf(
  project: Project,
  ...words: readonly string[]
): Promise<Record<string, string>> {
  const { stdout } = await project.zr("workflow", ...words, "--events=-").result();
  return Object.fromEntries(Object.entries(outcomesOf(stdout)).map(([id, { state }]) => [id, state]));
}

/** Names and states of stages in the order in which they ended. */
export const stagesOf = (stdout: string): readonly string[] =>
  eventsOf(stdout).flatMap((event) =>
    event.type === "stage.finished" ? [`${event.stage} ${event.state}`] : [],
  );

export const whyOf = (stdout: string, stage: string): string | undefined =>
  eventsOf(stdout).flatMap((event) =>
    event.type === "stage.finished" && event.stage === stage ? [event.why ?? ""] : [],
  )[0];
