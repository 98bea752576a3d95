import type { RunEvent } from "#core/model/event";
import type { Outcome } from "#core/model/outcome";
import type { Project } from "#tests/support/project";

/** The events that `--events -` printed. */
export const eventsOf = (stdout: string): RunEvent[] =>
  // Written by the program from this very type.
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RunEvent);

/** How each instance ended. */
export function outcomesOf(stdout: string): Record<string, Outcome> {
  const outcomes: Record<string, Outcome> = {};
  for (const event of eventsOf(stdout))
    if (event.type === "instance.finished") outcomes[event.id] = event.outcome;
  return outcomes;
}

/** Runs tasks to their end and gives the state of each instance. */
export async function statesOf(
  project: Project,
  ...args: readonly string[]
): Promise<Record<string, string>> {
  const { stdout } = await project.zr("run", ...args, "--events", "-").result();
  return Object.fromEntries(Object.entries(outcomesOf(stdout)).map(([id, { state }]) => [id, state]));
}

/** The instances in the order in which their commands were started. */
export const startsOf = (stdout: string): string[] =>
  eventsOf(stdout).flatMap((event) => (event.type === "instance.started" ? [event.id] : []));

/** All that an instance printed to a stream. */
export const outputOf = (stdout: string, id: string, stream: "stdout" | "stderr" = "stdout"): string =>
  eventsOf(stdout)
    .flatMap((event) =>
      event.type === "instance.output" && event.id === id && event.stream === stream ? [event.text] : [],
    )
    .join("");
