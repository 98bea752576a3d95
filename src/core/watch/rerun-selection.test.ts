import { expect, test } from "bun:test";
import { instanceId, taskId } from "#core/model/ids";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Edge, Instance, Plan } from "#core/model/plan";
import { longRunning, selectRerun } from "./rerun-selection";
import type { RerunOptions, RerunSelection } from "./rerun-selection";

const id = instanceId;

/** An instance of which only what selection looks at is given. */
function instance(
  name: string,
  edges: Readonly<Record<string, Edge["kind"]>>,
  more: Partial<Instance> = {},
): Instance {
  const bare: Partial<Instance> = {
    id: id(name),
    task: taskId("", name),
    edges: Object.entries(edges).map(([on, kind]) => ({ on: id(on), kind })),
    calls: [],
    steps: [{ kind: "shell", text: "true" }],
    persistent: false,
    ...more,
  };
  return bare as Instance; // A test double: the rest is never looked at.
}

const planOf = (...instances: readonly Instance[]): Plan => ({ instances }) as Partial<Plan> as Plan;

const OK: Outcome = { state: "success" };

function select(plan: Plan, direct: readonly string[], more: Partial<RerunOptions> = {}): RerunSelection {
  return selectRerun({
    plan,
    followed: new Set(plan.instances.map((one) => one.id)),
    direct: direct.map(id),
    outcomes: new Map(plan.instances.map((one) => [one.id, OK])),
    alive: new Set(),
    restartable: new Set(),
    ...more,
  });
}

const chain = planOf(
  instance("a", {}),
  instance("b", { a: "dep" }),
  instance("c", { b: "serial" }),
  instance("x", {}),
);

test("dependents are run again, what is needed and what has nothing to do with it is settled", () => {
  const { run, settled } = select(chain, ["b"]);
  expect(run).toEqual([id("b"), id("c")]);
  expect([...settled]).toEqual([
    [id("a"), OK],
    [id("x"), OK],
  ]);
});

test("what is needed and has not ended well is run again, and what depends on that", () => {
  const plan = planOf(...chain.instances, instance("d", { a: "dep" }));
  const outcomes = new Map(plan.instances.map((one) => [one.id, OK]));
  outcomes.set(id("a"), { state: "failed" });
  expect(select(plan, ["b"], { outcomes }).run).toEqual([id("a"), id("b"), id("c"), id("d")]);
  outcomes.set(id("a"), { state: "failed", allowed: true });
  expect(select(plan, ["b"], { outcomes }).run).toEqual([id("b"), id("c")]);
});

test("who merely comes after it is not run again", () => {
  const plan = planOf(instance("a", {}), instance("later", { a: "order" }));
  expect(select(plan, ["a"]).run).toEqual([id("a")]);
});

test("servers that run are left alone, unless they are to be restarted", () => {
  const plan = planOf(
    instance("build", {}),
    instance("server", { build: "dep" }, { persistent: true }),
    instance("test", { server: "ready" }),
  );
  const alive = new Set<InstanceId>([id("server")]);
  const kept = select(plan, ["build"], { alive });
  expect(kept.run).toEqual([id("build")]);
  expect(kept.settled.get(id("server"))).toEqual(OK);
  expect(kept.restart).toEqual([]);
  const restarted = select(plan, ["build"], { alive, restartable: alive });
  expect(restarted.run).toEqual([id("build"), id("server"), id("test")]);
  expect(restarted.restart).toEqual([id("server")]);
  // One that has gone is started again by whoever needs it.
  const outcomes = new Map([[id("server"), { state: "failed" } as const]]);
  expect(select(plan, ["test"], { outcomes: new Map([[id("build"), OK], ...outcomes]) }).run).toEqual([
    id("server"),
    id("test"),
  ]);
});

test("called instances go with their caller; they and handlers are never settled by themselves", () => {
  const plan = planOf(
    instance("main", {}, { calls: [[id("step@main")]] }),
    instance("step@main", {}, { heldBy: id("main") }),
    instance("clean", { main: "finally", x: "finally" }, { heldBy: id("main") }),
    instance("x", {}),
  );
  expect(select(plan, ["step@main"]).run).toEqual([id("main"), id("step@main")]);
  const { run, settled } = select(plan, ["x"]);
  expect(run).toEqual([id("x")]);
  expect([...settled.keys()]).toEqual([id("main")]);
});

test("what shares its output is run again for who takes it", () => {
  const late = [{ kind: "output", of: id("a"), path: [], variable: "V", text: "${output.a}" }] as const;
  const plan = planOf(instance("a", {}), instance("b", { a: "dep" }, { late }));
  expect(select(plan, ["b"]).run).toEqual([id("a"), id("b")]);
});

test("instances that only rules name are run where they are named or needed, not as dependents", () => {
  const plan = planOf(
    instance("prepare", {}),
    instance("site", { prepare: "dep", main: "dep" }),
    instance("main", {}),
  );
  const more = { followed: new Set([id("main")]), outcomes: new Map([[id("main"), OK]]) };
  expect(select(plan, ["main"], more).run).toEqual([id("main")]);
  expect(select(plan, ["site"], more).run).toEqual([id("prepare"), id("site")]);
});

test("servers and restarted tasks stay up; groups do not", () => {
  const plan = planOf(
    instance("server", {}, { persistent: true }),
    instance("app", {}),
    instance("all", {}, { steps: [] }),
    instance("test", {}),
  );
  expect([...longRunning(plan, (one) => one === id("app") || one === id("all"))]).toEqual([
    id("server"),
    id("app"),
  ]);
});
