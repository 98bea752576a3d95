import { existsSync, rmSync } from "node:fs";
import { expect, test } from "bun:test";
import { openThread } from "#system/thread/thread";
import type { ContentQuestion } from "./content-work";
import { draftOf, makeCacheRig, saved } from "#tests/support/cache-rig";

test("a thread leaves alone what another one of its program was making before it began", async () => {
  using rig = makeCacheRig();
  rig.write("dist/a", "a");
  const place = rig.place("dist/a");
  const { key, task } = await saved(rig.open(), draftOf("one"), place);
  rmSync(rig.path("dist/a"));
  const half = `dist/.zr-${process.pid}-999.tmp`;
  rig.write(half, "half");
  const thread = openThread(1);
  const work = { store: rig.store, results: [{ key, task, place, seen: undefined }] };
  const answer = await thread.ask({ kind: "put-back", work } satisfies ContentQuestion);
  thread.close();
  expect(answer).toMatchObject({ result: [{ key }] });
  expect(existsSync(rig.path("dist/a"))).toBe(true);
  expect(existsSync(rig.path(half))).toBe(true);
});
