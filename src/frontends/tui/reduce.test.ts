import { describe, expect, test } from "bun:test";
import type { PlannedInstance, RunEvent, RunEventBody } from "#core/model/event";
import { instanceId, runId } from "#core/model/ids";
import { reduceTui } from "./reduce";
import { rowText } from "./row";
import { firstState } from "./state";
import type { TuiEffect, TuiEvent, TuiState } from "./state";
import { viewTui } from "./view";

const item = (name: string, kind: "task" | "workflow" = "task", required: readonly string[] = []) => ({
  key: `${kind}\0${name}`,
  kind,
  name,
  description: "",
  tags: [],
  required,
});

const BUILD = item("build");
const TEST = item("test");
const ITEMS = [BUILD, TEST, item("deploy", "task", ["where"]), item("release", "workflow")];

/** A screen that is told what happens. */
class Screen {
  state: TuiState = firstState({ title: "t", hasUnicode: false, columns: 80, rows: 12, items: ITEMS });
  effects: readonly TuiEffect[] = [];
  #seq = 0;

  take(event: TuiEvent): this {
    const { state, effects } = reduceTui(this.state, event);
    this.state = state;
    this.effects = effects;
    return this;
  }

  keys(...keys: readonly string[]): this {
    for (const key of keys) this.take({ type: "key", key });
    return this;
  }

  event(body: RunEventBody, run = "r"): this {
    const event: RunEvent = { v: 1, run: runId(run), seq: this.#seq, at: 0, ...body };
    this.#seq += 1;
    return this.take({ type: "run", event, nowMs: 0 });
  }

  /** A run of the chosen line with these instances, given as `task` or `task[combination]`. */
  begin(names: readonly string[], run = "r"): this {
    const asked = this.effects.find((effect) => effect.type === "run");
    this.take({ type: "accepted", run, item: asked?.item.key ?? "", nowMs: 0 });
    this.event({ type: "run.started", wallMs: 0, zr: "0", root: "/", request: [], jobs: 1 }, run);
    const instances = names.map((name): PlannedInstance => ({
      id: instanceId(name),
      label: name,
      package: "",
      task: name.replace(/\[.*/, ""),
      command: "true",
      cwd: "/",
      edges: [],
      reason: { kind: "requested" },
      tags: [],
      group: false,
      interactive: false,
    }));
    return this.event({ type: "run.planned", instances, requested: [], criticalPath: [] }, run);
  }

  start(name: string, run = "r"): this {
    return this.event({ type: "instance.started", id: instanceId(name), attempt: 1 }, run);
  }

  print(name: string, text: string, run = "r"): this {
    return this.event({ type: "instance.output", id: instanceId(name), stream: "stdout", text }, run);
  }

  finish(name: string, code: number, run = "r"): this {
    return this.event(
      {
        type: "instance.finished",
        id: instanceId(name),
        outcome: code === 0 ? { state: "success" } : { state: "failed", failure: { kind: "exit", code } },
        durationMs: 2000,
        attempts: 1,
      },
      run,
    );
  }

  over(exitCode: number, run = "r"): this {
    return this.event({ type: "run.finished", exitCode, durationMs: 3000 }, run);
  }

  text(): string {
    return viewTui(this.state)
      .map((row) => rowText(row).trimEnd())
      .join("\n");
  }
}

describe("what runs", () => {
  test("a second Enter before the run has begun starts nothing", () => {
    const screen = new Screen().keys("Enter");
    expect(screen.effects).toEqual([{ type: "run", item: BUILD, words: [] }]);
    expect(screen.keys("Enter").effects).toEqual([]);
    expect(screen.text()).toContain("build is running; x stops it");
  });

  test("a task that another run needs belongs to the run that it goes on in until it has ended there", () => {
    const screen = new Screen().keys("Enter").begin(["build"]).start("build").print("build", "first\n");
    screen
      .keys("Down", "Enter")
      .begin(["build", "test"], "s")
      .start("build", "s")
      .print("build", "second\n", "s");
    expect(screen.keys("Up").text()).toContain("first");
    expect(screen.text()).not.toContain("second");
    screen.finish("build", 0).over(0).keys("Enter").begin(["build"], "u").print("build", "third\n", "u");
    expect(screen.text()).toContain("third");
    expect(screen.text()).not.toContain("first");
  });

  test("a task with a matrix is what its worst instance is, each line with its instance's name", () => {
    const screen = new Screen().keys("Enter").begin(["build[os=a]", "build[os=b]"]);
    screen.start("build[os=a]").start("build[os=b]").print("build[os=a]", "said\n");
    screen.finish("build[os=b]", 1);
    expect(screen.text()).toMatch(/>\* build/);
    expect(screen.text()).toContain("build[os=a] | said");
    expect(screen.finish("build[os=a]", 0).text()).toMatch(/>x build +2\.0s/);
  });

  test("x stops the instances that run; of what has not begun it stops the run, where that was asked for", () => {
    const screen = new Screen().keys("Down", "Enter").begin(["build", "test"]).start("build");
    expect(screen.keys("x").effects).toEqual([{ type: "interrupt", run: "r", signal: "SIGTERM" }]);
    expect(screen.keys("Up", "x").effects).toEqual([{ type: "stop", run: "r", ids: [instanceId("build")] }]);
    const other = new Screen().keys("Down", "Enter").begin(["build", "test"]).keys("Up");
    expect(other.keys("x").effects).toEqual([]);
    expect(other.text()).toContain("build has not begun; X stops everything");
  });

  test("p of a workflow holds all that runs in it", () => {
    const screen = new Screen().keys("End", "Enter").begin(["build", "test"]).start("build").start("test");
    const ids = [instanceId("build"), instanceId("test")];
    expect(screen.keys("p").effects).toEqual([{ type: "pause", run: "r", ids, isPaused: true }]);
    expect(screen.text()).toMatch(/= build[^]*= test[^]*>= release/);
    expect(screen.keys("p").effects).toEqual([{ type: "pause", run: "r", ids, isPaused: false }]);
  });

  test("R asks for the part of the last run that failed", () => {
    const screen = new Screen()
      .keys("Down", "Enter")
      .begin(["build", "test"])
      .finish("build", 1)
      .finish("test", 1)
      .over(1)
      .keys("R");
    expect(screen.effects).toMatchObject([{ type: "retry-failed", run: "r" }]);
    expect(screen.keys("R").effects).toEqual([]);
  });

  test("what is refused is told in full where the log is, and can be run again", () => {
    const screen = new Screen().keys("Enter");
    screen.take({
      type: "refused",
      item: BUILD.key,
      text: "no such task",
      lines: ["error: one", "  two"],
    });
    expect(screen.text()).toMatch(/\| error: one\n[^\n]*\|   two/);
    expect(screen.text()).toContain("no such task");
    expect(screen.keys("Enter").effects).toHaveLength(1);
  });

  test("of runs that are over only the last are kept", () => {
    const screen = new Screen();
    for (let index = 0; index < 100; index += 1)
      screen.keys("Enter").begin(["build"], `r${index}`).finish("build", 0, `r${index}`).over(0, `r${index}`);
    expect(screen.state.runs.size).toBe(30);
    expect(screen.state.runs.has("r99")).toBe(true);
  });

  test("a list that is read again keeps what has run here", () => {
    const screen = new Screen().keys("Enter").begin(["build", "_hidden"]).start("_hidden");
    expect(screen.text()).toContain("* _hidden");
    screen.take({ type: "items", items: [item("other")] });
    expect(screen.text()).toMatch(/ other[^]*build[^]*\* _hidden/);
    expect(screen.text()).not.toContain("deploy");
  });

  test("events of a run that nobody knows change nothing", () => {
    const screen = new Screen();
    const before = screen.text();
    expect(screen.start("build", "unknown").text()).toBe(before);
  });
});

describe("leaving", () => {
  test("Ctrl-C stops every run and leaves, again as often as it is pressed", () => {
    const screen = new Screen().keys("Enter").begin(["build"]).start("build").keys("Ctrl-C");
    const stop = { type: "interrupt", run: "r", signal: "SIGINT" } as const;
    expect(screen.effects).toEqual([stop, { type: "quit", signal: "SIGINT" }]);
    expect(screen.keys("Enter", "q").effects).toEqual([]);
    expect(screen.keys("Ctrl-C").effects).toEqual([stop, { type: "quit", signal: "SIGINT" }]);
  });

  test("q leaves at once where nothing runs, and asks also for what is only being planned", () => {
    expect(new Screen().keys("q").effects).toEqual([{ type: "quit" }]);
    const screen = new Screen().keys("Enter", "q");
    expect(screen.effects).toEqual([]);
    expect(screen.text()).toContain("and leave? [y/N]");
    expect(screen.keys("y").effects).toEqual([{ type: "quit" }]);
  });

  test("questions are asked one after the other, and only y is a yes", () => {
    const screen = new Screen();
    screen
      .take({ type: "question", id: 1, text: "first?" })
      .take({ type: "question", id: 2, text: "second?" });
    expect(screen.text()).toContain("first? [y/N]");
    expect(screen.keys("x").effects).toEqual([]);
    expect(screen.keys("Enter").effects).toEqual([{ type: "answer", id: 1, yes: false }]);
    expect(screen.keys("y").effects).toEqual([{ type: "answer", id: 2, yes: true }]);
  });
});

describe("what is looked at", () => {
  test("a log is followed until somebody scrolls, and again from its end on", () => {
    const screen = new Screen().keys("Enter").begin(["build"]).start("build");
    for (let index = 0; index < 30; index += 1) screen.print("build", `line ${index}\n`);
    expect(screen.text()).toContain("line 29");
    screen.keys("Tab", "Up");
    screen.print("build", "line 30\n");
    expect(screen.text()).not.toContain("line 30");
    expect(screen.text()).not.toContain("follow");
    screen.keys("PageDown");
    expect(screen.print("build", "line 31\n").text()).toContain("line 31");
  });

  test("a line that was followed is still followed where the task's lines are broken", () => {
    const screen = new Screen().keys("Enter").begin(["build"]).start("build");
    screen.print("build", `${"word ".repeat(300)}END\n`);
    expect(screen.text()).toContain("END");
    expect(screen.keys("w").text()).not.toContain("END");
  });

  test("of what failed before this program the list tells too, and e leaves it with what runs again", () => {
    const screen = new Screen();
    const outcome = { state: "failed", failure: { kind: "exit", code: 1 } } as const;
    const ends = [{ item: TEST.key, id: instanceId("test"), outcome, durationMs: 1000 }];
    screen.take({ type: "past-ends", ends }).keys("e");
    expect(screen.text()).toMatch(/failed +1 of 4/);
    screen.keys("Enter").begin(["test"]).start("test");
    expect(screen.text()).toMatch(/>\* test/);
  });

  test("pasted text is typed into a filter and does nothing elsewhere", () => {
    const screen = new Screen();
    expect(screen.take({ type: "paste", text: "q\nx" }).effects).toEqual([]);
    screen.keys("/").take({ type: "paste", text: "de\npl" });
    expect(screen.text()).toContain("filter: de pl");
  });
});
