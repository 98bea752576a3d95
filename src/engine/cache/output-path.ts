import { isInside } from "#base/path";
import type { StoredOutput } from "#core/model/cache";
import { climbOf } from "./cache-manifest";
import type { OutputPlace } from "./cache-store";
import { sha256 } from "#system/cas/blob-folder";

/** Where a stored output belongs, absolute. */
export const outputPath = (
  { packageDir, root }: Pick<OutputPlace, "packageDir" | "root">,
  path: string,
): string =>
  path.startsWith("//") ? `${root === "/" ? "" : root}/${path.slice(2)}` : `${packageDir}/${path}`;

/** Whether a link at an absolute path stays in the workspace, given a target that climbs only at its beginning. */
export function staysInside(root: string, link: string, target: string): boolean {
  let folder = link.slice(0, link.lastIndexOf("/"));
  for (let count = climbOf(target); count > 0; count -= 1) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    if (!isInside(root, folder)) return false;
  }
  return isInside(root, folder);
}

/** One digest for all outputs: the same for the same paths, kinds, contents, targets and executable bits. */
export function digestOfOutputs(outputs: readonly StoredOutput[]): string {
  const rows = outputs.map(({ path, kind, mode, digest, target }) => [
    path,
    kind,
    kind === "file" && (mode & 0o111) !== 0,
    digest,
    target ?? "",
  ]);
  return sha256(JSON.stringify(rows));
}
