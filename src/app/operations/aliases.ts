import type { Diagnostic } from "#base/diagnostic";
import { basename, dirname, resolveFrom } from "#base/path";
import { err, ok, type Result } from "#base/result";
import { suggest } from "#base/suggest";
import { CONFIG_NAME } from "#core/config/load";
import { type EditFailure, setValue } from "#core/config/toml/edit";
import { readValues } from "#core/config/toml/read-values";
import { removeKey } from "#core/config/toml/remove";
import { syntaxDiagnostic } from "#core/config/toml/syntax-error";
import { isTomlTable } from "#core/config/toml/values";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";
import { nearestConfig } from "./format";

/** Where aliases are looked for. */
export interface AliasPlace {
  /** Absolute. */
  readonly cwd: string;
  /** The file that stands for the nearest zr.toml. */
  readonly configPath?: string;
}

export interface Alias {
  readonly name: string;
  /** The words it stands for, as a line. */
  readonly expansion: string;
  /** The file that defines it, absolute. */
  readonly file: string;
}

/** Problems, with the text of the file that they point into. */
export interface AliasProblem {
  readonly problem: Diagnostic;
  readonly texts: ReadonlyMap<string, string>;
}

/** The aliases of the nearest zr.toml and of zr.local.toml beside it, which wins; in the order of their names. */
export async function listAliases(place: AliasPlace): Promise<Result<readonly Alias[], AliasProblem>> {
  const main = await openConfig(place);
  if (!main.ok) return main;
  const found = new Map(aliasesOf(main.value).map((alias) => [alias.name, alias]));
  if (basename(main.value.path) === CONFIG_NAME) {
    const path = `${dirname(main.value.path)}/zr.local.toml`;
    const local = await readText(path);
    if (local.kind === "text") {
      for (const alias of aliasesOf({ path, text: local.text })) found.set(alias.name, alias);
    }
  }
  return ok([...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1)));
}

/**
 * Writes an alias to the nearest zr.toml, keeping all else of the file.
 *
 * @param alias its name and the words it stands for.
 * @param commands names that no alias may take (E141).
 * @returns the file that was changed.
 */
export async function setAlias(
  place: AliasPlace,
  alias: { readonly name: string; readonly expansion: string },
  commands: readonly string[],
): Promise<Result<string, AliasProblem>> {
  const { name, expansion } = alias;
  if (commands.includes(name)) return failed("E141", { name });
  if (!/^[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(name)) {
    return failed("E117", {
      name: JSON.stringify(name),
      where: "[alias]",
      expected: "no blanks, and no dash in front",
    });
  }
  const main = await openConfig(place);
  if (!main.ok) return main;
  // A JSON string with these few escapes is a basic string of TOML.
  const value = JSON.stringify(expansion.toWellFormed()).replaceAll("\u007f", "\\u007f");
  return write(main.value, setValue(main.value.text, ["alias", name], value));
}

/** Takes an alias out of the nearest zr.toml; E192 where it is not there. Returns the changed file. */
export async function removeAlias(place: AliasPlace, name: string): Promise<Result<string, AliasProblem>> {
  const main = await openConfig(place);
  if (!main.ok) return main;
  const removed = removeKey(main.value.text, ["alias", name]);
  if (!removed.ok) return write(main.value, removed);
  if (removed.value !== undefined) return write(main.value, ok(removed.value));
  const known = aliasesOf(main.value).map((alias) => alias.name);
  const suggestions = suggest(name, known);
  return failed("E192", { name }, suggestions);
}

interface OpenConfig {
  readonly path: string;
  readonly text: string;
}

async function openConfig(place: AliasPlace): Promise<Result<OpenConfig, AliasProblem>> {
  const path =
    place.configPath === undefined
      ? await nearestConfig(place.cwd)
      : resolveFrom(place.cwd, place.configPath);
  if (path === undefined) return failed("E152", { cwd: place.cwd });
  const read = await readText(path);
  if (read.kind === "missing") return failed("E155", { path });
  if (read.kind === "folder") return failed("E151", { path });
  if (read.kind === "unreadable") return failed("E150", { path, reason: read.reason });
  const values = readValues(read.text);
  if (values.ok) return ok({ path, text: read.text });
  return err({
    problem: syntaxDiagnostic({ file: path, text: read.text }, values.error),
    texts: new Map([[path, read.text]]),
  });
}

function aliasesOf({ path, text }: OpenConfig): Alias[] {
  const values = readValues(text);
  const table = values.ok ? values.value["alias"] : undefined;
  if (!isTomlTable(table)) return [];
  return Object.entries(table).flatMap(([name, expansion]) =>
    typeof expansion === "string" ? [{ name, expansion, file: path }] : [],
  );
}

async function write(
  config: OpenConfig,
  edited: Result<string, EditFailure>,
): Promise<Result<string, AliasProblem>> {
  if (!edited.ok) {
    const { error } = edited;
    return failed("E191", {
      path: config.path,
      reason: error.kind === "not-possible" ? error.reason : "it is not valid TOML",
    });
  }
  const written = await writeFileAtomically(config.path, edited.value);
  return written.ok ? ok(config.path) : failed("E190", { path: config.path, reason: written.error });
}

function failed(
  code: string,
  data: Diagnostic["data"],
  suggestions: readonly string[] = [],
): Result<never, AliasProblem> {
  return err({
    problem: { code, severity: "error", data, ...(suggestions.length > 0 ? { suggestions } : {}) },
    texts: new Map(),
  });
}
