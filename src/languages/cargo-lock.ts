import type { LockFormat, LockNode } from "./lock-graph";
import { isTable, textAt, textsAt } from "#base/value-at";
import type { Table } from "#base/value-at";

/**
 * `Cargo.lock`: a list of packages. Those without a source lie in folders: members, named as in their `Cargo.toml`, and
 * others that a path leads to or that take the place of one of a registry.
 */
export const cargoLock: LockFormat = {
  names: ["Cargo.lock"],
  manifest: "Cargo.toml",
  read: (text, members) => {
    const lock = parse(text);
    const packages = lock?.["package"];
    if (lock === undefined || !Array.isArray(packages)) return undefined;
    const crates: readonly Table[] = packages.filter(isTable);
    const memberNames = new Set(members.map(({ manifest }) => packageName(manifest)));
    const isMember = (crate: Table): boolean =>
      textAt(crate, "source") === undefined && memberNames.has(textAt(crate, "name"));
    const find = finder(crates, isMember);
    const nodes = new Map<string, LockNode>();
    const own = new Map<string, readonly string[]>();
    for (const crate of crates) {
      const needs = textsAt(crate, "dependencies").flatMap((words) => find(words));
      // A member may have its version from the workspace, and programs are told it.
      if (isMember(crate)) own.set(textAt(crate, "name") ?? "", [...needs, keyOf(crate)]);
      else nodes.set(keyOf(crate), { identity: textAt(crate, "checksum") ?? "", needs });
    }
    const { package: _packages, version, ...settings } = lock;
    return {
      settings: JSON.stringify([version, settings]),
      nodes,
      members: new Map(
        members.flatMap(({ path, manifest }) => {
          const name = packageName(manifest);
          const needs = name === undefined ? undefined : own.get(name);
          return needs === undefined ? [] : [[path, needs] as const];
        }),
      ),
    };
  },
};

const packageName = (manifest: string | undefined): string | undefined =>
  manifest === undefined ? undefined : textAt(parse(manifest), "package", "name");

const keyOf = (crate: Table): string =>
  `${textAt(crate, "name")} ${textAt(crate, "version")} ${textAt(crate, "source")}`;

/** `name`, `name version` or `name version (source)`: as much as it takes to mean one. Members are left out. */
function finder(
  crates: readonly Table[],
  isMember: (crate: Table) => boolean,
): (words: string) => readonly string[] {
  const byName = Map.groupBy(crates, (crate) => textAt(crate, "name") ?? "");
  return (words) => {
    const [, name = "", version, source] = /^(\S+)(?: (\S+))?(?: \((.*)\))?$/.exec(words) ?? [];
    return (byName.get(name) ?? [])
      .filter((crate) => version === undefined || textAt(crate, "version") === version)
      .filter((crate) => source === undefined || textAt(crate, "source") === source)
      .filter((crate) => !isMember(crate))
      .map(keyOf);
  };
}

function parse(text: string): Table | undefined {
  try {
    const value: unknown = Bun.TOML.parse(text);
    return isTable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
