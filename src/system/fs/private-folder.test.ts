import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePrivateFolder } from "./private-folder";

const place = mkdtempSync(join(tmpdir(), "zr-private-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

test.skipIf(process.platform === "win32")("nobody but the owner looks into a state folder", async () => {
  const state = join(place, ".zr");
  await ensurePrivateFolder(join(state, "pages"), state);
  for (const folder of [state, join(state, "pages")]) expect(statSync(folder).mode & 0o777).toBe(0o700);
});
