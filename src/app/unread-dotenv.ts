import type { Diagnostic } from "#base/diagnostic";
import { dirname, resolveFrom } from "#base/path";
import { readText } from "#system/fs/read-text";

const DOTENV = ".env";

/**
 * Variables that are said to be missing, E338, and stand in a `.env` beside the file that asks for them: it is not read
 * then, and the hint says how it is. Only names are looked at.
 */
export async function withDotenvHints(problems: readonly Diagnostic[]): Promise<readonly Diagnostic[]> {
  const hinted: Diagnostic[] = [];
  for (const problem of problems) {
    const { code, data, place } = problem;
    const isUnset = code === "E338" && data["state"] === "unset" && place !== undefined;
    hinted.push(
      isUnset && (await assigns(resolveFrom(dirname(place.file), DOTENV), String(data["name"])))
        ? { ...problem, hint: `it is in ${DOTENV}, which is read with dotenv = true below [global]` }
        : problem,
    );
  }
  return hinted;
}

async function assigns(path: string, name: string): Promise<boolean> {
  const read = await readText(path);
  if (read.kind !== "text") return false;
  return read.text
    .split(/\r?\n/)
    .some((line) => /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=/.exec(line)?.[1] === name);
}
