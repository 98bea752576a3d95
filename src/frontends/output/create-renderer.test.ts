import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instanceId } from "#core/model/ids";
import { ScriptedEvents, WrittenOutput, rendererOptions } from "#tests/support/scripted-events";
import { dedent } from "#tests/support/dedent";
import { createRenderer } from "./create-renderer";
import type { RendererMode } from "./create-renderer";
import type { RendererOptions } from "./renderer-options";

const FAILED = { state: "failed", failure: { kind: "exit", code: 3 } } as const;

async function begin(mode: RendererMode, labels: readonly string[], options: Partial<RendererOptions> = {}) {
  const written = new WrittenOutput();
  const renderer = await createRenderer(mode, { ...rendererOptions(written), ...options });
  return {
    written,
    run: new ScriptedEvents(
      renderer,
      labels.map((label) => ({ label })),
    ),
  };
}

describe("interleaved", () => {
  test("a run of one task that succeeds shows its output and not a word more", async () => {
    const { written, run } = await begin("interleaved", ["build"]);
    run.started("build");
    run.output("build", "one\n");
    run.output("build", "two", "stderr");
    run.finished("build");
    await run.end();
    expect(written.text("stdout")).toBe("one\n");
    expect(written.text("stderr")).toBe("two");
  });

  test("bytes that are no text pass unchanged", async () => {
    const { written, run } = await begin("interleaved", ["build"]);
    const bytes = new Uint8Array([0, 0xff, 0xc3, 13, 0x1b, 10, 0xe2, 0x82]);
    run.output("build", bytes);
    run.finished("build");
    await run.end();
    expect([...written.bytes("stdout")]).toEqual([...bytes]);
  });

  test("a failure is told on stderr, from the start of a line, without the output that was just shown", async () => {
    const { written, run } = await begin("interleaved", ["app:test[os=linux]"], { cwd: "/repo" });
    run.started("app:test[os=linux]");
    run.output("app:test[os=linux]", "no end");
    run.finished("app:test[os=linux]", FAILED);
    await run.end(3);
    expect(written.text()).toBe(
      dedent(`
      no end
      ✗ app:test[os=linux] failed: exit code 3 after 1.2s
        command  do app:test[os=linux]
        folder   .
        again    zr run 'app:test[os=linux]' --only
    `),
    );
    expect(written.text("stdout")).toBe("no end\n");
  });

  test("several tasks are summed up in one line of counts, with a line for each that did not end well", async () => {
    const { written, run } = await begin("interleaved", ["build", "test", "deploy"]);
    run.finished("build");
    run.finished("test", FAILED);
    run.finished(
      "deploy",
      { state: "blocked", reason: { kind: "upstream", of: instanceId("test"), state: "failed" } },
      { durationMs: 0 },
    );
    await run.end(1);
    expect(written.text()).toBe(
      dedent(`
      ✗ test failed: exit code 3 after 1.2s
        command  do test
        folder   .
        again    zr run test --only
      3 tasks: 1 ok, 1 failed, 1 blocked · 2.0s · critical path 1.2s · speed-up 1.2×
        ✗ test    failed: exit code 3
        ⊘ deploy  blocked: test failed
    `),
    );
  });

  test("another attempt and a note are told as they come", async () => {
    const { written, run } = await begin("interleaved", ["build"]);
    run.retry("build", 1, { failure: { kind: "signal", signal: "SIGSEGV" }, retryInMs: 2000 });
    run.send({ type: "note", level: "warn", text: "careful" });
    run.send({ type: "note", level: "info", text: "by the way" });
    run.finished("build");
    await run.end();
    expect(written.text("stderr")).toBe(
      "↻ build failed: ended by SIGSEGV; attempt 1, again in 2.0s\nwarning: careful\nby the way\n",
    );
  });

  test("a single task that was skipped says why", async () => {
    const { written, run } = await begin("interleaved", ["build"]);
    run.finished(
      "build",
      { state: "skipped", reason: { kind: "condition", source: "env.CI" } },
      { durationMs: 0 },
    );
    await run.end();
    expect(written.text("stderr")).toBe("○ build skipped: its condition is false: env.CI\n");
  });

  test("without Unicode every sign is ASCII", async () => {
    const { written, run } = await begin("interleaved", ["a", "b"], { unicode: false });
    run.retry("a", 1, { failure: { kind: "exit", code: 1 }, retryInMs: 0 });
    run.finished("a", FAILED);
    run.finished("b", { state: "canceled", reason: { kind: "interrupt", signal: "SIGINT" } });
    await run.end(130, { interrupted: "SIGINT" });
    expect(written.text()).toMatch(/^[\x20-\x7e\n]+$/);
    expect(written.text()).toContain("interrupted by SIGINT");
  });

  test("colours mark what went wrong, and the words stay the same", async () => {
    const play = async (color: boolean) => {
      const { written, run } = await begin("interleaved", ["a", "b"], { color });
      run.finished("a", FAILED);
      run.finished("b");
      await run.end(1);
      return written.text("stderr");
    };
    const colored = await play(true);
    expect(colored).toContain("\x1b[31m✗ a failed: exit code 3 after 1.2s\x1b[39m");
    expect(Bun.stripANSI(colored)).toBe(await play(false));
  });

  test("output that comes while colours are loaded is kept and follows in order", async () => {
    const { written, run } = await begin("interleaved", ["a", "b"], { color: true });
    run.finished("a", FAILED);
    run.output("b", "after\n");
    run.output("b", "the failure\n");
    run.finished("b");
    await run.end(3);
    expect(written.text()).toContain("zr run a --only\nafter\nthe failure\n2 tasks: ");
  });

  test("groups are not counted, since they only stand for others", async () => {
    const written = new WrittenOutput();
    const renderer = await createRenderer("interleaved", rendererOptions(written));
    const run = new ScriptedEvents(renderer, [{ label: "a" }, { label: "b" }, { label: "all", group: true }]);
    for (const label of ["a", "b", "all"]) run.finished(label);
    await run.end();
    expect(written.text()).toBe("2 tasks: 2 ok · 2.0s · critical path 1.2s · speed-up 1.2×\n");
  });

  test("control characters of names and commands do not reach the terminal", async () => {
    const { written, run } = await begin("interleaved", ["a\x1b[2J"]);
    run.finished("a\x1b[2J", FAILED);
    await run.end(3);
    expect(written.text()).not.toContain("\x1b");
  });
});

describe("grouped", () => {
  test("the output of each task comes in one block when it ends, each piece on its stream", async () => {
    const { written, run } = await begin("grouped", ["a", "b"]);
    run.output("a", "a1\n");
    run.output("b", "b1\n");
    run.output("a", "a2", "stderr");
    run.output("b", "b2\n");
    expect(written.text()).toBe("");
    run.finished("b");
    run.finished("a", FAILED);
    await run.end(3);
    expect(written.text()).toBe(
      dedent(`
      ✓ b (1.2s)
      b1
      b2
      ✗ a (1.2s)
      a1
      a2
      ✗ a failed: exit code 3 after 1.2s
        command  do a
        folder   .
        again    zr run a --only
      2 tasks: 1 ok, 1 failed · 2.0s · critical path 1.2s · speed-up 1.2×
        ✗ a  failed: exit code 3
    `),
    );
    expect(written.text("stdout")).toBe("b1\nb2\na1\n");
  });

  test("a run of one command shows its output while it grows, without a header", async () => {
    const { written, run } = await begin("grouped", ["a"]);
    run.output("a", "a1\n");
    expect(written.text()).toBe("a1\n");
    run.finished("a");
    await run.end();
    expect(written.text()).toBe("a1\n");
  });

  test("a task that prints nothing has no block", async () => {
    const { written, run } = await begin("grouped", ["a", "b"]);
    run.finished("a");
    run.finished("b");
    await run.end();
    expect(written.text()).toBe("2 tasks: 2 ok · 2.0s · critical path 1.2s · speed-up 1.2×\n");
  });
});

describe("prefixed", () => {
  test("each line has its task in front, names are padded, and the last line is ended", async () => {
    const { written, run } = await begin("prefixed", ["a", "long"]);
    run.output("a", "one\ntwo\npar");
    run.output("long", "three\n\n", "stderr");
    run.output("a", "tial");
    run.finished("a");
    run.finished("long");
    await run.end();
    expect(written.text("stdout")).toBe("a    │ one\na    │ two\na    │ partial\n");
    expect(written.text("stderr")).toStartWith("long │ three\nlong │ \n2 tasks: 2 ok");
  });

  test("invalid UTF-8, NULs and carriage returns stay as they are", async () => {
    const { written, run } = await begin("prefixed", ["a"], { unicode: false });
    run.output("a", new Uint8Array([0, 0xff, 13, 0x31, 13, 10, 0xc3]));
    run.finished("a");
    await run.end();
    const prefix = [..."a | "].map((character) => character.charCodeAt(0));
    expect([...written.bytes()]).toEqual([...prefix, 0, 0xff, 13, 0x31, 13, 10, ...prefix, 0xc3, 10]);
  });

  test("a line of many megabytes is written as it comes, under one prefix, and others wait for its end", async () => {
    const { written, run } = await begin("prefixed", ["a", "b"]);
    const piece = "x".repeat(60_000);
    for (let count = 0; count < 200; count += 1) await run.output("a", piece);
    expect(written.bytes().length).toBeGreaterThan(11_900_000);
    run.output("b", "waits\n");
    run.output("a", "end\nnext\n");
    run.finished("a");
    run.finished("b");
    await run.end();
    const lines = written.text("stdout").split("\n");
    expect(lines.map((line) => line.length)).toEqual([12_000_007, 8, 9, 0]);
    expect(lines.slice(1)).toEqual(["a │ next", "b │ waits", ""]);
  });

  test("whoever ends while a long line is under way does not wait for it", async () => {
    const { written, run } = await begin("prefixed", ["a", "b"]);
    await run.output("a", "x".repeat(70_000));
    await run.output("b", "done\n");
    expect(written.text()).not.toContain("done");
    run.finished("b");
    expect(written.text()).toEndWith("x\nb │ done\n");
    run.output("a", "more\n");
    expect(written.text()).toEndWith("b │ done\na │ more\n");
  });

  test("a long line is broken when too much waits for its end", async () => {
    const { written, run } = await begin("prefixed", ["a", "b"]);
    await run.output("a", "x".repeat(70_000));
    for (let count = 0; count < 20; count += 1) await run.output("b", `${"y".repeat(60_000)}\n`);
    expect(written.bytes().length).toBeGreaterThan(1_000_000);
    run.output("a", "more\n");
    expect(written.text()).toEndWith("y\na │ more\n");
  });

  test("each task keeps its colour from run to run", async () => {
    const play = async (labels: readonly string[]) => {
      const { written, run } = await begin("prefixed", labels, { color: true });
      await run.output("app", "x\n");
      for (const label of labels) run.finished(label);
      await run.end();
      return written.text("stdout");
    };
    const alone = await play(["app"]);
    expect(alone).toMatch(/^\x1b\[\d+mapp │\x1b\[39m x\n$/);
    expect(await play(["lib", "app"])).toBe(alone);
  });
});

describe("quiet", () => {
  test("nothing is shown of tasks that succeed but one line", async () => {
    const { written, run } = await begin("quiet", ["a", "b"]);
    run.output("a", "noise\n");
    run.send({ type: "note", level: "info", text: "by the way" });
    run.finished("a");
    run.finished("b");
    await run.end();
    expect(written.text()).toBe("2 tasks: 2 ok · 2.0s · critical path 1.2s · speed-up 1.2×\n");
  });

  test("a failure shows the last twenty lines", async () => {
    const { written, run } = await begin("quiet", ["a"]);
    for (let line = 1; line <= 30; line += 1) run.output("a", `line ${line}\n`);
    run.finished("a", { state: "timed_out", failure: { kind: "timeout", limitMs: 5000 } }, { attempts: 2 });
    await run.end(124);
    const shown = Array.from({ length: 20 }, (_, index) => `  │ line ${index + 11}`);
    expect(written.text()).toBe(
      [
        "✗ a timed out: not finished within 5.0s after 1.2s (2 attempts)",
        "  command  do a",
        "  folder   .",
        "  output   last 20 of 30 lines",
        ...shown,
        "  again    zr run a --only",
        "",
      ].join("\n"),
    );
  });
});

test("errors-only shows the whole output of what failed and nothing of the rest", async () => {
  const { written, run } = await begin("errors-only", ["a", "b"]);
  run.output("a", "fine\n");
  run.output("b", "broken\n");
  run.finished("a");
  run.finished("b", FAILED);
  await run.end(3);
  expect(written.text("stdout")).toBe("broken\n");
  expect(written.text("stderr")).toStartWith("✗ b (1.2s)\n✗ b failed: exit code 3");
});

describe("silent tasks", () => {
  const silence = (id: string) => (id === "hushed" ? "both" : id === "half" ? "stdout" : "none");

  test("their output is never shown when they succeed", async () => {
    const { written, run } = await begin("interleaved", ["hushed", "half", "loud"], { silence });
    for (const id of ["hushed", "half", "loud"]) {
      run.output(id, `${id} out\n`);
      run.output(id, `${id} err\n`, "stderr");
    }
    for (const id of ["hushed", "half", "loud"]) run.finished(id);
    await run.end();
    expect(written.text("stdout")).toBe("loud out\n");
    expect(written.text("stderr")).toStartWith("half err\nloud err\n3 tasks");
  });

  test("their output comes before the failure when they fail, its beginning left out where it is long", async () => {
    const { written, run } = await begin("interleaved", ["hushed"], { silence });
    for (let line = 0; line < 30_000; line += 1) run.output("hushed", `${"z".repeat(99)}\n`);
    run.output("hushed", "the end\n");
    run.finished("hushed", FAILED);
    await run.end(3);
    expect(written.text("stderr")).toMatch(/^\(1\.9 MB of earlier output not kept\)\n✗ hushed failed/);
    const shown = written.text("stdout");
    expect(shown).toEndWith(`${"z".repeat(99)}\nthe end\n`);
    expect(shown).toMatch(/^(z{99}\n)+the end\n$/);
    expect(shown.length).toBeLessThanOrEqual(1024 * 1024);
  });
});

test("json is one document on stdout, with the last lines of what failed", async () => {
  const { written, run } = await begin("json", ["a", "b"], { logPath: (id) => `/logs/${id}.log` });
  run.started("a");
  run.output("a", "quiet\n");
  run.output("b", "boom\n", "stderr");
  run.finished("a");
  run.finished("b", FAILED);
  await run.end(3);
  expect(written.text("stderr")).toBe("");
  const common = { package: "", cwd: "/repo", tags: [], group: false, durationMs: 1200, attempts: 1 };
  expect(JSON.parse(written.text("stdout"))).toEqual({
    v: 1,
    run: "run-1",
    zr: "1.0.0",
    root: "/repo",
    request: ["run"],
    jobs: 2,
    startedAt: "1970-01-01T00:00:00.000Z",
    durationMs: 2000,
    exitCode: 3,
    requested: ["b"],
    criticalPath: ["a", "b"],
    criticalPathMs: 1200,
    speedUp: 1.2,
    counts: { success: 1, cached: 0, skipped: 0, failed: 1, timed_out: 0, canceled: 0, blocked: 0 },
    instances: [
      {
        ...common,
        id: "a",
        label: "a",
        task: "a",
        command: "do a",
        state: "success",
        startedAtMs: 3,
        log: "/logs/a.log",
      },
      {
        ...common,
        id: "b",
        label: "b",
        task: "b",
        command: "do b",
        state: "failed",
        failure: { kind: "exit", code: 3 },
        cause: "exit code 3",
        log: "/logs/b.log",
        lastLines: ["boom"],
      },
    ],
  });
});

test("events are one line of JSON each, in order", async () => {
  const { written, run } = await begin("events", ["a"]);
  run.send({ type: "instance.output", id: instanceId("a"), stream: "stdout", text: "x\ny" });
  run.finished("a");
  await run.end();
  const events = written
    .text("stdout")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.map(({ type, seq }) => `${seq} ${type}`)).toEqual([
    "0 run.started",
    "1 run.planned",
    "2 instance.output",
    "3 instance.finished",
    "4 run.finished",
  ]);
  expect(events[2].text).toBe("x\ny");
});

test("what a grouped run keeps in files is gone when the run ends, shown or not", async () => {
  await using folder = await temporaryFolder();
  const { written, run } = await begin("grouped", ["a", "b"], { spoolFolder: `${folder.path}/spool` });
  const megabyte = new Uint8Array(1024 * 1024).fill(120);
  for (let count = 0; count < 10; count += 1) {
    await run.output("a", megabyte);
    await run.output("b", megabyte);
  }
  expect(readdirSync(`${folder.path}/spool`).length).toBe(2);
  run.finished("a");
  await run.end(1);
  expect(written.bytes("stdout").length).toBe(10 * 1024 * 1024 + 1);
  expect(readdirSync(`${folder.path}/spool`)).toEqual([]);
});

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "zr-output-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
