import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isThereAtOnce } from "./is-there-at-once";

test("files, folders and what links lead to are there; anything else is not", () => {
  const place = mkdtempSync(join(tmpdir(), "zr-there-"));
  try {
    mkdirSync(join(place, "folder"));
    mkdirSync(join(place, "locked"));
    writeFileSync(join(place, "file"), "");
    writeFileSync(join(place, "old"), "");
    utimesSync(join(place, "old"), 0, 0);
    symlinkSync("folder", join(place, "link"));
    symlinkSync("nowhere", join(place, "broken"));
    symlinkSync("circle", join(place, "circle"));
    chmodSync(join(place, "locked"), 0o000);
    const there = ["folder", "file", "old", "link", "locked", "."];
    const missing = ["nothing", "nothing/below", "file/below", "broken", "circle", "x".repeat(5000)];
    for (const name of there) expect([name, isThereAtOnce(`${place}/${name}`)]).toEqual([name, true]);
    for (const name of missing) expect([name, isThereAtOnce(`${place}/${name}`)]).toEqual([name, false]);
  } finally {
    chmodSync(join(place, "locked"), 0o700);
    rmSync(place, { recursive: true, force: true });
  }
});
