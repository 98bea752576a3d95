import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginReadTrace, endReadTrace } from "#system/fs/read-trace";
import type { ReadTrace } from "#system/fs/read-trace";
import { noteListing } from "./note-listing";

const place = mkdtempSync(join(tmpdir(), "zr-listing-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));
mkdirSync(join(place, ".git"));
const settings = join(place, "settings");
writeFileSync(settings, "[core]\n  excludesFile = /elsewhere\n");

/** What is noted of a listing of the place by a git that knows of no other settings than the environment's. */
function noted(env: Readonly<Record<string, string>>): ReadTrace {
  const trace = beginReadTrace();
  noteListing(place, () => {}, { HOME: join(place, "home"), GIT_CONFIG_SYSTEM: join(place, "none"), ...env });
  endReadTrace();
  return trace;
}

test("what decides which files git ignores is noted", () => {
  const { paths, obstacles } = noted({ XDG_CONFIG_HOME: "" });
  expect(obstacles.size).toBe(0);
  for (const path of [".git/index", ".git/info/exclude", "home/.config/git/ignore", "home/.gitconfig"])
    expect([...paths]).toContain(join(place, path));
});

test.each([
  { GIT_CONFIG_GLOBAL: settings },
  { GIT_CONFIG_SYSTEM: settings },
  { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "core.excludesFile", GIT_CONFIG_VALUE_0: "/elsewhere" },
  { GIT_INDEX_FILE: "/elsewhere" },
  { GIT_DIR: "/elsewhere" },
])("of a listing that depends on more nobody knows whether it would be the same: %j", (env) => {
  expect(noted(env).obstacles.size).toBe(1);
});
