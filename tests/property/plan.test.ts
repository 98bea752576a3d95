import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { loadWorkspace } from "#app/load-workspace";
import type { ConfigReader } from "#core/config/config-reader";
import { makePlan } from "#core/plan/make-plan";
import type { PlanRequest } from "#core/plan/request";
import type { Plan } from "#core/model/plan";
import type { Workspace } from "#core/workspace/workspace";

const NAMES = ["a", "b", "c", "x:*", "d", "e", "f"];
const name = fc.constantFrom("a", "b", "c", "d", "e", "x:1", "x:2", "lib:a", "^a");
const names = fc.uniqueArray(name, { maxLength: 3 });
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const task = fc.record({
  body: fc.oneof(
    fc.record({ cmd: fc.constantFrom("true", "echo ${args.p} ${matrix.os}", "echo '${args.p}'", "a; b") }),
    fc.record({ cmd: fc.constant(["echo", "${vars.v}", "${task.name}"]) }),
    fc.record({
      cmds: fc.array(
        fc.oneof(
          fc.constant("true"),
          name.map((ref) => ({ task: ref })),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    fc.record({ script: fc.constantFrom("true", "#!/usr/bin/env python3\nprint('${args.p}')") }),
  ),
  deps: rarely(names),
  deps_serial: rarely(names),
  wait_for: rarely(names),
  finally: rarely(names),
  on_failure: rarely(name),
  on_success: rarely(name),
  matrix: rarely(
    fc.record({
      os: fc.uniqueArray(fc.constantFrom("linux", "mac"), { maxLength: 2 }),
      n: fc.constant([1, 2]),
    }),
  ),
  args: rarely(
    fc.constant([
      { name: "p", default: "x" },
      { name: "rest", variadic: true },
    ]),
  ),
  persistent: fc.oneof(
    { weight: 60, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  ready: rarely(fc.constant({ tcp: "localhost:1" })),
  resources: rarely(fc.record({ weight: fc.integer({ min: 1, max: 5 }), mutex: fc.constantFrom("m", "n") })),
  tags: rarely(fc.constant(["t"])),
  extends: rarely(fc.constantFrom("base", "other")),
  shell: rarely(fc.constantFrom("bash", "pwsh", "bun", "fish", "cmd")),
  env: rarely(fc.constant({ A: "$HOME ${vars.v}", B: false })),
});

type TaskText = Readonly<Record<string, unknown>>;
const taskTable = task.map(({ body, ...keys }): TaskText =>
  Object.fromEntries(Object.entries({ ...body, ...keys }).filter(([, value]) => value !== undefined)),
);
const LINKS = new Set(["deps", "deps_serial", "wait_for", "finally", "on_failure", "on_success", "cmds"]);

/** Tasks of all names. A link goes to one that stands before, or to the library's, so that most files have no circle. */
const file = fc
  .tuple(...NAMES.map(() => taskTable))
  .map((tables) =>
    Object.fromEntries(tables.map((table, index) => [NAMES[index] ?? "", linkedBackwards(table, index)])),
  );

function linkedBackwards(table: TaskText, index: number): TaskText {
  const isBefore = (ref: unknown): boolean =>
    ref === "lib:a" || ref === "^a" || NAMES.slice(0, index).includes(String(ref).replace(/^x:\d$/, "x:*"));
  const kept = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(kept).filter((item) => item !== undefined);
    const ref = typeof value === "object" && value !== null && "task" in value ? value.task : value;
    return value === "true" || isBefore(ref) ? value : undefined;
  };
  const entries = Object.entries(table).map(
    ([key, value]) => [key, LINKS.has(key) ? kept(value) : value] as const,
  );
  const linked = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return Array.isArray(linked["cmds"]) && linked["cmds"].length === 0
    ? { ...linked, cmds: ["true"] }
    : linked;
}

const inline = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)} = ${inline(item)}`)
      .join(", ")} }`;
  return JSON.stringify(value);
};
const fileText = (tasks: Readonly<Record<string, TaskText>>): string =>
  `vars = { v = "1" }\n[templates.base]\nsilent = true\n[templates.other]\nextends = "base"\n${Object.entries(
    tasks,
  )
    .map(
      ([key, table]) =>
        `[tasks.${JSON.stringify(key)}]\n${Object.entries(table)
          .map(([own, value]) => `${own} = ${inline(value)}\n`)
          .join("")}`,
    )
    .join("")}`;

async function load(files: Readonly<Record<string, string>>): Promise<Workspace | undefined> {
  const reader: ConfigReader = {
    readText: (path) =>
      Promise.resolve(files[path] === undefined ? { kind: "missing" } : { kind: "text", text: files[path] }),
    glob: () => Promise.resolve(["/w/lib/zr.toml"]),
  };
  const loaded = await loadWorkspace({ cwd: "/w", env: {} }, reader);
  return loaded.ok ? loaded.value.workspace : undefined;
}

const request = (ref: string, over: Partial<PlanRequest> = {}): PlanRequest => ({
  targets: [{ ref, words: [], named: {} }],
  extra: [],
  only: false,
  jobs: 8,
  env: {},
  vars: {},
  host: { os: "linux", arch: "x64", cpus: 4, totalMemory: () => 2 ** 33, env: {} },
  ...over,
});

const files = fc.tuple(file, file).map(([root, lib]) => ({
  "/w/zr.toml": `${fileText(root)}[workspace]\nmembers = ["lib"]\n[workspace.dependencies]\nw = ["lib"]\n`,
  // A package without dependencies: `^a` means nothing in it, and `lib:a` may close a circle.
  "/w/lib/zr.toml": fileText(lib)
    .replaceAll(/^(?:deps|deps_serial|wait_for|finally|on_failure|on_success) = .*"(?:lib:|\^)a".*\n/gm, "")
    .replaceAll('"lib:a"', '"x:1"')
    .replaceAll('"^a"', '"x:1"'),
}));

/** Plans every task of the workspace, alone and with all it needs. */
async function eachPlan(
  made: Readonly<Record<string, string>>,
  look: (plan: Plan, workspace: Workspace, asked: PlanRequest) => void,
): Promise<void> {
  const workspace = await load(made);
  if (workspace === undefined) return;
  for (const pkg of workspace.packages.values()) {
    for (const entry of pkg.config.tasks.values()) {
      if (entry.name.includes("*")) continue;
      const asked = request(pkg.prefix === "" ? `//:${entry.name}` : `${pkg.prefix}:${entry.name}`);
      const planned = makePlan(workspace, asked);
      expect(makePlan(workspace, { ...asked, only: true }).kind).not.toBe("open");
      if (planned.kind === "plan") look(planned.plan, workspace, asked);
      else if (planned.kind === "problems") expect(planned.diagnostics.length).toBeGreaterThan(0);
    }
  }
}

describe("planning of configurations that have passed the checks", () => {
  test("never throws, puts every instance behind those it needs, and names each once", async () => {
    let plans = 0;
    await fc.assert(
      fc.asyncProperty(files, (made) =>
        eachPlan(made, ({ instances, requested, criticalPath }) => {
          plans += 1;
          const met = new Set<string>();
          for (const { id, edges } of instances) {
            expect(met.has(id)).toBe(false);
            for (const edge of edges) expect(met.has(edge.on)).toBe(true);
            met.add(id);
          }
          for (const id of [
            ...requested,
            ...criticalPath,
            ...instances.flatMap((instance) => instance.calls.flat()),
          ])
            expect(met.has(id)).toBe(true);
        }),
      ),
      { numRuns: 600 },
    );
    expect(plans).toBeGreaterThan(100);
  });

  test("what runs anyway waits for nothing that is run only when somebody asks for it", async () => {
    await fc.assert(
      fc.asyncProperty(files, (made) =>
        eachPlan(made, ({ instances }) => {
          const held = new Set(instances.flatMap(({ id, heldBy }) => (heldBy === undefined ? [] : id)));
          for (const { id, edges } of instances)
            if (!held.has(id)) for (const { on } of edges) expect(held.has(on)).toBe(false);
        }),
      ),
      { numRuns: 300 },
    );
  });

  test("the same request gives the same plan, also over a configuration that is read again", async () => {
    await fc.assert(
      fc.asyncProperty(files, async (made) => {
        const again = await load(made);
        await eachPlan(made, (plan, workspace, asked) => {
          expect(makePlan(workspace, asked)).toEqual({ kind: "plan", plan });
          if (again !== undefined) expect(makePlan(again, asked)).toEqual({ kind: "plan", plan });
        });
      }),
      { numRuns: 200 },
    );
  });

  test("each step of the critical path needs the one before it, and no way is longer", async () => {
    await fc.assert(
      fc.asyncProperty(files, (made) =>
        eachPlan(made, ({ instances, criticalPath }) => {
          const main = new Map(
            instances
              .filter((instance) => instance.heldBy === undefined)
              .map((instance) => [String(instance.id), instance]),
          );
          const longest = (id: string): number =>
            1 +
            Math.max(
              0,
              ...(main.get(id)?.edges ?? [])
                .filter((edge) => main.has(edge.on))
                .map((edge) => longest(edge.on)),
            );
          for (const [index, id] of criticalPath.slice(1).entries()) {
            expect(main.get(id)?.edges.map((edge) => String(edge.on))).toContain(String(criticalPath[index]));
          }
          expect(criticalPath.length).toBe(Math.max(...main.keys().map(longest)));
        }),
      ),
      { numRuns: 300 },
    );
  });

  test("only what is asked for, and no more, is in a plan that leaves out dependencies", async () => {
    await fc.assert(
      fc.asyncProperty(files, (made) =>
        eachPlan(made, (_, workspace, asked) => {
          const planned = makePlan(workspace, { ...asked, only: true });
          if (planned.kind !== "plan") return;
          for (const { reason } of planned.plan.instances)
            expect(["dep", "serial-dep"]).not.toContain(reason.kind);
        }),
      ),
      { numRuns: 200 },
    );
  });
});
