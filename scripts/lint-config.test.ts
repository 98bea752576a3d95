import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot, runCommand } from "./project";

const cases: readonly (readonly [rule: string, text: string])[] = [
  ["typescript(no-explicit-any)", "export function f(x: any): unknown {\n  return x;\n}\n"],
  ["typescript(no-non-null-assertion)", "export const f = (x: string | null): string => x!;\n"],
  ["import(no-default-export)", "export default 1;\n"],
  ["eslint(max-params)", "export const f = (a: 1, b: 1, c: 1, d: 1): number => a + b + c + d;\n"],
  ["eslint(eqeqeq)", "export const f = (a: unknown): boolean => a == 1;\n"],
];

test("the linter refuses what its rules name and accepts a clean file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "zr-lint-"));
  try {
    const lint = async (text: string) => {
      await Bun.write(join(folder, "x.ts"), text);
      const config = join(projectRoot, ".oxlintrc.json");
      const oxlint = join(projectRoot, "node_modules/oxlint/bin/oxlint");
      return await runCommand([process.execPath, oxlint, "-c", config, "--format=unix", "x.ts"], {
        cwd: folder,
      });
    };
    for (const [rule, text] of cases) {
      const { exitCode, stdout } = await lint(text);
      expect({ exitCode, isNamed: stdout.includes(rule) }).toEqual({ exitCode: 1, isNamed: true });
    }
    expect((await lint("export const clean = 1;\n")).exitCode).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
