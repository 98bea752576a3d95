import { expect, test } from "bun:test";
import fc from "fast-check";
import type { RunEvent } from "#core/model/event";
import { INSTANCE_STATES } from "#core/model/outcome";
import { eventsOf } from "#tests/e2e/events";
import { makeProject } from "#tests/support/project";

/** One task of a generated project; dependencies name earlier ones. */
interface Shape {
  readonly kind:
    | "ok"
    | "fails"
    | "allowed"
    | "retried"
    | "skipped"
    | "cached"
    | "steps"
    | "slow"
    | "group"
    | "server"
    | "noisy";
  readonly deps: readonly number[];
  readonly finally: readonly string[];
  readonly call: number;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  kind: fc.constantFrom(
    "ok",
    "fails",
    "allowed",
    "retried",
    "skipped",
    "cached",
    "steps",
    "slow",
    "group",
    "server",
    "noisy",
  ),
  deps: fc.array(fc.nat(6), { maxLength: 3 }),
  finally: fc.subarray(["h0", "h1", "h2"], { maxLength: 2 }),
  call: fc.nat(6),
});

function taskOf({ kind, deps, finally: after, call }: Shape, index: number): string {
  const names = (numbers: readonly number[]): string =>
    index === 0 ? "" : [...new Set(numbers.map((number) => `"t${number % index}"`))].join(", ");
  const bodies: Readonly<Record<Shape["kind"], string>> = {
    ok: `cmd = "echo ok"`,
    fails: `cmd = "echo bad >&2; exit 3"`,
    allowed: `cmd = "exit 4"\nallow_failure = true`,
    retried: `cmd = 'test -n "$ZR_ATTEMPT"'\nretry = { max = 2, delay = "1ms" }`,
    skipped: `cmd = "true"\ncondition = "1 == 2"`,
    cached: `cmd = "true"\nstatus = "true"`,
    steps: `cmds = ["echo one", ${index === 0 ? '"true"' : `{ task = "t${call % index}" }`}, "echo two"]`,
    slow: `cmd = "sleep 1000"\ntimeout = "10ms"`,
    group: index === 0 ? `cmd = "true"` : `deps_serial = ["t${call % index}"]`,
    server: `cmd = "sleep 1000"\npersistent = true\nready = { exec = "true", interval = "1ms" }`,
    noisy: `cmd = "seq 1 3000"`,
  };
  return `[tasks.t${index}]\n${bodies[kind]}\ndeps = [${kind === "group" ? "" : names(deps)}]\nfinally = ${JSON.stringify(after)}\n`;
}

const HANDLERS = `
[tasks]
h0 = "echo h0"
h1 = { cmd = "exit 1", deps = ["h0"] }
h2 = { cmd = "echo h2", wait_for = ["h1"], on_failure = "h3" }
h3 = "echo h3"
`;

/** What has been told of an instance so far. */
type Phase = "planned" | "queued" | "started" | "between" | "finished";

/** Holds a run's events against the rules of the stream. */
function check(events: readonly RunEvent[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  expect(new Set(events.map(({ run, v }) => `${v} ${run}`)).size).toBe(1);
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(events.slice(0, 2).map(({ type }) => type)).toEqual(["run.started", "run.planned"]);
  expect(events.findIndex(({ type }) => type === "run.finished")).toBe(events.length - 1);
  const phases = new Map<string, Phase>();
  const attempts = new Map<string, number>();
  for (const event of events) {
    if (event.type === "run.planned") for (const { id } of event.instances) phases.set(id, "planned");
    if ("id" in event) follow(event, phases, attempts);
  }
  expect([...phases].filter(([, phase]) => phase !== "finished")).toEqual([]);
}

function follow(
  event: Extract<RunEvent, { id: unknown }>,
  phases: Map<string, Phase>,
  attempts: Map<string, number>,
): void {
  const phase = phases.get(event.id);
  const allowed: Readonly<Record<typeof event.type, readonly (Phase | undefined)[]>> = {
    // Each attempt is queued, since it waits for a slot of its own.
    "instance.queued": ["planned", "between"],
    "instance.started": ["queued"],
    "instance.ready": ["started"],
    "instance.output": ["started"],
    "instance.output-decided": ["started"],
    "instance.artifacts": ["started"],
    "instance.attempt-finished": ["started", "queued"],
    "instance.finished": ["planned", "queued", "between"],
  };
  expect([event, allowed[event.type]]).toEqual([event, expect.arrayContaining([phase])]);
  if (event.type === "instance.queued") phases.set(event.id, "queued");
  if (event.type === "instance.started") {
    expect(event.attempt).toBe((attempts.get(event.id) ?? 0) + 1);
    attempts.set(event.id, event.attempt);
    phases.set(event.id, "started");
  }
  if (event.type === "instance.attempt-finished") phases.set(event.id, "between");
  if (event.type === "instance.finished") {
    expect(INSTANCE_STATES).toContain(event.outcome.state);
    phases.set(event.id, "finished");
  }
}

test("the events of a run come in order: numbered without gaps, planned first, each instance queued, started, heard of and finished exactly once, and nothing after the end", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { minLength: 1, maxLength: 7 }),
      fc.subarray(["-k", "-j1", "--kill-on-fail"]),
      async (shapes, flags) => {
        // A server ends when nothing needs it: asked for by name it would run on.
        const last = { kind: "ok", deps: shapes.map((_, index) => index), finally: [], call: 0 } as const;
        await using project = await makeProject({
          "zr.toml": [...shapes, last].map((one, index) => taskOf(one, index)).join("\n") + HANDLERS,
        });
        const { stdout, stderr } = await project
          .zr("run", `t${shapes.length}`, "--events", "-", ...flags)
          .result();
        expect(stderr).not.toMatch(/^error/);
        check(eventsOf(stdout));
        expect(project.processes()).toEqual([]);
      },
    ),
    { numRuns: 40, includeErrorInReport: true },
  );
});

test("the order holds when the run is interrupted at any moment", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { minLength: 2, maxLength: 6 }), fc.nat(12), async (shapes, after) => {
      const tasks = shapes.map((one, index) => taskOf(one, index)).join("\n");
      await using project = await makeProject({
        "zr.toml": `${tasks}\n[tasks.wait]\ncmd = "sleep 1000"\n${HANDLERS}`,
      });
      const names = shapes.map((_, index) => `t${index}`);
      const run = project.zr("run", "wait", ...names, "-k", "--events", "-");
      await run.waitForOutput(new RegExp(`"seq":${Math.min(after, 5)},`));
      run.kill("SIGINT");
      const { stdout, code } = await run.result();
      expect(code).toBe(130);
      check(eventsOf(stdout));
    }),
    { numRuns: 25, includeErrorInReport: true },
  );
});
