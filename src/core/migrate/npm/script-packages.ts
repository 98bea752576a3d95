import { dirname, isInside, relativeTo, resolveFrom } from "#base/path";
import { err, ok, type Result } from "#base/result";
import type { Diagnostic } from "#base/diagnostic";
import type { SourceReader } from "#core/migrate/conversion";
import type { SourcePlace } from "#core/migrate/conversion-report";
import { readJsonSource, type JsonSource } from "#core/migrate/json-source";
import { isTable, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { LOCK_FILES, packageManagerOf, type PackageManager } from "#core/model/package-manager";
import { readYamlSource } from "#core/migrate/yaml-source";

/** A package.json as far as its scripts go. */
export interface ScriptPackage {
  /** Path of its folder from the root; `.` for the root. */
  readonly path: string;
  /** As zr calls the package. */
  readonly name: string;
  readonly source: JsonSource;
  /** Texts of the scripts, in their order. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Names of packages among the repository's that it depends on, itself not. */
  readonly needs: readonly string[];
}

/** The packages of a repository. */
export interface ScriptPackages {
  readonly root: ScriptPackage;
  readonly members: readonly ScriptPackage[];
  readonly manager: PackageManager;
  /** Lock files at the root. */
  readonly locks: readonly string[];
}

/**
 * Reads the package.json of a folder and those of the workspace that it lists. Without one there are problems: E480, or
 * E481 where it can't be read. A member that can't be read is passed over and told by `unreadable`.
 */
export async function readScriptPackages(
  folder: string,
  reader: SourceReader,
  unreadable: (place: SourcePlace, reason: string) => void,
): Promise<Result<ScriptPackages, readonly Diagnostic[]>> {
  const path = `${folder}/package.json`;
  const read = await reader.readText(path);
  if (read.kind !== "text") {
    if (read.kind === "unreadable") return problem("E481", { path, reason: read.reason });
    return problem("E480", { what: "package.json", path: folder });
  }
  const source = readJsonSource(read.text, "package.json");
  if (!source.ok) return problem("E481", { path, reason: source.error });
  const members: { readonly path: string; readonly source: JsonSource }[] = [];
  for (const dir of await memberFolders(folder, source.value, reader)) {
    const file = `${relativeTo(folder, dir)}/package.json`;
    const text = await reader.readText(`${dir}/package.json`);
    if (text.kind !== "text") continue;
    const member = readJsonSource(text.text, file);
    if (member.ok) members.push({ path: relativeTo(folder, dir), source: member.value });
    else unreadable({ file, line: 1 }, member.error);
  }
  const names = new Set(members.flatMap((member) => textAt(member.source.value, "name") ?? []));
  const root = packageOf(".", source.value, names);
  const locks = await filesIn(
    folder,
    LOCK_FILES.map(([name]) => name),
    reader,
  );
  return ok({
    root,
    members: members.map((member) => packageOf(member.path, member.source, names)),
    manager:
      packageManagerOf(textAt(source.value, "packageManager"), (name) => locks.includes(name)) ?? "npm",
    locks,
  });
}

const problem = (code: string, data: Diagnostic["data"]): Result<never, readonly Diagnostic[]> =>
  err([{ code, severity: "error", data }]);

async function filesIn(
  folder: string,
  names: readonly string[],
  reader: SourceReader,
): Promise<readonly string[]> {
  const there = await Promise.all(
    names.map(async (name) =>
      (await reader.readText(`${folder}/${name}`)).kind === "missing" ? [] : [name],
    ),
  );
  return there.flat();
}

/** Folders of the members, absolute, in the order in which they are listed. */
async function memberFolders(
  folder: string,
  root: JsonSource,
  reader: SourceReader,
): Promise<readonly string[]> {
  const listed = valueAt(root.value, "workspaces");
  const own = isTable(listed) ? textOrTextsAt(listed, "packages") : textOrTextsAt(root.value, "workspaces");
  const pnpm = await reader.readText(`${folder}/pnpm-workspace.yaml`);
  const yaml = pnpm.kind === "text" ? await readYamlSource(pnpm.text, "pnpm-workspace.yaml") : undefined;
  const globs = [...own, ...(yaml?.ok === true ? textOrTextsAt(yaml.value.value, "packages") : [])];
  const found = async (glob: string): Promise<readonly string[]> => {
    const clean = glob.replace(/^\.\//, "").replace(/\/+$/, "");
    if (clean === "" || clean === "." || clean.startsWith("..") || clean.startsWith("/")) return [];
    if (!/[*?[{]/.test(clean)) return [resolveFrom(folder, clean)];
    const paths = await reader.glob(`${clean}/package.json`, folder);
    return paths.filter((one) => !one.includes("/node_modules/")).map(dirname);
  };
  const folders = new Set<string>();
  for (const glob of globs)
    if (!glob.startsWith("!"))
      for (const dir of await found(glob)) if (dir !== folder && isInside(folder, dir)) folders.add(dir);
  for (const glob of globs)
    if (glob.startsWith("!")) for (const dir of await found(glob.slice(1))) folders.delete(dir);
  return [...folders];
}

const KINDS = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

function packageOf(path: string, source: JsonSource, names: ReadonlySet<string>): ScriptPackage {
  const name = textAt(source.value, "name") ?? (path === "." ? "" : path);
  const scripts = new Map<string, string>();
  for (const [script, text] of Object.entries(tableAt(source.value, "scripts")))
    if (typeof text === "string" && text.trim() !== "") scripts.set(script, text);
  const needs = KINDS.flatMap((kind) => Object.keys(tableAt(source.value, kind)));
  return {
    path,
    name,
    source,
    scripts,
    needs: [...new Set(needs)].filter((on) => names.has(on) && on !== name),
  };
}

/** The words by which a package manager runs a script; words behind them go to the script. */
export function runScriptWords(manager: PackageManager, script: string): readonly string[] {
  switch (manager) {
    case "npm":
      return ["npm", "run", "--silent", script, "--"];
    case "pnpm":
      return ["pnpm", "--silent", "run", script];
    case "yarn":
      return ["yarn", "run", script];
    case "bun":
      return ["bun", "run", "--silent", script];
  }
}
