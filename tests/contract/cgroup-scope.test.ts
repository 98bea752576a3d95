import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { expect, test } from "bun:test";
import { CgroupScope } from "#system/cgroup/cgroup-scope";
import { enteringCommand } from "#system/cgroup/entering-command";
import { until } from "#tests/support/deadline";
import { isAlive } from "#tests/support/processes";
import { testUnless } from "#tests/support/left-out";

/** A mounted cgroup v2 hierarchy in which groups can be made; whether it has controllers does not matter here. */
const MOUNT = writableMount();
const noMount = MOUNT === undefined ? "no control groups to write to" : undefined;
let count = 0;
const nextPath = (): string => `${MOUNT ?? ""}/zr-test-${process.pid}-${(count += 1)}`;

function writableMount(): string | undefined {
  if (process.platform !== "linux") return undefined;
  const line = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .find((one) => one.includes(" - cgroup2 "));
  const point = line?.split(" ")[4];
  if (point === undefined) return undefined;
  try {
    mkdirSync(`${point}/zr-test-${process.pid}`);
    rmdirSync(`${point}/zr-test-${process.pid}`);
    return point;
  } catch {
    return undefined;
  }
}

/** A program in the scope that starts another one in a session of its own; both their numbers. */
async function startIn(scope: CgroupScope): Promise<readonly number[]> {
  const script = "setsid env -i sh -c 'echo $$; exec sleep 1000' & echo $$; exec sleep 1000";
  const child = Bun.spawn([...enteringCommand(scope, ["sh", "-c", script])], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const reader = child.stdout.getReader();
  let text = "";
  while (text.split("\n").length < 3) text += new TextDecoder().decode((await reader.read()).value);
  return text.trim().split("\n").map(Number);
}

testUnless(noMount)(
  "a program is in its scope before it is executed, and so is all it starts; kill and remove leave nothing",
  async () => {
    const path = nextPath();
    const made = await CgroupScope.make(path, {});
    if (!made.ok) throw new Error(made.error);
    const pids = await startIn(made.value);
    const members = readFileSync(`${path}/cgroup.procs`, "utf8").trim().split("\n").map(Number);
    expect(members.toSorted()).toEqual([...pids].toSorted());
    await made.value.remove();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  },
);

testUnless(noMount)("a limit that can't be set is told, and no group is left", async () => {
  const path = nextPath();
  // The kernel refuses files of its own making in a group: this one is not there, or takes no such number.
  const made = await CgroupScope.make(path, { cpus: Number.POSITIVE_INFINITY });
  expect(made.ok).toBe(false);
  expect(existsSync(path)).toBe(false);
});

test("a place that is not there is told", async () => {
  expect((await CgroupScope.make("/proc/zr-test/none", {})).ok).toBe(false);
});

testUnless(noMount)("the guard kills and removes the scopes of a run that was killed", async () => {
  const prefix = `${nextPath()}-`;
  const made = await CgroupScope.make(`${prefix}1`, {});
  if (!made.ok) throw new Error(made.error);
  const pids = await startIn(made.value);
  // A process of its own, since the guard watches over whoever has started it.
  const owner = Bun.spawn(
    [
      process.execPath,
      "-e",
      `const { startGuard } = await import("#system/process/guard");
       startGuard({ runId: "no-such-run" }).scopes(${JSON.stringify(prefix)});
       setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);`,
    ],
    { cwd: import.meta.dir, stdio: ["ignore", "ignore", "inherit"] },
  );
  await owner.exited;
  await until(
    () => !existsSync(`${prefix}1`),
    "the end of the scope",
    () => prefix,
  );
  expect(pids.filter(isAlive)).toEqual([]);
});
