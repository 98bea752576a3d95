import { describe, expect, test } from "bun:test";
import { shellOf, variableReference } from "./shells";

describe("the shell that is asked for", () => {
  test("is sh where nothing is said, and the built-in one on Windows", () => {
    expect(shellOf(undefined, "linux")).toEqual({ dialect: "posix", argv: ["sh", "-c"], explicit: false });
    expect(shellOf(undefined, "windows")).toEqual({ dialect: "bun", argv: [], explicit: false });
  });

  test.each([
    ["bash", "posix", ["bash", "-c"]],
    ["/opt/bin/zsh", "posix", ["/opt/bin/zsh", "-c"]],
    ["fish", "fish", ["fish", "-c"]],
    ["pwsh", "pwsh", ["pwsh", "-NoProfile", "-NonInteractive", "-Command"]],
    ["pwsh.exe", "pwsh", ["pwsh.exe", "-NoProfile", "-NonInteractive", "-Command"]],
    ["cmd", "cmd", ["cmd", "/D", "/V:ON", "/S", "/C"]],
    ["bun", "bun", []],
    ["unheard-of", "posix", ["unheard-of", "-c"]],
  ] as const)("%s is known by its name", (value, dialect, argv) => {
    expect(shellOf(value, "linux")).toEqual({ dialect, argv: [...argv], explicit: true });
  });

  test("given as words is taken as they are, known or not", () => {
    expect(shellOf(["bash", "-euo", "pipefail", "-c"], "linux")).toEqual({
      dialect: "posix",
      argv: ["bash", "-euo", "pipefail", "-c"],
      explicit: true,
    });
    expect(shellOf(["node", "-e"], "linux")).toEqual({
      dialect: "custom",
      argv: ["node", "-e"],
      explicit: true,
    });
  });
});

describe("a variable in a shell's text", () => {
  test.each([
    ["posix", "plain", '"${V}"'],
    ["posix", "double", "${V}"],
    ["posix", "single", "'\"${V}\"'"],
    ["posix", "heredoc", "${V}"],
    ["posix", "raw-heredoc", undefined],
    ["posix", "comment", ""],
    ["bun", "plain", '"$V"'],
    ["fish", "plain", '"$V"'],
    ["fish", "double", "$V"],
    ["pwsh", "plain", "${env:V}"],
    ["pwsh", "double", "$(${env:V})"],
    ["pwsh", "single", undefined],
    ["cmd", "plain", "!V!"],
    ["custom", "plain", undefined],
  ] as const)("of %s in %s quoting is %p", (dialect, quoting, expected) => {
    expect(variableReference(dialect, "V", quoting)).toBe(expected);
  });

  test("is read by a real sh as one word, whatever the value and the quoting", () => {
    const value = `a  b'"$HOME\`id\`\\ * \n;c`;
    for (const [quoting, around] of [
      ["plain", ["", ""]],
      ["double", ['"', '"']],
      ["single", ["'", "'"]],
    ] as const) {
      const text = `printf %s ${around[0]}${variableReference("posix", "V", quoting) ?? ""}${around[1]}`;
      const ran = Bun.spawnSync(["sh", "-c", text], { env: { V: value, PATH: process.env["PATH"] } });
      expect(ran.stdout.toString()).toBe(value);
    }
  });
});
