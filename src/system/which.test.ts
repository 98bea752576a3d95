import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { which } from "./which";

test("a program is searched on the given PATH, a path from the working folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "zr-which-"));
  try {
    mkdirSync(join(folder, "bin"));
    for (const name of ["tool", "text"]) writeFileSync(join(folder, "bin", name), "#!/bin/sh\n");
    chmodSync(join(folder, "bin", "tool"), 0o755);
    const tool = join(folder, "bin", "tool");
    expect(which("tool", { path: `/nonexistent:${join(folder, "bin")}`, cwd: "/" })).toBe(tool);
    expect(which("./bin/tool", { path: "", cwd: folder })).toBe(tool);
    expect(which("tool", { path: "bin", cwd: folder })).toBe(tool);
    expect(which("tool", { path: "/nonexistent", cwd: folder })).toBeUndefined();
    // Not executable.
    expect(which("text", { path: join(folder, "bin"), cwd: "/" })).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
