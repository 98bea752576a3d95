import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "bun:test";
import { dedent } from "./dedent";

const GOLDEN_FOLDER = join(import.meta.dir, "..", "golden");

/** An expected text written in the test itself: the block without its indentation. */
export function golden(parts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return dedent(String.raw({ raw: parts }, ...values));
}

/**
 * Compares text with the file of that name under `tests/golden/`, e.g. `help/run.txt`.
 *
 * With `UPDATE_GOLDEN=1` the file is written instead, except where `CI` is set: a golden
 * changes only by somebody's decision.
 */
export function expectGolden(name: string, text: string, options: { readonly folder?: string } = {}): void {
  const path = join(options.folder ?? GOLDEN_FOLDER, name);
  if (mayUpdate(process.env)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const expected = readGolden(path);
  if (expected === undefined) {
    throw new Error(`there is no golden ${path}; UPDATE_GOLDEN=1 would write:\n${text}`);
  }
  expect(text).toBe(expected);
}

function mayUpdate(env: Readonly<Record<string, string | undefined>>): boolean {
  const inCi = (env["CI"] ?? "") !== "" && env["CI"] !== "false";
  return env["UPDATE_GOLDEN"] === "1" && !inCi;
}

function readGolden(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
