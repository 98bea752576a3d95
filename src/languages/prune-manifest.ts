import { isTable } from "#base/value-at";
import { jsonTableOf } from "#base/json-of";

/** Paths of packages from the root. */
export interface PrunedPaths {
  readonly kept: readonly string[];
  readonly gone: readonly string[];
}

/** A root manifest without the packages that are gone; undefined where there is nothing to change. */
export function pruneManifest(name: string, text: string, paths: PrunedPaths): string | undefined {
  switch (name) {
    case "package.json":
      return prunePackageJson(text, paths);
    case "pnpm-workspace.yaml":
      return prunePnpmWorkspace(text, paths);
    case "Cargo.toml":
      return pruneCargo(text, paths);
    case "go.work":
      return pruneGoWork(text, paths);
    default:
      return undefined;
  }
}

const members = ({ kept }: PrunedPaths): readonly string[] => kept.filter((path) => path !== ".");

function prunePackageJson(text: string, paths: PrunedPaths): string | undefined {
  const value = jsonTableOf(text);
  const workspaces = value?.["workspaces"];
  if (value === undefined || workspaces === undefined) return undefined;
  const isList = Array.isArray(workspaces);
  if (!isList && !isTable(workspaces)) return undefined;
  const list = members(paths);
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const changed = { ...value, workspaces: isList ? list : { ...workspaces, packages: list } };
  return `${JSON.stringify(changed, undefined, indent)}\n`;
}

/** A line with a folder, alone or behind `use`, quoted or not, and a remark behind it (go.dev/ref/mod#workspaces). */
const USED = /^\s*(?:use\s+)?(?:\.\/)?(["`]?)(?:\.\/)?([^\s"`]+?)\/?\1\s*(?:\/\/[^]*)?$/;

function pruneGoWork(text: string, { gone }: PrunedPaths): string {
  const isGone = (line: string): boolean => gone.includes(USED.exec(line)?.[2] ?? "");
  return text
    .split("\n")
    .filter((line) => !isGone(line))
    .join("\n");
}

/** The list under `packages:` is written anew, everything else stays as it is. */
function prunePnpmWorkspace(text: string, paths: PrunedPaths): string | undefined {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith("packages:"));
  if (start === -1) return undefined;
  let end = start + 1;
  while (end < lines.length && /^(?:\s|[-#\]]|$)/.test(lines[end] ?? "")) end += 1;
  const list = members(paths).map((path) => `  - ${JSON.stringify(path)}`);
  return [...lines.slice(0, start), "packages:", ...list, ...lines.slice(end)]
    .join("\n")
    .replace(/\n*$/, "\n");
}

/**
 * Lists of folders in `[workspace]`: those that are gone are taken out, and globs become the folders that are there. To
 * build none by default is no workspace for Cargo: a list of which nothing is left is taken out as a whole.
 */
function pruneCargo(text: string, paths: PrunedPaths): string | undefined {
  const section = /^\[workspace\][^\n]*\n(?:(?!\[)[^]*?)(?=^\[|$(?![^]))/m.exec(text);
  if (section === null) return undefined;
  const kept = new Set(members(paths));
  const cut = section[0].replaceAll(
    /^([ \t]*(members|default-members)[ \t]*=[ \t]*)\[[^\]]*\]/gm,
    (whole: string, head: string, key: string) => {
      const written = [...whole.slice(head.length).matchAll(/"([^"]*)"|'([^']*)'/g)].map(
        (match) => match[1] ?? match[2] ?? "",
      );
      const list =
        key === "members" ? [...kept] : written.filter((path) => kept.has(path.replace(/^\.\//, "")));
      return `${head}[${list.map((path) => JSON.stringify(path)).join(", ")}]`;
    },
  );
  const changed = cut.replace(/^[ \t]*default-members[ \t]*=[ \t]*\[\][^\n]*\n?/m, "");
  return text.slice(0, section.index) + changed + text.slice(section.index + section[0].length);
}
