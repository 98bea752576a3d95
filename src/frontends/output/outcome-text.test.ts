import { expect, test } from "bun:test";
import { instanceId } from "#core/model/ids";
import type { Failure, StopReason } from "#core/model/outcome";
import { failureText, outcomeText, stopReasonText } from "./outcome-text";

const of = instanceId("app:build");

test.each<[Failure, string]>([
  [{ kind: "exit", code: 3 }, "exit code 3"],
  [{ kind: "signal", signal: "SIGKILL" }, "ended by SIGKILL"],
  [{ kind: "timeout", limitMs: 65_000 }, "not finished within 1m 5s"],
  [{ kind: "not-found", program: "gcc" }, "program 'gcc' not found"],
  [{ kind: "spawn", message: "argument list too long" }, "could not be started: argument list too long"],
  [{ kind: "cwd", path: "/x" }, "working folder /x does not exist"],
  [{ kind: "precondition", message: "needs docker" }, "precondition not met: needs docker"],
  [{ kind: "expression", message: "bad" }, "condition could not be evaluated: bad"],
  [{ kind: "confirm", message: "no terminal" }, "not confirmed: no terminal"],
  [{ kind: "environment", message: "bad" }, "environment could not be made: bad"],
  [{ kind: "io", path: "/x", message: "no space" }, "/x: no space"],
  [{ kind: "call", of: [of] }, "its call of app:build did not end well"],
  [{ kind: "call", of: [of, of, of] }, "its call of app:build and 2 more did not end well"],
  [{ kind: "not-ready", message: "port 80 closed" }, "did not become ready: port 80 closed"],
])("%o is worded as %s", (failure, text) => {
  expect(failureText(failure)).toBe(text);
});

test.each<[StopReason, string]>([
  [{ kind: "condition", source: "env.CI" }, "its condition is false: env.CI"],
  [{ kind: "platform", platforms: ["darwin", "windows"] }, "only for darwin, windows"],
  [{ kind: "status" }, "its status checks say that it is up to date"],
  [{ kind: "not-needed", of, state: "success" }, "not called for, since app:build succeeded"],
  [{ kind: "not-called", by: of }, "app:build did not get to calling it"],
  [{ kind: "upstream", of, state: "timed_out" }, "app:build timed out"],
  [{ kind: "upstream", of, state: "blocked" }, "app:build was blocked"],
  [{ kind: "fail-fast", of }, "stopped because app:build failed"],
  [{ kind: "interrupt", signal: "SIGINT" }, "interrupted by SIGINT"],
  [{ kind: "caller-timeout", by: of }, "the time of app:build, which called it, was over"],
  [{ kind: "run-timeout" }, "the run's time was over"],
  [{ kind: "after-stop", limitMs: 10_000 }, "not finished within 10.0s after the run was stopped"],
  [{ kind: "restart" }, "stopped to be started again"],
  [{ kind: "asked" }, "stopped on request"],
  [{ kind: "declined" }, "not confirmed"],
])("%o is worded as %s", (reason, text) => {
  expect(stopReasonText(reason)).toBe(text);
});

test("a failure that the task allows says so", () => {
  expect(outcomeText({ state: "failed", allowed: true, failure: { kind: "exit", code: 1 } })).toBe(
    "failed (allowed): exit code 1",
  );
});
