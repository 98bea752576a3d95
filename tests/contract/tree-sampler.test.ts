import { afterEach, describe, expect, test } from "bun:test";
import { LinuxTreeSampler } from "#system/process/linux-tree-sampler";
import { ListedTreeSampler, POWERSHELL, PS } from "#system/process/listed-tree-sampler";
import type { TreeSampler } from "#system/process/tree-use";
import { notOn, testUnless } from "#tests/support/left-out";

const MB = 1024 * 1024;
const started: Bun.Subprocess[] = [];
let count = 0;

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

const nextRun = (): string => `sampler-${process.pid}-${(count += 1)}`;

/** A process that holds so much memory, and a child of it that holds as much. */
async function holders(env: Readonly<Record<string, string>>): Promise<number> {
  const hold = `const held = Buffer.alloc(${100 * MB}, 1);`;
  const script = `${hold}
    const child = Bun.spawn([process.execPath, "-e", '${hold} console.log("held"); setInterval(() => held, 1e6)'],
      { stdio: ["ignore", "pipe", "ignore"], detached: true });
    await child.stdout.getReader().read();
    console.log(child.pid);
    process.on("SIGTERM", () => { child.kill("SIGKILL"); process.exit(); });
    setInterval(() => held, 1e6);`;
  const child = Bun.spawn([process.execPath, "-e", script], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const { value } = await child.stdout.getReader().read();
  const grandchild = Number(new TextDecoder().decode(value));
  started.push(child, { kill: () => process.kill(grandchild, "SIGKILL") } as unknown as Bun.Subprocess);
  return child.pid;
}

const samplers: readonly (readonly [string, (run: string) => TreeSampler, string | undefined])[] = [
  ["/proc", (run) => new LinuxTreeSampler({ variable: "ZR_TEST_KEY", run }), notOn("linux")],
  ["ps", () => new ListedTreeSampler(PS), notOn("linux", "darwin")],
];

describe.each(samplers)("by %s", (name, make, absence) => {
  testUnless(absence)("all processes of a tree are added up, and no others", async () => {
    const run = nextRun();
    const [a, b] = await Promise.all([
      holders({ ZR_TEST_KEY: `${run}/a` }),
      holders({ ZR_TEST_KEY: `${run}/b` }),
    ]);
    const sampler = make(run);
    const trees = await sampler.sample(
      new Map([
        [a, "a"],
        [b, "b"],
      ]),
    );
    expect([...trees.keys()].toSorted()).toEqual(["a", "b"]);
    for (const use of trees.values()) {
      expect(use.pids).toHaveLength(2);
      expect(use.memoryBytes).toBeGreaterThan(200 * MB);
      expect(use.memoryBytes).toBeLessThan(600 * MB);
      // ps tells whole seconds.
      expect(use.cpuMs).toBeGreaterThan(name === "ps" ? -1 : 0);
    }
  });

  testUnless(absence)("a tree without a process is not there", async () => {
    expect(await make(nextRun()).sample(new Map())).toEqual(new Map());
  });
});

testUnless(notOn("linux"))("the exact memory counts what processes share once", async () => {
  const run = nextRun();
  const pid = await holders({ ZR_TEST_KEY: `${run}/a` });
  const sampler = new LinuxTreeSampler({ variable: "ZR_TEST_KEY", run });
  const use = (await sampler.sample(new Map([[pid, "a"]]))).get("a");
  const exact = sampler.exactMemory(use?.pids ?? []) ?? 0;
  expect(exact).toBeGreaterThan(200 * MB);
  expect(exact).toBeLessThan(use?.memoryBytes ?? 0);
});

test("what ps prints of times on any system is read", () => {
  expect(PS.parse("   12    1   12  2048 01-02:03:04\n  13 12 12 4 0:01.50\n\n")).toEqual([
    { pid: 12, parent: 1, group: 12, memoryBytes: 2 * MB, cpuMs: 93_784_000 },
    { pid: 13, parent: 12, group: 12, memoryBytes: 4096, cpuMs: 1500 },
  ]);
});

test("what Windows says of its processes is read", () => {
  expect(POWERSHELL.parse("4 0 1024 20000 5 6\r\n\r\n")).toEqual([
    { pid: 4, parent: 0, group: 0, memoryBytes: 1024, cpuMs: 2, readBytes: 5, writtenBytes: 6 },
  ]);
});
