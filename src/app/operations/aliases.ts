import { basename, dirname } from "#base/path";
import { ok, type Result } from "#base/result";
import { suggest } from "#base/suggest";
import { CONFIG_NAME } from "#core/config/config-names";
import { type EditFailure, setValue } from "#core/config/toml/edit";
import { readValues } from "#core/config/toml/read-values";
import { removeKey } from "#core/config/toml/remove";
import { isTomlTable } from "#core/config/toml/values";
import { readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";
import { openConfig, type OpenConfig } from "#app/open-config";
import { asOnlyEditor } from "#app/scaffold/one-editor";
import { refused, type Problems } from "#app/problems";

/** Where aliases are looked for. */
export interface AliasPlace {
  /** Absolute. */
  readonly cwd: string;
  /** The file that stands for the nearest zr.toml. */
  readonly configPath?: string;
  /** Look whether a change is possible, and write nothing. */
  readonly isDry?: boolean;
}

export interface Alias {
  readonly name: string;
  /** The words it stands for, as a line. */
  readonly expansion: string;
  /** The file that defines it, absolute. */
  readonly file: string;
}

/** The aliases of the nearest zr.toml and of zr.local.toml beside it, which wins; in the order of their names. */
export async function listAliases(place: AliasPlace): Promise<Result<readonly Alias[], Problems>> {
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
): Promise<Result<string, Problems>> {
  const { name, expansion } = alias;
  if (commands.includes(name)) return refused("E141", { name });
  if (!/^[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(name)) {
    return refused("E117", {
      name: JSON.stringify(name),
      where: "[alias]",
      expected: "no blanks, and no dash in front",
    });
  }
  // A JSON string with these few escapes is a basic string of TOML.
  const value = JSON.stringify(expansion.toWellFormed()).replaceAll("\u007f", "\\u007f");
  return alone(place, async () => {
    const main = await openConfig(place);
    if (!main.ok) return main;
    return write(place, main.value, setValue(main.value.text, ["alias", name], value));
  });
}

/** Takes an alias out of the nearest zr.toml; E192 where it is not there. Returns the changed file. */
export const removeAlias = (place: AliasPlace, name: string): Promise<Result<string, Problems>> =>
  alone(place, () => removed(place, name));

async function removed(place: AliasPlace, name: string): Promise<Result<string, Problems>> {
  const main = await openConfig(place);
  if (!main.ok) return main;
  const edited = removeKey(main.value.text, ["alias", name]);
  if (!edited.ok) return write(place, main.value, edited);
  if (edited.value !== undefined) return write(place, main.value, ok(edited.value));
  const known = aliasesOf(main.value).map((alias) => alias.name);
  const suggestions = suggest(name, known);
  return refused("E192", { name }, suggestions);
}

function aliasesOf({ path, text }: OpenConfig): Alias[] {
  const values = readValues(text);
  const table = values.ok ? values.value["alias"] : undefined;
  if (!isTomlTable(table)) return [];
  return Object.entries(table).flatMap(([name, expansion]) =>
    typeof expansion === "string" ? [{ name, expansion, file: path }] : [],
  );
}

const alone = <T>({ isDry }: AliasPlace, work: () => Promise<T>): Promise<T> =>
  isDry === true ? work() : asOnlyEditor(work);

async function write(
  { isDry }: AliasPlace,
  config: OpenConfig,
  edited: Result<string, EditFailure>,
): Promise<Result<string, Problems>> {
  if (!edited.ok) {
    const { error } = edited;
    return refused("E191", {
      path: config.path,
      reason: error.kind === "not-possible" ? error.reason : "it is not valid TOML",
    });
  }
  if (isDry === true) return ok(config.path);
  const written = await writeFileAtomically(config.path, edited.value);
  return written.ok ? ok(config.path) : refused("E190", { path: config.path, reason: written.error });
}
