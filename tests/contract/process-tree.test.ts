import { existsSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "bun:test";
import { carriesMarker, processesMarked, processFacts } from "#system/process/marker";
import { groupAlive, signalTree } from "#system/process/tree";
import { until } from "#tests/support/deadline";

const started: Bun.Subprocess[] = [];
let count = 0;

afterEach(() => {
  for (const child of started.splice(0)) if (groupAlive(child.pid)) process.kill(-child.pid, "SIGKILL");
});

const nextMarker = () => ({ name: "ZR_TREE_TEST", value: `${process.pid}/${(count += 1)}` });

type Marker = ReturnType<typeof nextMarker>;

/** A group leader that runs the shell text; settled once it has printed `lines` lines, each a process number. */
async function start(marker: Marker, script: string, lines = 1) {
  const child = Bun.spawn(["sh", "-c", script], {
    env: { PATH: process.env["PATH"], [marker.name]: marker.value },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  started.push(child);
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (text.split("\n").length <= lines) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it ended after printing ${JSON.stringify(text)}`);
    text += decoder.decode(value);
  }
  // The pipe's end: nobody who holds it is left.
  const allGone = async () => {
    for (;;) if ((await reader.read()).done) return;
  };
  return { child, pids: text.trim().split("\n").map(Number), allGone };
}

const FOREVER = "sh -c 'echo $$; exec sleep 1000'";

test("a signal reaches the leader and the rest of its group", async () => {
  const marker = nextMarker();
  const tree = await start(marker, `${FOREVER} & ${FOREVER} & wait`, 2);
  expect(await signalTree({ pid: tree.child.pid, signal: "SIGTERM", marker })).toEqual([]);
  await tree.allGone();
  expect(await tree.child.exited).toBe(128 + 15);
});

test("SIGKILL also reaches what moved to another session and was left by its parent", async () => {
  const marker = nextMarker();
  const tree = await start(marker, `(setsid ${FOREVER} &) ; trap '' TERM; ${FOREVER}`, 2);
  expect(await signalTree({ pid: tree.child.pid, signal: "SIGKILL", marker })).toEqual([]);
  await tree.allGone();
  expect(processesMarked(marker.name, marker.value)).toEqual([]);
});

test("SIGKILL finds the escaped ones after the leader has gone", async () => {
  const marker = nextMarker();
  const tree = await start(marker, `setsid ${FOREVER} &`);
  await tree.child.exited;
  expect(groupAlive(tree.child.pid)).toBe(false);
  await signalTree({ pid: tree.child.pid, signal: "SIGKILL", marker });
  await tree.allGone();
});

const programOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, "utf8").trimEnd();

/** A shell that becomes itself again and again, with a number that tells how often. */
const BECOMING = `export N=0 L='N=$((N+1)); [ $N -lt 1000 ] || exec sleep 1000; exec bash -c "$L"'; exec bash -c "$L"`;

test("a process that becomes another program all the time carries its marker", async () => {
  const marker = nextMarker();
  const tree = await start(marker, `echo $$; ${BECOMING}`);
  const answers = new Set<boolean | undefined>();
  while (programOf(tree.child.pid) !== "sleep")
    for (let i = 0; i < 100; i += 1) answers.add(carriesMarker(tree.child.pid, marker));
  expect(answers).not.toContain(false);
  process.kill(tree.child.pid, "SIGKILL");
  await tree.allGone();
});

test("SIGKILL reaches an escaped one that is becoming another program", async () => {
  for (let round = 0; round < 20; round += 1) {
    const marker = nextMarker();
    const tree = await start(
      marker,
      `setsid bash -c 'echo $$; eval "$0"' '${BECOMING.replaceAll("'", `'\\''`)}' &`,
    );
    await tree.child.exited;
    expect(await signalTree({ pid: tree.child.pid, signal: "SIGKILL", marker })).toEqual([]);
    await tree.allGone();
  }
});

test("a process without any variable carries no marker", async () => {
  const tree = await start(nextMarker(), "echo $$; exec env -i sleep 1000");
  await until(
    () => programOf(tree.child.pid) === "sleep",
    "the last program",
    () => "",
  );
  await until(
    () => carriesMarker(tree.child.pid, nextMarker()) === false,
    "a certain answer",
    () => "",
  );
  expect(readFileSync(`/proc/${tree.child.pid}/environ`).length).toBe(0);
});

test("SIGKILL reaches a member of the session that left the group and forgot its environment", async () => {
  const marker = nextMarker();
  const script = `env -i sh -c "echo \\$\\$; exec sleep 1000" & wait`;
  const tree = await start(marker, `exec bash -c 'set -m; ${script}'`);
  expect(processFacts(tree.pids[0]!)?.group).toBe(tree.pids[0]!);
  expect(carriesMarker(tree.pids[0]!, marker)).not.toBe(true);
  await signalTree({ pid: tree.child.pid, signal: "SIGKILL", marker });
  await tree.allGone();
});

test("SIGKILL wins against processes that keep starting others", async () => {
  const marker = nextMarker();
  const again = `setsid sh -c 'echo $$; exec setsid sh -c "\\$AGAIN" &' &`;
  const tree = await start(
    marker,
    `AGAIN='while :; do setsid sleep 1000 & sleep 0.01; done'; export AGAIN; ${again} wait`,
  );
  expect(await signalTree({ pid: tree.child.pid, signal: "SIGKILL", marker })).toEqual([]);
  await tree.allGone();
});

test("other processes are left alone, also in a group whose number is not ours", async () => {
  const mine = nextMarker();
  const other = nextMarker();
  // Its parent has gone, so nothing but its environment tells whose it is.
  const stranger = await start(other, `setsid ${FOREVER} &`);
  await stranger.child.exited;
  const pid = stranger.pids[0]!;
  await signalTree({ pid, signal: "SIGKILL", marker: mine });
  expect(processFacts(pid)?.session).toBe(pid);
  await signalTree({ pid, signal: "SIGKILL", marker: other });
  await stranger.allGone();
});

test("a tree that has gone is no error", async () => {
  const marker = nextMarker();
  const child = Bun.spawn(["true"], { detached: true });
  await child.exited;
  expect(await signalTree({ pid: child.pid, signal: "SIGTERM", marker })).toEqual([]);
  expect(await signalTree({ pid: child.pid, signal: "SIGKILL", marker })).toEqual([]);
});

test("a marker is the whole value of the whole name", async () => {
  const marker = nextMarker();
  const { child } = await start(marker, `exec ${FOREVER}`);
  // While a process becomes another program its environment can't be read.
  const isProgram = () => programOf(child.pid) === "sleep" && carriesMarker(child.pid, marker) === true;
  await until(isProgram, "the last program", () => "");
  expect(processesMarked(marker.name, marker.value)).toEqual([child.pid]);
  expect(processesMarked(marker.name, marker.value.slice(0, -1))).toEqual([]);
  expect(processesMarked(marker.name.slice(1), marker.value)).toEqual([]);
  expect(carriesMarker(process.pid, marker)).toBe(false);
  process.kill(child.pid, "SIGKILL");
  await child.exited;
  expect(processesMarked(marker.name, marker.value)).toEqual([]);
});

test("facts name the leader of a session and its parent, and nothing for a process that is gone", async () => {
  const { child } = await start(nextMarker(), `exec ${FOREVER}`);
  expect(processFacts(child.pid)).toMatchObject({
    parent: process.pid,
    group: child.pid,
    session: child.pid,
  });
  process.kill(child.pid, "SIGKILL");
  await child.exited;
  expect(processFacts(child.pid)).toBeUndefined();
});

test("a process that has ended and that nobody waits for is gone", async () => {
  // The child ends when its parent has become a program that does not wait for children.
  const untilReplaced = "while grep -q ^sh /proc/$PPID/comm; do :; done; echo $$";
  const { pids } = await start(nextMarker(), `sh -c '${untilReplaced}' & exec sleep 1000`);
  const stat = `/proc/${pids[0]}/stat`;
  const untilZombie = 'while read -r _ _ state _ < "$0" && [ "$state" != Z ]; do :; done';
  await Bun.spawn(["sh", "-c", untilZombie, stat]).exited;
  expect(existsSync(stat)).toBe(true);
  expect(processFacts(pids[0]!)).toBeUndefined();
});
