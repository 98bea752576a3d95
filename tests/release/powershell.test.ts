import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { readPowerShell } from "#tests/support/powershell-syntax";

/*
 * Scripts for PowerShell are parsed here, and their names looked at. They are run on Windows only.
 */

const SCRIPTS = ["scripts/install.ps1", "scripts/action/setup.ps1"] as const;
const GENERATED = [
  ["completion", "pwsh"],
  ["hook", "pwsh"],
] as const;

/** Commands that PowerShell 5.1 and 7 come with, as far as the scripts call them. */
const COMMANDS = [
  "Add-Content",
  "Copy-Item",
  "Expand-Archive",
  "Get-Command",
  "Get-Content",
  "Get-FileHash",
  "Invoke-Expression",
  "Invoke-WebRequest",
  "Join-Path",
  "Move-Item",
  "New-Item",
  "Out-Null",
  "Register-ArgumentCompleter",
  "Remove-Item",
  "Select-Object",
  "Set-Content",
  "Split-Path",
  "Test-Path",
  "Where-Object",
  "Write-Host",
  "Write-Output",
];
/** Variables that PowerShell sets. */
const AUTOMATIC = new Set(["_", "lastexitcode", "psscriptroot"]);

const scriptText = (path: string): string => readFileSync(join(REPOSITORY, path), "utf8");

async function generated(words: readonly string[]): Promise<string> {
  const zr = Bun.spawn([...(await ensureBinary()), ...words], { stdout: "pipe" });
  const text = await zr.stdout.text();
  expect(await zr.exited).toBe(0);
  return text;
}

describe.each([
  ...SCRIPTS.map((path) => [path, async () => scriptText(path)] as const),
  ...GENERATED.map((words) => [`zr ${words.join(" ")}`, async () => generated(words)] as const),
])("%s", (_, makeText) => {
  test("is PowerShell from beginning to end", async () => {
    expect((await readPowerShell(await makeText())).mistakes).toEqual([]);
  });

  test("calls only what PowerShell has, what it defines, and other programs by their names", async () => {
    const { commands, functions } = await readPowerShell(await makeText());
    const known = new Set([...COMMANDS, ...functions, "minisign"].map((name) => name.toLowerCase()));
    expect(commands.filter((name) => !known.has(name.toLowerCase()))).toEqual([]);
  });

  test("reads no variable that nobody sets", async () => {
    const { unset } = await readPowerShell(await makeText());
    expect(unset.filter((name) => !AUTOMATIC.has(name))).toEqual([]);
  });
});

describe("the parser that the scripts are held to", () => {
  const text = scriptText("scripts/install.ps1");

  test.each([
    ["a block that is not closed", "} finally {", " finally {"],
    ["a bracket that is not opened", "switch ($machine)", "switch $machine)"],
    ["a string that does not end", "'Stop'", "'Stop"],
  ])("finds %s", async (_, from, to) => {
    expect(text).toContain(from);
    expect((await readPowerShell(text.replace(from, to))).mistakes).not.toEqual([]);
  });

  test("finds names that are misspelt", async () => {
    const script = await readPowerShell(`$path = 'a'\nGet-Contnet $paht\n`);
    expect(script).toEqual({ mistakes: [], commands: ["Get-Contnet"], functions: [], unset: ["paht"] });
  });
});
