import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "bun:test";
import { err, ok } from "#base/result";
import { findCgroupPlace } from "./cgroup-place";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder that looks like a mounted hierarchy. */
function hierarchy(files: Readonly<Record<string, string>>) {
  const point = mkdtempSync(join(tmpdir(), "zr cgroup-"));
  folders.push(point);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(point, path)), { recursive: true });
    writeFileSync(join(point, path), text);
  }
  const shown = point.replaceAll(" ", String.raw`\040`);
  return {
    point,
    mounts: `22 1 0:21 / /proc rw - proc proc rw\n35 24 0:30 / ${shown} rw,nosuid shared:9 - cgroup2 cgroup2 rw\n`,
  };
}

const ON = "cpuset cpu io memory pids\n";

test("below the root scopes are made where we are, and what it does not hand on is turned on", async () => {
  const { point, mounts } = hierarchy({
    "cgroup.controllers": "io memory\n",
    "cgroup.subtree_control": "io\n",
  });
  expect(await findCgroupPlace({ cgroup: "0::/\n", mounts })).toEqual(
    ok({ parent: point, controllers: new Set(["memory"]) }),
  );
  expect(readFileSync(join(point, "cgroup.subtree_control"), "utf8")).toBe("+memory");
});

test("elsewhere they are made beside our own group, since that holds processes", async () => {
  const { point, mounts } = hierarchy({
    "user/app/cgroup.controllers": "memory pids\n",
    "user/app/cgroup.subtree_control": "memory pids\n",
    "user/app/terminal.scope/cgroup.type": "domain\n",
    "user/app/terminal.scope/memory.max": "max\n",
    "user/app/terminal.scope/cpu.max": "max 100000\n",
  });
  const facts = { cgroup: "4:memory:/old\n0::/user/app/terminal.scope\n", mounts };
  expect(await findCgroupPlace(facts)).toEqual(
    ok({ parent: join(point, "user/app"), controllers: new Set(["memory"]) }),
  );
});

test.each([
  ["memory.max", "1073741824\n"],
  ["cpu.max", "50000 100000\n"],
  ["memory.high", "5\n"],
])("a limit of our own by %s is not escaped from", async (file, text) => {
  const { mounts } = hierarchy({
    "a/cgroup.controllers": ON,
    "a/cgroup.subtree_control": ON,
    "a/b/cgroup.type": "domain\n",
    [`a/b/${file}`]: text,
  });
  expect(await findCgroupPlace({ cgroup: "0::/a/b\n", mounts })).toEqual(
    err("we are limited by a control group ourselves"),
  );
});

test("a run within a task that has a scope makes none beside it", async () => {
  const { mounts } = hierarchy({
    "cgroup.controllers": ON,
    "cgroup.subtree_control": ON,
    "zr-20261121-1/cgroup.type": "domain\n",
  });
  expect((await findCgroupPlace({ cgroup: "0::/zr-20261121-1\n", mounts })).ok).toBe(false);
});

test("without controllers, without the file system, and at the top of a container there is no place", async () => {
  const bare = hierarchy({ "cgroup.controllers": "hugetlb\n", "cgroup.subtree_control": "\n" });
  expect(await findCgroupPlace({ cgroup: "0::/\n", mounts: bare.mounts })).toEqual(
    err(`${bare.point} hands on neither the memory nor the cpu controller`),
  );
  expect((await findCgroupPlace({ cgroup: "0::/\n", mounts: "" })).ok).toBe(false);
  expect((await findCgroupPlace({ cgroup: "4:memory:/x\n", mounts: bare.mounts })).ok).toBe(false);
  const container = hierarchy({
    "cgroup.controllers": ON,
    "cgroup.subtree_control": "\n",
    "cgroup.type": "domain\n",
  });
  expect((await findCgroupPlace({ cgroup: "0::/\n", mounts: container.mounts })).ok).toBe(false);
  expect((await findCgroupPlace({ cgroup: "0::/../x\n", mounts: container.mounts })).ok).toBe(false);
});

test("a mount of a part of the hierarchy shows our path below that part", async () => {
  const { point, mounts } = hierarchy({
    "app/cgroup.controllers": ON,
    "app/cgroup.subtree_control": ON,
    "app/own/cgroup.type": "domain\n",
  });
  const partial = mounts.replace("0:30 / ", "0:30 /user/1000 ");
  expect(await findCgroupPlace({ cgroup: "0::/user/1000/app/own\n", mounts: partial })).toEqual(
    ok({ parent: join(point, "app"), controllers: new Set(["memory", "cpu"]) }),
  );
  expect((await findCgroupPlace({ cgroup: "0::/user/1001/app\n", mounts: partial })).ok).toBe(false);
});
