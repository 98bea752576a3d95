import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { eventsOf, outcomesOf } from "./events";

/** A command that fails so many times with a code, then succeeds. */
const failing = (times: number, code = 1): string =>
  `echo try >> tries; test $(wc -l < tries) -gt ${times} || { echo temporary trouble; exit ${code}; }`;

async function attempts(
  retry: string,
  command: string,
): Promise<{ readonly attempts: number; readonly state: string; readonly delays: readonly number[] }> {
  await using project = await makeProject({
    "zr.toml": `[tasks.t]\ncmd = '''${command}'''\nretry = ${retry}\n`,
  });
  const { stdout } = await project.zr("run", "t", "--events", "-").result();
  const events = eventsOf(stdout);
  const finished = events.find((event) => event.type === "instance.finished");
  const delays = events.flatMap((event) =>
    event.type === "instance.attempt-finished" && event.retryInMs !== undefined ? [event.retryInMs] : [],
  );
  return { attempts: finished?.attempts ?? 0, state: outcomesOf(stdout)["t"]?.state ?? "", delays };
}

test("retry is the number of attempts after the first", async () => {
  expect(await attempts("2", failing(2))).toMatchObject({ attempts: 3, state: "success" });
  expect(await attempts("1", failing(2))).toMatchObject({ attempts: 2, state: "failed" });
  expect(await attempts("0", failing(2))).toMatchObject({ attempts: 1, state: "failed" });
});

test("the delay is constant, linear or exponential, and never more than max_delay", async () => {
  expect((await attempts(`{ max = 3, delay = "2ms" }`, "false")).delays).toEqual([2, 2, 2]);
  expect((await attempts(`{ max = 3, delay = "2ms", backoff = "linear" }`, "false")).delays).toEqual([
    2, 4, 6,
  ]);
  expect(
    (await attempts(`{ max = 4, delay = "2ms", backoff = "exponential", max_delay = "9ms" }`, "false"))
      .delays,
  ).toEqual([2, 4, 8, 9]);
});

test("jitter takes off at most half of the delay", async () => {
  const { delays } = await attempts(`{ max = 4, delay = "20ms", jitter = true }`, "false");
  for (const delay of delays) {
    expect(delay).toBeGreaterThanOrEqual(10);
    expect(delay).toBeLessThanOrEqual(20);
  }
});

test("on_exit retries only these codes", async () => {
  expect(await attempts("{ max = 3, on_exit = [75] }", failing(1, 75))).toMatchObject({
    attempts: 2,
    state: "success",
  });
  expect(await attempts("{ max = 3, on_exit = [75] }", failing(1, 74))).toMatchObject({
    attempts: 1,
    state: "failed",
  });
});

test("on_output retries only where the output matches", async () => {
  expect(await attempts(`{ max = 3, on_output = ["temporary \\\\w+"] }`, failing(1))).toMatchObject({
    attempts: 2,
    state: "success",
  });
  expect(await attempts(`{ max = 3, on_output = ["permanent"] }`, failing(1))).toMatchObject({
    attempts: 1,
    state: "failed",
  });
});

test("a retried task tells its attempt in ZR_ATTEMPT, and dependents run once, after the last", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.t]
      cmd = '''echo "attempt \${ZR_ATTEMPT:-1}"; test "\${ZR_ATTEMPT:-1}" -ge 2'''
      retry = 3
      [tasks.after]
      cmd = "echo after"
      deps = ["t"]
    `,
  });
  await project
    .zr("run", "after", "--raw")
    .expect({ stdout: "attempt 1\nattempt 2\nafter\n", stderr: anything });
});

test("timeout is per attempt: one that takes too long is tried again", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks.t]
      cmd = '''test "\${ZR_ATTEMPT:-1}" = 2 || sleep 60; echo done'''
      timeout = "400ms"
      retry = 1
    `,
  });
  await project.zr("run", "t", "--raw").expect({ stdout: "done\n", stderr: anything });
});
