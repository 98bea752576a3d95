import { expect, test } from "bun:test";
import { openThread } from "./thread";

function RefusedWorker(): never {
  throw new Error("no more threads");
}

test("a thread that the system refuses to begin answers nothing, and can be closed", async () => {
  const { Worker } = globalThis;
  Object.assign(globalThis, { Worker: RefusedWorker });
  try {
    const thread = openThread(1);
    expect(await thread.ask("anything")).toBeUndefined();
    expect(thread.waiting()).toBe(0);
    thread.close();
  } finally {
    Object.assign(globalThis, { Worker });
  }
});
