import type { CallSetting } from "#app/catalogue/call-operation";
import { logUri } from "./log-links";
import { operationValue } from "./operation-value";
import { read } from "./resources";

/** The end of what a task printed, as a part of a prompt. */
export interface EmbeddedLog {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

const BAD = new Set(["failed", "timed_out"]);

/** The log of a task's last run where that failed; undefined where it went well, never was or printed nothing. */
export async function lastFailure(task: string, setting: CallSetting): Promise<EmbeddedLog | undefined> {
  const runs = (await operationValue("task_history", { task, limit: 1 }, setting))?.["runs"];
  // As the output schema of the operation says.
  const [last] = (Array.isArray(runs) ? runs : []) as readonly {
    readonly run: string;
    readonly task?: string;
    readonly state: string;
  }[];
  if (last === undefined || !BAD.has(last.state)) return undefined;
  const uri = logUri(last.run, last.task ?? task);
  const log = await read(uri, setting);
  return log === undefined || log.text === "" ? undefined : { uri, ...log };
}
