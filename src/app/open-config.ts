import type { LoadOptions } from "./load-workspace";
import { refused, type Problems } from "./problems";
import { ancestors, resolveFrom } from "#base/path";
import { err, ok, type Result } from "#base/result";
import { CONFIG_NAME } from "#core/config/config-names";
import { readValues } from "#core/config/toml/read-values";
import { syntaxDiagnostic } from "#core/config/toml/syntax-error";
import { readBytes } from "#system/fs/read-bytes";
import { readText } from "#system/fs/read-text";

/** A configuration file as it is. */
export interface OpenConfig {
  readonly path: string;
  readonly text: string;
}

/** Where a configuration file is looked for. */
export type ConfigPlace = Pick<LoadOptions, "cwd" | "configPath">;

/** The zr.toml of the folder, or of the nearest one above that has one. */
export async function nearestConfig(cwd: string): Promise<string | undefined> {
  for (const folder of ancestors(cwd)) {
    const path = resolveFrom(folder, CONFIG_NAME);
    if ((await readText(path)).kind !== "missing") return path;
  }
  return undefined;
}

/** The file that `--config` names, or the nearest zr.toml. */
export const configPathOf = async ({ cwd, configPath }: ConfigPlace): Promise<string | undefined> =>
  configPath === undefined ? nearestConfig(cwd) : resolveFrom(cwd, configPath);

/** The same file with its text; one that is no TOML is a problem. */
export async function openConfig(place: ConfigPlace): Promise<Result<OpenConfig, Problems>> {
  const path = await configPathOf(place);
  if (path === undefined) return refused("E152", { cwd: place.cwd });
  return readConfig(path);
}

/** The file at a path. */
export async function readConfig(path: string): Promise<Result<OpenConfig, Problems>> {
  const read = await readText(path);
  if (read.kind === "missing") return refused("E155", { path });
  if (read.kind === "folder") return refused("E151", { path });
  if (read.kind === "unreadable") return refused("E150", { path, reason: read.reason });
  // What is no UTF-8 would be written back as something else.
  const values = read.isUtf8 === false ? err({ kind: "encoding" } as const) : readValues(read.text);
  if (values.ok) return ok({ path, text: (await hasMark(path)) ? `\ufeff${read.text}` : read.text });
  return err({
    diagnostics: [syntaxDiagnostic({ file: path, text: read.text }, values.error)],
    unread: [],
    texts: new Map([[path, read.text]]),
  });
}

/** Whether a file begins with a byte order mark, which is not in the text that is read. */
async function hasMark(path: string): Promise<boolean> {
  const [first, second, third] = await readBytes(path);
  return first === 0xef && second === 0xbb && third === 0xbf;
}
