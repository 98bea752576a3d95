import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const names = ["a", "b", "c", "d", "e"];
const FILES: Readonly<Record<string, string>> = {
  "zr.toml": [
    "[tasks]",
    'prepare = "echo ran prepare"',
    ...names.map((name) => `${name} = { cmd = "echo ran ${name}", deps = ["prepare"] }`),
    `all = { deps = ${JSON.stringify(names)} }`,
  ].join("\n"),
};

async function shard(
  project: Project,
  part: string,
  ...words: readonly string[]
): Promise<readonly string[]> {
  const { stdout } = await project
    .zr("run", ...(words.length === 0 ? ["all"] : words), "--shard", part, "--output", "interleaved")
    .expect({ stdout: /^/, stderr: /^shard / });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace("ran ", ""))
    .sort();
}

test("each task of a group is run by one shard, and what they need by each that needs it", async () => {
  await using project = await makeProject(FILES);
  const parts = [await shard(project, "1/3"), await shard(project, "2/3"), await shard(project, "3/3")];
  expect(
    parts
      .flat()
      .filter((name) => name !== "prepare")
      .sort(),
  ).toEqual(names);
  expect(parts.map((part) => part.includes("prepare"))).toEqual([true, true, true]);
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(3);
});

test("recorded durations balance the shards: one long task is alone", async () => {
  await using project = await makeProject(FILES);
  const durations = { prepare: [1], a: [10], b: [9000], c: [10], d: [10], e: [10] };
  project.write(".zr/history/durations.json", JSON.stringify({ v: 1, durations }));
  await project.zr("run", "all", "--shard", "1/2", "--dry-run").expect({
    stdout: /\bb\b/,
    stderr:
      "shard 1/2: 1 of 5 tasks and 1 that they need, 1 of them also in other shards · about 9.0s of work\n",
  });
  project.write(".zr/history/durations.json", JSON.stringify({ v: 1, durations }));
  expect(await shard(project, "2/2")).toEqual(["a", "c", "d", "e", "prepare"]);
});

test("a shard without a task is no failure, and a part beyond the whole a mistake", async () => {
  await using project = await makeProject(FILES);
  await project.zr("run", "a", "--shard", "2/2").expect({ stderr: "shard 2/2: 0 of 1 tasks\n" });
  await project
    .zr("run", "a", "--shard", "3/2")
    .expect({ code: 2, stderr: /a part of a whole such as 2\/5/ });
});
