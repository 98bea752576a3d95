import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";

test("a crash leaves its stack in a file, names the file on stderr, and exits with 4", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zr-crash-"));
  const script = `
    const { reportCrash } = await import(${JSON.stringify(join(import.meta.dir, "crash.ts"))});
    process.exit(await reportCrash(new Error("a bug")));
  `;
  try {
    const child = Bun.spawnSync([process.execPath, "--no-env-file", "-e", script], {
      cwd: import.meta.dir,
      env: { PATH: process.env["PATH"] ?? "", TMPDIR: folder },
    });
    const [name = ""] = readdirSync(folder);
    expect(child.stderr.toString()).toBe(`zr crashed: a bug\nA report is in ${folder}/${name}\n`);
    expect(child.exitCode).toBe(4);
    // A stack can hold what is nobody else's business, and others read the folder too.
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(folder, name), "utf8"))).toMatchObject({
      stack: expect.stringMatching(/^Error: a bug\n\s+at /),
      os: process.platform,
      zr: expect.any(String),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
