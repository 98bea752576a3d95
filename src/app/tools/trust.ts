import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Workspace } from "#core/workspace/workspace";
import { pathExists } from "#system/fs/path-exists";
import { readSmallJson } from "#system/fs/read-small";
import { systemReason } from "#system/fs/system-reason";
import { writeFileAtomically } from "#system/fs/write-file";
import { fileSystem } from "#system/runtime-modules";
import type { Host } from "#system/host";
import { dataFolder } from "./tool-setting";

/** Digests of the files of a workspace that the user has looked at, by path. */
export type TrustedFiles = Readonly<Record<string, string>>;

const digestOf = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");

/** A file that could not be changed. */
export type TrustProblem = { readonly path: string; readonly reason: string };

/** Where the trust in a workspace is noted. */
export const trustFile = (root: string, host: Host): string =>
  `${dataFolder(host)}/trust/${digestOf(root)}.json`;

async function trustedFiles(root: string, host: Host): Promise<TrustedFiles> {
  const value = await readSmallJson(trustFile(root, host));
  if (typeof value !== "object" || value === null || !("files" in value)) return {};
  const { files } = value;
  if (typeof files !== "object" || files === null) return {};
  return Object.fromEntries(
    Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** The files that may set variables or run commands in a package: its own and the root's, but not the user's. */
const filesOf = (packages: Iterable<Workspace["current"]>): ReadonlySet<string> => {
  const files = [...packages].flatMap(({ config }) => config.files);
  return new Set(files.filter(({ layer }) => layer !== "user").map(({ path }) => path));
};

/** The file of the current package that is not trusted as it is now; undefined where all are. */
export async function untrustedFile(
  workspace: Workspace,
  texts: ReadonlyMap<string, string>,
  host: Host,
): Promise<string | undefined> {
  const trusted = await trustedFiles(workspace.root, host);
  return [...filesOf([workspace.current])].find((path) => trusted[path] !== digestOf(texts.get(path) ?? ""));
}

/** The files that are trusted with a workspace. */
export const trustablePaths = (workspace: Workspace): readonly string[] =>
  [...filesOf(workspace.packages.values())].toSorted();

/** Trusts every file of a workspace as it is now. Gives their paths. */
export async function trustWorkspace(
  workspace: Workspace,
  texts: ReadonlyMap<string, string>,
  host: Host,
): Promise<Result<readonly string[], TrustProblem>> {
  const paths = trustablePaths(workspace);
  const files = Object.fromEntries(paths.map((path) => [path, digestOf(texts.get(path) ?? "")]));
  const path = trustFile(workspace.root, host);
  const written = await writeFileAtomically(
    path,
    `${JSON.stringify({ root: workspace.root, files }, undefined, 2)}\n`,
    0o600,
  );
  return written.ok ? ok(paths) : err({ path, reason: written.error });
}

/** Trusts nothing of a workspace any more. */
export async function untrustWorkspace(root: string, host: Host): Promise<Result<void, TrustProblem>> {
  const path = trustFile(root, host);
  // What removes it fails where a folder on the way is a file.
  if (!(await pathExists(path))) return ok(undefined);
  try {
    await fileSystem().rm(path, { force: true });
    return ok(undefined);
  } catch (error) {
    return err({ path, reason: error instanceof Error ? systemReason(error) : String(error) });
  }
}
