import { startOf } from "./start-of";

/** A process, told apart from a later one of the same number by when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In a form that only compares; never empty. */
  readonly started: string;
}

export const thisProcess = async (): Promise<ProcessIdentity> => ({
  pid: process.pid,
  started: await startOf(process.pid),
});

/** Whether the process is still there. */
export const isAlive = async ({ pid, started }: ProcessIdentity): Promise<boolean> =>
  (await startOf(pid)) === started;
