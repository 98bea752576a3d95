import { afterEach, expect, test } from "bun:test";
import { openThread } from "#system/thread/thread";
import type { Thread } from "#system/thread/thread";

const open: Thread[] = [];
afterEach(() => {
  for (const thread of open.splice(0)) thread.close();
});

function begun(index: number): Thread {
  const thread = openThread(index);
  open.push(thread);
  return thread;
}

const question = (paths: readonly string[]) => ({
  kind: "store",
  work: { store: "/nowhere", packs: [paths.map((path) => ({ path, absolute: path, size: 3 }))] },
});

test("a thread answers each question with its own answer, also before it has begun", async () => {
  const thread = begun(1);
  const answers = [question([]), question(["/no/such/file"])].map((one) => thread.ask(one));
  expect(thread.waiting()).toBe(2);
  expect(await Promise.all(answers)).toEqual([
    { result: { contents: [] }, notices: [] },
    {
      result: {
        contents: [],
        problem: { path: "/no/such/file", why: expect.stringContaining("ENOENT"), isStoreFull: false },
      },
      notices: [],
    },
  ]);
  expect(thread.waiting()).toBe(0);
});

test("a question that it can't answer has no answer, and the next one has", async () => {
  const thread = begun(1);
  expect(await thread.ask("nonsense")).toBeUndefined();
  expect(await thread.ask(question([]))).toEqual({ result: { contents: [] }, notices: [] });
});

test("a thread that has ended answers nothing, neither what was open nor what comes", async () => {
  const thread = begun(1);
  const waiting = thread.ask(question([]));
  thread.close();
  expect(await waiting).toBeUndefined();
  expect(await thread.ask(question([]))).toBeUndefined();
});
