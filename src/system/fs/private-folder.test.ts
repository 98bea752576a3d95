import { afterAll, expect } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePrivateFolder } from "./private-folder";
import { notOn, testUnless } from "#tests/support/left-out";

const place = mkdtempSync(join(tmpdir(), "zr-private-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

testUnless(notOn("linux", "darwin"))("nobody but the owner looks into a state folder", async () => {
  const state = join(place, ".zr");
  await ensurePrivateFolder(join(state, "pages"), state);
  for (const folder of [state, join(state, "pages")]) expect(statSync(folder).mode & 0o777).toBe(0o700);
});
