import type { Instance } from "#core/model/plan";
import type { Child } from "#system/process/spawn";
import { runChild } from "./child-run";
import type { ChildEnd, ChildOptions } from "./child-run";
import type { Command } from "./command";
import type { RunContext } from "./run-context";
import type { ResourcesTaken } from "./resource-types";

/** How a command ended, and what it took. */
export type MeasuredEnd = ChildEnd & { readonly taken?: ResourcesTaken };

/** Runs one command within the limits of its instance; above that of its memory it ends by a failure that says so. */
export async function runMeasured(
  command: Command,
  options: ChildOptions,
  context: RunContext,
): Promise<MeasuredEnd> {
  const { instance } = options;
  const { resources } = context;
  const isLimited = isConfined(instance);
  if (isLimited && command.remote !== undefined)
    resources.tellMissing("limits of memory and CPU, nice and cpu_affinity don't hold on other machines");
  const confinement =
    isLimited && command.remote === undefined ? await resources.confine(instance) : undefined;
  let pid: number | undefined;
  const end = await runChild(
    confinement === undefined ? command : confinement.command(command, options.env),
    {
      ...options,
      onStart: (child, atMs) => {
        pid = child.pid;
        resources.started(instance.id, pid);
        void confinement?.started(pid);
        options.onStart(confinement === undefined ? child : withScope(child, () => confinement.kill()), atMs);
      },
    },
    context,
  );
  const watched = pid === undefined ? undefined : await resources.ended(instance.id, pid);
  const confined = await confinement?.ended();
  const own = end.kind === "exit" ? end.status.taken : undefined;
  const taken = mostOf([own, watched, confined?.taken]);
  if (confined?.failure !== undefined) return { kind: "failure", failure: confined.failure, taken };
  return { ...end, taken };
}

/** The same child, whose scope is killed with it. */
const withScope = (child: Child, killScope: () => Promise<void>): Child => ({ ...child, killScope });

/** Whether a command of the instance has to be started in a way of its own. */
const isConfined = ({ limits }: Instance): boolean =>
  (limits.memoryBytes ?? limits.cpus ?? limits.nice ?? limits.cpuAffinity) !== undefined;

/** Each source sees a part: the larger figure is the truer one. */
function mostOf(sources: readonly (ResourcesTaken | undefined)[]): ResourcesTaken {
  const taken: { -readonly [K in keyof ResourcesTaken]: ResourcesTaken[K] } = {};
  for (const source of sources) {
    for (const name of ["peakMemoryBytes", "readBytes", "writtenBytes"] as const) {
      const value = source?.[name];
      if (value !== undefined) taken[name] = Math.max(value, taken[name] ?? 0);
    }
  }
  return taken;
}

/** What several commands took, one after another. */
export function addTaken(a: ResourcesTaken, b: ResourcesTaken | undefined): ResourcesTaken {
  if (b === undefined) return a;
  const peakMemoryBytes = Math.max(a.peakMemoryBytes ?? 0, b.peakMemoryBytes ?? 0);
  return {
    ...(peakMemoryBytes > 0 ? { peakMemoryBytes } : {}),
    ...sumOf("readBytes", a, b),
    ...sumOf("writtenBytes", a, b),
  };
}

const sumOf = (name: "readBytes" | "writtenBytes", a: ResourcesTaken, b: ResourcesTaken): ResourcesTaken =>
  (a[name] ?? b[name]) === undefined ? {} : { [name]: (a[name] ?? 0) + (b[name] ?? 0) };
