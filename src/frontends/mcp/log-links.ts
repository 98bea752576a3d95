/** A link to a resource, as part of an answer. */
export interface LogLink {
  readonly type: "resource_link";
  readonly uri: string;
  readonly name: string;
  readonly mimeType: "text/plain";
}

/** Links to the logs of which an answer about a run shows but the end. */
export function logLinks(value: Readonly<Record<string, unknown>>): LogLink[] {
  const { run, failed } = value;
  if (typeof run !== "string" || !Array.isArray(failed)) return [];
  // As the output schema of runs says.
  const tasks = failed as readonly {
    readonly task: string;
    readonly output?: string;
    readonly lines?: number;
  }[];
  return tasks
    .filter(({ output = "", lines = 0 }) => lines > output.split("\n").length)
    .map(({ task }) => ({
      type: "resource_link",
      uri: logUri(run, task),
      name: `log of ${task}`,
      mimeType: "text/plain",
    }));
}

export const logUri = (run: string, task: string): string =>
  `zr://runs/${encodeURIComponent(run)}/logs/${encodeURIComponent(task)}`;
