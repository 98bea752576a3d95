import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "bun:test";
import { unavailable } from "#scripts/trying/empty-root";
import { realProject } from "#scripts/trying/real-project";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { testUnless } from "#tests/support/left-out";

const project = await realProject();
const reason = (await unavailable()) ?? ("unavailable" in project ? project.unavailable : undefined);
const ways = ["the installer", "the installer, from a folder", "the action"];
if (Bun.which("ruby") !== null) ways.push("the Homebrew formula");

testUnless(reason)(
  `from an empty root file system, by each way that people get it, zr runs the tests of a package of npm`,
  async () => {
    const [program = ""] = await ensureBinary();
    const script = join(REPOSITORY, "scripts/trying/try-install.ts");
    const child = Bun.spawn([process.execPath, script, "--program", program], {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    const [error, code] = await Promise.all([child.stderr.text(), child.exited]);
    const transcript = readFileSync(join(REPOSITORY, "dist/try-install.txt"), "utf8");
    expect({ code, error, failed: transcript.match(/^\(exit code .*/gm) }).toEqual({
      code: 0,
      error: "",
      failed: null,
    });
    const parts = transcript.split(/^== /m).slice(1);
    expect(parts.map((part) => part.split("\n", 1)[0] ?? "")).toEqual(ways);
    for (const part of parts) {
      expect(part).toMatch(/^\$ zr --version\nzr \d+\.\d+\.\d+$/m);
      expect(part).toMatch(/^\$ zr init --detect\nfound node in \.\ncreated zr\.toml$/m);
      // The package's own tests, told in TAP.
      expect(part).toMatch(/^\$ zr run test\nTAP version 13\n[^]*^# tests +\d+\n# pass +\d+\n\n# ok$/m);
    }
  },
  // Four root file systems are made, on a machine that may have other things to do.
  180_000,
);
