import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { forLoginCommand, LOGIN_COMMAND } from "#engine/remote/login-command";
import { remoteProgram, signPrefix } from "#engine/remote/remote-program";
import type { RemoteProgramOptions, RemoteWord } from "#engine/remote/remote-program";
import { RemoteSigns } from "#engine/remote/remote-signs";
import { parseExpansion } from "#engine/env/expand";
import { testUnless, without } from "#tests/support/left-out";

const folder = mkdtempSync(join(tmpdir(), "zr-remote-shell-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Folders that hold one shell as `sh` each. */
const shells = mkdtempSync(join(tmpdir(), "zr-shells-"));
afterAll(() => rmSync(shells, { recursive: true, force: true }));

const KEY = "0123456789abcdef";
const PRINT = 'printf "%s\\0" "$ZR_VALUE" "$@"; pwd; printf .';

/** Text of any characters but NUL, with those that mean something to shells more often than chance has them. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        "\\",
        "$",
        "`",
        "!",
        "\n",
        "\r",
        "\t",
        " ",
        "#",
        "-",
        "~",
        "*",
        "\u001e",
        "\u0081",
        "é",
      ),
      fc.string({ unit: "grapheme", maxLength: 4 }).map((part) => part.replaceAll("\0", "")),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join("").toWellFormed());

const fileName = text
  .map((name) => name.replaceAll("/", "").slice(0, 40).toWellFormed())
  .filter(
    (name) => name.trim() !== "" && name !== "~" && name !== "." && name !== ".." && !name.endsWith("\n"),
  );

async function throughShell(
  login: string,
  words: readonly RemoteWord[],
  { sh, ...options }: Partial<RemoteProgramOptions> & { readonly sh?: string },
): Promise<{ stdout: string; stderr: string; code: number }> {
  const program = remoteProgram({ words }, { key: KEY, cwd: undefined, env: {}, graceMs: 0, ...options });
  const child = Bun.spawn([login, "-c", LOGIN_COMMAND], {
    cwd: folder,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    env: {
      PATH: `${sh === undefined ? "" : `${sh}:`}${process.env["PATH"] ?? ""}`,
      HOME: folder,
      LANG: "C.UTF-8",
    },
  });
  void child.stdin.write(forLoginCommand(program));
  void child.stdin.flush();
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  void child.stdin.end();
  return { stdout, stderr, code };
}

const words = (...texts: readonly string[]): RemoteWord[] =>
  texts.map((each) => ({ kind: "text", text: each }));

/** Login shells, and what the program itself runs in. */
const SHELLS = [
  ["sh", "sh"],
  ["bash", "sh"],
  ["zsh", "sh"],
  ["fish", "sh"],
  ["sh", "bash"],
  ["sh", "dash"],
  ["sh", "busybox"],
] as const;

for (const [login, inner] of SHELLS) {
  testUnless(without(...new Set([login, inner])))(
    `arguments, a variable and the folder arrive unchanged with ${login} as login shell and ${inner} as sh`,
    async () => {
      const sh = join(shells, inner);
      mkdirSync(sh, { recursive: true });
      if (!existsSync(join(sh, "sh"))) symlinkSync(Bun.which(inner) ?? "", join(sh, "sh"));
      await fc.assert(
        fc.asyncProperty(fc.array(text, { maxLength: 4 }), text, fileName, async (args, value, name) => {
          mkdirSync(join(folder, name), { recursive: true });
          const { stdout, stderr, code } = await throughShell(
            login,
            words("sh", "-c", PRINT, "zr", ...args),
            {
              cwd: name,
              env: { ZR_VALUE: value },
              sh,
            },
          );
          expect(stderr).toBe(`${signPrefix(KEY)}started\n`);
          expect(stdout).toBe(`${[value, ...args].map((each) => `${each}\0`).join("")}${folder}/${name}\n.`);
          expect(code).toBe(0);
        }),
        { numRuns: login === "sh" && inner === "sh" ? 60 : 15 },
      );
    },
  );
}

test("`~` is the home folder there, at the start only", async () => {
  mkdirSync(join(folder, "a b", "~"), { recursive: true });
  for (const [cwd, path] of [
    ["~", folder],
    ["~/a b", `${folder}/a b`],
    ["a b/~", `${folder}/a b/~`],
    [`${folder}/a b`, `${folder}/a b`],
  ] as const)
    expect((await throughShell("sh", words("pwd"), { cwd })).stdout).toBe(`${path}\n`);
});

test("a program that has not come whole is not run at all", async () => {
  const whole = forLoginCommand(
    remoteProgram({ words: words("touch", "ran") }, { key: KEY, cwd: undefined, env: {}, graceMs: 0 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 2 }), async (length) => {
      const child = Bun.spawn(["sh", "-c", LOGIN_COMMAND], {
        cwd: folder,
        stdin: new Blob([whole.slice(0, length)]),
        stdout: "ignore",
        stderr: "ignore",
      });
      expect(await child.exited).toBe(255);
    }),
    { numRuns: 20 },
  );
  expect(readdirSync(folder)).not.toContain("ran");
});

test("words with variables are filled in as the environment's language says, without any value becoming shell text", async () => {
  const parts = (word: string): RemoteWord => ({
    kind: "expanded",
    parts: parseExpansion(word, { commands: false }).parts,
  });
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const expanded = [
        "<$ZR_VALUE>",
        "${ZR_NONE:-$ZR_VALUE-}",
        "${ZR_EMPTY-no}",
        "${ZR_EMPTY:-yes}",
        "$(x)",
        "$$a",
      ];
      const { stdout } = await throughShell("sh", [...words("printf", "%s\\0"), ...expanded.map(parts)], {
        env: { ZR_VALUE: value, ZR_EMPTY: "" },
      });
      expect(stdout.split("\0").slice(0, -1)).toEqual([`<${value}>`, `${value}-`, "", "yes", "$(x)", "$a"]);
    }),
    { numRuns: 30 },
  );
});

test("signs are taken out of the error output however it is cut into pieces, and nothing else is", () => {
  const sign = (word: string): string => `${signPrefix(KEY)}${word}\n`;
  const piece = fc.oneof(text, fc.constantFrom("\u001ezr:", "\u001ezr:0123", signPrefix("ffff")));
  fc.assert(
    fc.property(piece, piece, piece, fc.array(fc.nat(400)), (before, during, after, cuts) => {
      const bytes = Buffer.from(`${before}${sign("started")}${during}${sign("ended")}${after}`);
      const signs = new RemoteSigns(KEY);
      const output: Uint8Array[] = [];
      const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      for (const [index, end] of at.slice(1).entries())
        output.push(signs.push(bytes.subarray(at[index], end)).slice());
      output.push(signs.end());
      expect(Buffer.concat(output).toString()).toBe(`${before}${during}${after}`);
      expect([signs.has("started"), signs.has("ended"), signs.has("folder")]).toEqual([true, true, false]);
    }),
  );
});
