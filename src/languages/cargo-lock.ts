import type { LockFormat, LockNode } from "./lock-graph";
import { isTable, textAt, textsAt } from "#base/value-at";
import type { Table } from "#base/value-at";

/** `Cargo.lock`: a list of packages; those without a source are members, named as in their `Cargo.toml`. */
export const cargoLock: LockFormat = {
  names: ["Cargo.lock"],
  manifest: "Cargo.toml",
  read: (text, members) => {
    const lock = parse(text);
    const packages = lock?.["package"];
    if (lock === undefined || !Array.isArray(packages)) return undefined;
    const crates: readonly Table[] = packages.filter(isTable);
    const find = finder(crates);
    const nodes = new Map<string, LockNode>();
    const own = new Map<string, readonly string[]>();
    for (const crate of crates) {
      const needs = textsAt(crate, "dependencies").flatMap((words) => find(words));
      if (textAt(crate, "source") === undefined) own.set(textAt(crate, "name") ?? "", needs);
      else nodes.set(keyOf(crate), { identity: textAt(crate, "checksum") ?? "", needs });
    }
    const { package: _packages, version, ...settings } = lock;
    return {
      settings: JSON.stringify([version, settings]),
      nodes,
      members: new Map(
        members.flatMap(({ path, manifest }) => {
          const name = manifest === undefined ? undefined : textAt(parse(manifest), "package", "name");
          const needs = name === undefined ? undefined : own.get(name);
          return needs === undefined ? [] : [[path, needs] as const];
        }),
      ),
    };
  },
};

const keyOf = (crate: Table): string =>
  `${textAt(crate, "name")} ${textAt(crate, "version")} ${textAt(crate, "source")}`;

/** `name`, `name version` or `name version (source)`: as much as it takes to mean one. Members are left out. */
function finder(crates: readonly Table[]): (words: string) => readonly string[] {
  const byName = Map.groupBy(crates, (crate) => textAt(crate, "name") ?? "");
  return (words) => {
    const [, name = "", version, source] = /^(\S+)(?: (\S+))?(?: \((.*)\))?$/.exec(words) ?? [];
    return (byName.get(name) ?? [])
      .filter((crate) => version === undefined || textAt(crate, "version") === version)
      .filter((crate) => source === undefined || textAt(crate, "source") === source)
      .filter((crate) => textAt(crate, "source") !== undefined)
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
