import type { RunEvent } from "#core/model/event";
import { runStatus } from "#engine/history/stored-run";
import type { LogEntry, OperationContext } from "./operation";
import type { DeskRun } from "./run-desk";

type Level = LogEntry["level"];

/** Tells of a run as it goes: what fails is an error, what is tried again or allowed to fail a warning. */
export function runLog({
  log,
  words,
}: Pick<OperationContext, "log" | "words">): (event: RunEvent, run: DeskRun) => void {
  return (event, { id: run }) => {
    const tell = (level: Level, message: string, task?: string): void =>
      log({ level, message, run, ...(task === undefined ? {} : { task }) });
    switch (event.type) {
      case "run.started":
        return tell("info", `started: ${event.request.join(" ")}`);
      case "instance.started":
        return tell(
          "debug",
          `${event.id} started${event.attempt > 1 ? ` again (${event.attempt})` : ""}`,
          event.id,
        );
      case "instance.attempt-finished":
        if (event.retryInMs === undefined) return undefined;
        return tell("warning", `${event.id} failed and is tried again in ${event.retryInMs} ms`, event.id);
      case "instance.finished": {
        const { failure, allowed } = event.outcome;
        const level = failure === undefined ? "info" : allowed === true ? "warning" : "error";
        return tell(level, `${event.id} ${words.outcome(event.outcome)}`, event.id);
      }
      case "stage.finished": {
        const why = event.why === undefined ? "" : `: ${event.why}`;
        return tell(event.state === "failed" ? "error" : "info", `stage ${event.stage} ${event.state}${why}`);
      }
      case "note":
        return tell(event.level === "warn" ? "warning" : "info", event.text);
      case "run.finished": {
        const status = runStatus(event);
        return tell(status === "success" ? "info" : "error", `ended: ${status}`);
      }
      default:
        return undefined;
    }
  };
}
