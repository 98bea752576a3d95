import type { LockFormat, LockGraph, LockMember, LockNode } from "./lock-graph";
import { isTable, tableAt, textAt } from "#base/value-at";
import type { Table } from "#base/value-at";
import { jsonTableOf } from "#base/json-of";

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

/** `yarn.lock`: entries by `name@range`. Members are not in it (or only as such), so that their manifests are read. */
export const yarnLock: LockFormat = {
  names: ["yarn.lock"],
  manifest: "package.json",
  read: (text, members) => {
    const entries = text.includes("__metadata:") ? berryEntries(text) : classicEntries(text);
    if (entries === undefined) return undefined;
    return graphOf(entries, members);
  },
};

interface Entry {
  readonly ranges: readonly string[];
  readonly identity: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly isMember: boolean;
}

interface Entries {
  readonly settings: string;
  readonly list: readonly Entry[];
}

function graphOf({ settings, list }: Entries, members: readonly LockMember[]): LockGraph {
  // A package is named by the first of its ranges in order, whatever order the file has them in.
  const byRange = new Map<string, Entry>();
  for (const entry of list) for (const range of entry.ranges) byRange.set(range, entry);
  const keyOf = (entry: Entry): string => `${entry.identity}\0${[...entry.ranges].sort()[0] ?? ""}`;
  const needs = (dependencies: Table | Readonly<Record<string, string>>): string[] =>
    Object.entries(dependencies).flatMap(([name, range]) => {
      if (typeof range !== "string") return [];
      const entry = byRange.get(`${name}@${range}`) ?? byRange.get(`${name}@npm:${range}`);
      return entry === undefined || entry.isMember ? [] : [keyOf(entry)];
    });
  const nodes = new Map<string, LockNode>();
  for (const entry of list)
    if (!entry.isMember)
      nodes.set(keyOf(entry), { identity: entry.identity, needs: needs(entry.dependencies) });
  return {
    settings,
    nodes,
    members: new Map(
      members.flatMap(({ path, manifest }) => {
        const table = manifest === undefined ? undefined : jsonTableOf(manifest);
        return table === undefined
          ? []
          : [[path, KINDS.flatMap((kind) => needs(tableAt(table, kind)))] as const];
      }),
    ),
  };
}

/** Yarn from version 2 on writes YAML. */
function berryEntries(text: string): Entries | undefined {
  let value: unknown;
  try {
    value = Bun.YAML.parse(text);
  } catch {
    return undefined;
  }
  if (!isTable(value)) return undefined;
  const { __metadata: metadata, ...entries } = value;
  return {
    settings: JSON.stringify(metadata),
    list: Object.entries(entries).map(([ranges, facts]) => {
      const resolution = textAt(facts, "resolution") ?? "";
      return {
        ranges: ranges.split(/,\s*/),
        identity: JSON.stringify([resolution, textAt(facts, "checksum")]),
        dependencies: textsOf(tableAt(facts, "dependencies")),
        isMember: resolution.includes("@workspace:"),
      };
    }),
  };
}

const textsOf = (table: Table): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(table).map(([name, range]) => [name, String(range)]));

/** Version 1 has a form of its own: headers of ranges, below them indented `key value` pairs and `dependencies:`. */
function classicEntries(text: string): Entries | undefined {
  const list: Entry[] = [];
  for (const block of text.split(/\r?\n(?=\S)/)) {
    const lines = block.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
    const [header, ...body] = lines;
    if (header === undefined) continue;
    if (!header.endsWith(":")) return undefined;
    const dependencies: Record<string, string> = {};
    const facts: string[] = [];
    let isInside = false;
    for (const line of body) {
      const [key, value] = pairOf(line.trim());
      if (key.endsWith(":") && value === "") isInside = /^(?:optionalD|d)ependencies:$/.test(key);
      else if (/^ {4}/.test(line)) {
        if (isInside) dependencies[key] = value;
      } else {
        isInside = false;
        if (["version", "resolved", "integrity"].includes(key)) facts.push(value);
      }
    }
    const ranges = header.slice(0, -1).split(/,\s*/).map(unquoted);
    list.push({ ranges, identity: JSON.stringify(facts), dependencies, isMember: false });
  }
  return { settings: "1", list };
}

function pairOf(line: string): readonly [string, string] {
  const match = /^("[^"]*"|\S+)(?:\s+(.*))?$/.exec(line);
  return [unquoted(match?.[1] ?? ""), unquoted(match?.[2] ?? "")];
}

const unquoted = (text: string): string => text.replace(/^"([^]*)"$/, "$1");
