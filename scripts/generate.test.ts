import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { staleFiles, writeGenerated, type Generator } from "./generate";

const generators: readonly Generator[] = [() => ({ path: "docs/x.md", text: "one\ntwo\n" })];

async function inFolder(body: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "zr-generate-"));
  try {
    await body(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

test("a missing generated file is reported, written once, and then current", async () => {
  await inFolder(async (root) => {
    expect(await staleFiles(generators, root)).toEqual([
      { path: "docs/x.md", line: 1, rule: "generated", reason: "is missing: run `bun run generate`" },
    ]);
    expect(await writeGenerated(generators, root)).toEqual(["docs/x.md"]);
    expect(await writeGenerated(generators, root)).toEqual([]);
    expect(await staleFiles(generators, root)).toEqual([]);
  });
});

test("a generated file edited by hand is reported at its first different line", async () => {
  await inFolder(async (root) => {
    await Bun.write(join(root, "docs/x.md"), "one\n2\n");
    expect(await staleFiles(generators, root)).toEqual([
      { path: "docs/x.md", line: 2, rule: "generated", reason: "is stale: run `bun run generate`" },
    ]);
  });
});
