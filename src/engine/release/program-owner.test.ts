import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programOwner } from "./program-owner";
import { testUnless, without } from "#tests/support/left-out";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "zr-owner-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A PATH with one manager, which answers as told. */
function pathWith(manager: string, script: string): Readonly<Record<string, string>> {
  const bin = join(folder, manager);
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, manager), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, manager), 0o755);
  return { PATH: `${bin}:/usr/bin:/bin` };
}

const NO_ENV = { PATH: "" };

test("a path says which manager a program belongs to", async () => {
  const owners: Readonly<Record<string, string>> = {
    "/opt/homebrew/Cellar/zr/1.0.0/bin/zr": "brew upgrade zr",
    "/home/linuxbrew/.linuxbrew/Cellar/zr@1/1.0.0/bin/zr": "brew upgrade zr@1",
    "/nix/store/abc-zr-1.0.0/bin/zr": "nix profile upgrade zr",
    "/gnu/store/abc-zr-1.0.0/bin/zr": "guix upgrade zr",
    "/usr/lib/node_modules/zr/bin/zr": "npm install --global zr@latest",
    "C:/Users/me/scoop/apps/zr/current/zr.exe": "scoop update zr",
    "C:/ProgramData/chocolatey/lib/zr/tools/zr.exe": "choco upgrade zr",
    "C:/Users/me/AppData/Local/Microsoft/WinGet/Packages/zr/zr.exe": "winget upgrade zr",
    "/snap/zr/12/bin/zr": "snap refresh zr",
    "/home/me/.asdf/installs/zr/1.0.0/bin/zr": "asdf install zr latest",
  };
  for (const [path, command] of Object.entries(owners))
    expect(await programOwner(path, NO_ENV)).toMatchObject({ command });
});

test("a program in a folder of the user's or administrator's own is nobody's", async () => {
  const env = pathWith("dpkg-query", 'echo "zr: $3"');
  for (const path of ["/home/me/.local/bin/zr", "/usr/local/bin/zr", "/home/me/Cellar/zr"])
    expect(await programOwner(path, env)).toBeUndefined();
});

test("a manager of the system is asked about what lies in the system's folders", async () => {
  const cases = [
    ["dpkg-query", '[ "$2" = /usr/bin/zr ] && echo "zr:amd64: $2"', "apt-get install --only-upgrade zr"],
    ["rpm", "echo zr-cli", "dnf upgrade zr-cli"],
    ["pacman", "echo zr-bin", "pacman -Syu zr-bin"],
    ["apk", 'echo "/usr/bin/zr is owned by zr-cli-1.0.0-r0"', "apk upgrade zr-cli"],
  ] as const;
  for (const [manager, script, command] of cases) {
    const env = { ...pathWith(manager, script), PATH: join(folder, manager) };
    expect(await programOwner("/usr/bin/zr", { ...env })).toMatchObject({ command });
  }
});

test("a manager that does not know the program leaves it to others", async () => {
  expect(
    await programOwner("/usr/bin/zr", { PATH: pathWith("rpm", "exit 1")["PATH"]?.split(":")[0] ?? "" }),
  ).toBe(undefined);
  expect(await programOwner("/usr/bin/zr", NO_ENV)).toBeUndefined();
});

testUnless(without("dpkg-query"))("dpkg is understood as it is", async () => {
  const env = { PATH: process.env["PATH"] ?? "" };
  expect(await programOwner("/usr/bin/dpkg", env)).toEqual({
    manager: "dpkg",
    command: "apt-get install --only-upgrade dpkg",
  });
  expect(await programOwner("/usr/bin/no-such-program-here", env)).toBeUndefined();
});
