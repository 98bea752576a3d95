import { bunLock } from "./bun-lock";
import { cargoLock } from "./cargo-lock";
import type { LockFormat, LockGraph, LockMember } from "./lock-graph";
import { isTable, textAt } from "#base/value-at";
import { jsonTableOf } from "#base/json-of";
import { npmLock } from "./npm-lock";
import { pnpmLock, pnpmLockStart } from "./pnpm-lock";
import { yarnLock } from "./yarn-lock";

/** The packages of a workspace, with their manifests. */
export interface PrunedMembers {
  readonly kept: readonly LockMember[];
  readonly gone: readonly LockMember[];
}

/**
 * A lock file without what only the packages that are gone need. `whole` where it can't be cut for certain; undefined for
 * a file that is no lock file.
 */
export function pruneLock(name: string, text: string, members: PrunedMembers): string | "whole" | undefined {
  const cutters: readonly (readonly [LockFormat, (cut: Cut) => string | undefined])[] = [
    [npmLock, cutNpm],
    [bunLock, cutBun],
    [pnpmLock, cutPnpm],
    [cargoLock, cutCargo],
  ];
  if (yarnLock.names.includes(name) || name === "bun.lockb") return "whole";
  const found = cutters.find(([format]) => format.names.includes(name));
  if (found === undefined) return undefined;
  const [format, cut] = found;
  const graph = format.read(text, [...members.kept, ...members.gone]);
  if (graph === undefined) return "whole";
  const gone = new Set(members.gone.map(({ path }) => path));
  return cut({ text, graph, members, gone, needed: reachable(graph, gone) }) ?? "whole";
}

interface Cut {
  readonly text: string;
  readonly graph: LockGraph;
  readonly members: PrunedMembers;
  /** Paths of the members that are gone. */
  readonly gone: ReadonlySet<string>;
  /** Keys of the packages that the others need. */
  readonly needed: ReadonlySet<string>;
}

function reachable({ nodes, members }: LockGraph, gone: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set([...members].flatMap(([path, needs]) => (gone.has(path) ? [] : needs)));
  // What is added on the way is looked at too.
  for (const key of found) for (const need of nodes.get(key)?.needs ?? []) found.add(need);
  return found;
}

function cutNpm({ text, gone, needed, graph }: Cut): string | undefined {
  const lock = jsonTableOf(text);
  const packages = lock?.["packages"];
  if (lock === undefined || !isTable(packages)) return undefined;
  const kept = Object.entries(packages).filter(([place, value]) => {
    if (isTable(value) && value["link"] === true) return !gone.has(textAt(value, "resolved") ?? "");
    return !gone.has(place) && (!graph.nodes.has(place) || needed.has(place));
  });
  const { dependencies: _old, ...rest } = lock;
  return `${JSON.stringify({ ...rest, packages: Object.fromEntries(kept) }, undefined, 2)}\n`;
}

/** Its writer puts each package on a line of its own and each member in a block, so that lines can be left out. */
function cutBun({ text, gone, needed, graph }: Cut): string | undefined {
  const kept: string[] = [];
  let isSkipping = false;
  for (const line of text.split("\n")) {
    const member = /^ {4}"([^"]*)": \{$/.exec(line)?.[1];
    if (member !== undefined && gone.has(member)) isSkipping = true;
    const entry = /^ {4}("(?:[^"\\]|\\.)*"): \[(?:"(?:[^"\\]|\\.)*@workspace:([^"]*)")?/.exec(line);
    const key = entry?.[1] === undefined ? undefined : String(JSON.parse(entry[1]));
    const isGone =
      (entry?.[2] !== undefined && gone.has(entry[2])) ||
      (key !== undefined && graph.nodes.has(key) && !needed.has(key));
    if (!isSkipping && !isGone) kept.push(line);
    if (isSkipping && /^ {4}\},?$/.test(line)) isSkipping = false;
  }
  return kept.join("\n").replaceAll(/\n{3,}/g, "\n\n");
}

/** Keys of two spaces below `importers:`, `packages:` and `snapshots:` head what belongs to them. */
function cutPnpm({ text, gone, needed, graph }: Cut): string | undefined {
  const kept: string[] = [];
  const versions = new Set(
    [...needed].map((key) => (key.includes("(") ? key.slice(0, key.indexOf("(")) : key)),
  );
  let section = "";
  let isGone = false;
  const start = pnpmLockStart(text);
  for (const line of text.slice(start).split("\n")) {
    const top = /^(\w+):/.exec(line)?.[1];
    if (top !== undefined) [section, isGone] = [top, false];
    const key = /^ {2}(?! )('(?:[^']|'')*'|[^:]+(?::[^ :]+)*):/.exec(line)?.[1]?.replace(/^'(.*)'$/, "$1");
    if (key !== undefined) {
      if (section === "importers") isGone = gone.has(key);
      else if (section === "snapshots") isGone = graph.nodes.has(key) && !needed.has(key);
      else if (section === "packages") isGone = !needed.has(key) && !versions.has(key);
    }
    if (!isGone) kept.push(line);
    else if (line === "") kept.push("");
  }
  return text.slice(0, start) + kept.join("\n").replaceAll(/\n{3,}/g, "\n\n");
}

function cutCargo({ text, members, needed }: Cut): string | undefined {
  const names = new Set(
    members.gone.flatMap(
      ({ manifest }) =>
        /^\s*\[package\][^[]*?^\s*name\s*=\s*["']([^"']+)["']/m.exec(manifest ?? "")?.[1] ?? [],
    ),
  );
  const [head = "", ...blocks] = text.split(/^(?=\[\[package\]\])/m);
  const kept = blocks.filter((block) => {
    const field = (key: string): string | undefined =>
      new RegExp(`^${key} = "([^"]*)"`, "m").exec(block)?.[1];
    const [name, version, source] = [field("name"), field("version"), field("source")];
    return source === undefined ? !names.has(name ?? "") : needed.has(`${name} ${version} ${source}`);
  });
  return head + shortened(kept).join("");
}

/**
 * Cargo names a dependency with its version only where there are several of the name, and with its source only where
 * there are several of the version; with `--locked` it takes no other form.
 */
function shortened(blocks: readonly string[]): readonly string[] {
  const fields = (block: string): readonly string[] =>
    ["name", "version"].map((key) => new RegExp(`^${key} = "([^"]*)"`, "m").exec(block)?.[1] ?? "");
  const counts = new Map<string, number>();
  for (const block of blocks) {
    const [name = "", version = ""] = fields(block);
    for (const key of [name, `${name} ${version}`]) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const isSole = (key: string): boolean => (counts.get(key) ?? 0) < 2;
  return blocks.map((block) =>
    block.replaceAll(/^ "(\S+) (\S+)( \([^)"]*\))?",$/gm, (whole: string, name: string, version: string) =>
      isSole(name) ? ` "${name}",` : isSole(`${name} ${version}`) ? ` "${name} ${version}",` : whole,
    ),
  );
}
