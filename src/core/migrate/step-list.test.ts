import { expect, test } from "bun:test";
import { StepList } from "./step-list";

test("a single command is the task's cmd, and what stands above it stands above that", () => {
  const comments: Record<string, readonly string[]> = {};
  const steps = new StepList(comments);
  steps.comment("first", "second");
  steps.begin();
  steps.add("go build");
  expect(steps.finish()).toEqual({ cmd: "go build" });
  expect(comments).toEqual({ cmd: ["first", "second"] });
});

test("several steps, or one that is more than a command, are its cmds", () => {
  const comments: Record<string, readonly string[]> = {};
  const steps = new StepList(comments);
  steps.add({ task: "a" });
  steps.comment("about b");
  steps.begin();
  steps.add("b");
  expect(steps.finish()).toEqual({ cmds: [{ task: "a" }, "b"] });
  expect(comments).toEqual({ "cmds.1": ["about b"] });
});

test("a step that can't be converted fails, with its comments, its place and its text above it", () => {
  const comments: Record<string, readonly string[]> = {};
  const steps = new StepList(comments);
  steps.comment("about it");
  steps.begin();
  steps.refuse({ file: "Makefile", line: 3 }, "$(odd)", "it is odd");
  expect(steps.finish()).toEqual({ cmd: "echo 'not converted: Makefile:3' >&2; exit 1" });
  expect(comments).toEqual({ cmd: ["about it", "zr: not converted (Makefile:3): it is odd", "$(odd)"] });
});

test("comments behind the last step stand above all of them, those of no step in the description", () => {
  const behind: Record<string, readonly string[]> = {};
  const steps = new StepList(behind);
  steps.add("a", "b");
  steps.comment("behind");
  steps.finish();
  expect(behind).toEqual({ cmds: ["behind"] });
  const single: Record<string, readonly string[]> = {};
  const one = new StepList(single);
  one.comment("above");
  one.begin();
  one.add("a");
  one.comment("behind");
  expect(one.finish()).toEqual({ cmd: "a" });
  expect(single).toEqual({ cmd: ["above", "behind"] });
  const alone: Record<string, readonly string[]> = {};
  const none = new StepList(alone);
  none.comment("nothing else");
  expect(none.finish()).toEqual({});
  expect(alone).toEqual({ description: ["nothing else"] });
});
