import { parseDotenv } from "#engine/env/dotenv";
import { entriesBehind, lackingEntries } from "#engine/env/merge-dotenv";
import { pathExists } from "#system/fs/path-exists";
import { isLink } from "#system/fs/kept-files";
import { readText } from "#system/fs/read-text";

/** Names under which examples of a `.env` file are kept; the first that is there counts. */
const EXAMPLE_NAMES = [".env.example", ".env.sample", ".env.template", ".env.dist"] as const;

/** A folder with an example, and what its `.env` lacks of it. */
export interface DotenvGap {
  readonly dir: string;
  /** Name of the example. */
  readonly example: string;
  /** Whether there is a `.env`. */
  readonly isThere: boolean;
  /** Names of the example that are neither in it nor set otherwise. */
  readonly missing: readonly string[];
  /** Names whose value is empty, in the example as in the `.env`. */
  readonly empty: readonly string[];
  /** What `.env` has to be so that it is complete; as it is where nothing is missing. */
  readonly text: string;
  /** The end of that text, which goes behind the bytes that are there. */
  readonly added: string;
}

/** How a folder's `.env` compares with its example; undefined where it has none, or it can't be read. */
export async function dotenvGap(
  dir: string,
  env: Readonly<Record<string, string>>,
): Promise<DotenvGap | undefined> {
  const found = await findExample(dir);
  if (found === undefined) return undefined;
  const { example, text } = found;
  const path = `${dir}/.env`;
  const own = await readText(path);
  if (own.kind === "text") return { dir, example, isThere: true, ...completed(text, own.text, env) };
  // What is there and can't be read is not to be written over, be it a link to what is not there now.
  if ((await pathExists(path)) || (await isLink(path))) return undefined;
  const missing = [...new Set(parseDotenv(text).entries.map(({ name }) => name))];
  return { dir, example, isThere: false, missing, empty: emptyOf(text, env), text, added: text };
}

/** The example of a folder. */
export async function findExample(
  dir: string,
): Promise<{ readonly example: string; readonly text: string } | undefined> {
  for (const example of EXAMPLE_NAMES) {
    const read = await readText(`${dir}/${example}`);
    if (read.kind === "text") return { example, text: read.text };
  }
  return undefined;
}

/**
 * A `.env` with the entries of an example that it lacks at its end, each with the comment above it. What it has stays as
 * it is, to the byte.
 */
export function completed(
  example: string,
  own: string,
  env: Readonly<Record<string, string>>,
): Pick<DotenvGap, "missing" | "empty" | "text" | "added"> {
  const lacking = lackingEntries(own, example).filter(({ name }) => (env[name] ?? "") === "");
  const added = entriesBehind(own, example, lacking);
  const text = own + added;
  const empty = new Set(emptyOf(example, env));
  return {
    missing: [...new Set(lacking.map(({ name }) => name))],
    empty: emptyOf(text, env).filter((name) => empty.has(name)),
    text,
    added,
  };
}

function emptyOf(text: string, env: Readonly<Record<string, string>>): readonly string[] {
  const values = new Map(parseDotenv(text).entries.map(({ name, value }) => [name, value]));
  return [...values].flatMap(([name, value]) => (value === "" && (env[name] ?? "") === "" ? [name] : []));
}
