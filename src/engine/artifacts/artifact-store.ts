import { isPlainFile, namesIn, removeTree } from "#system/fs/kept-files";
import { readText } from "#system/fs/read-text";
import { parseManifest } from "./artifact-manifest";
import type { ArtifactManifest } from "./artifact-manifest";

/** What a run has kept of one instance. */
export interface KeptArtifacts {
  readonly manifest: ArtifactManifest;
  /** Absolute; holds `manifest.json` and `files/`. */
  readonly folder: string;
}

export const artifactsFolder = (root: string): string => `${root}/.zr/artifacts`;

const MAX_NAME = 120;

/** The name of an instance's folder: its id as far as every file system can have it, told apart where it can't. */
export function instanceFolder(id: string): string {
  const plain = id.replaceAll(/[^A-Za-z0-9._=,@-]/g, "_").replace(/^\./, "_");
  if (plain === id && id.length <= MAX_NAME) return id;
  return `${plain.slice(0, MAX_NAME)}-${Bun.hash(id).toString(16).padStart(16, "0").slice(0, 8)}`;
}

/** Everything that is kept, the oldest first. What is no artifact of zr's is left alone. */
export async function listArtifacts(root: string): Promise<readonly KeptArtifacts[]> {
  const top = artifactsFolder(root);
  const runs = await Promise.all((await namesIn(top)).map((run) => artifactsOfRun(`${top}/${run}`, run)));
  return runs.flat().sort((a, b) => a.manifest.wallMs - b.manifest.wallMs);
}

/** What is kept of one instance, run by run. */
export async function artifactsOfInstance(root: string, id: string): Promise<readonly KeptArtifacts[]> {
  const top = artifactsFolder(root);
  const name = instanceFolder(id);
  const found = await Promise.all((await namesIn(top)).map((run) => readKept(`${top}/${run}/${name}`, run)));
  return found.filter((kept) => kept !== undefined);
}

/** Removes what a run has kept of an instance, and the run's folder with the last of them. */
export async function removeArtifacts({ folder }: KeptArtifacts): Promise<void> {
  await removeTree(folder);
  const run = folder.slice(0, folder.lastIndexOf("/"));
  // What starts with a dot was left behind by a run that was killed.
  if ((await namesIn(run)).every((name) => name.startsWith("."))) await removeTree(run);
}

/** Where the content of a kept file lies. */
export const contentPath = ({ folder, manifest }: KeptArtifacts, path: string): string =>
  `${folder}/files/${path}${manifest.compressed ? ".zst" : ""}`;

async function artifactsOfRun(folder: string, run: string): Promise<readonly KeptArtifacts[]> {
  const names = (await namesIn(folder)).filter((name) => !name.startsWith("."));
  const found = await Promise.all(names.map((name) => readKept(`${folder}/${name}`, run)));
  return found.filter((kept) => kept !== undefined);
}

async function readKept(folder: string, run: string): Promise<KeptArtifacts | undefined> {
  const path = `${folder}/manifest.json`;
  if (!(await isPlainFile(path))) return undefined;
  const read = await readText(path);
  const manifest = read.kind === "text" ? parseManifest(read.text) : undefined;
  return manifest === undefined || manifest.run !== run ? undefined : { manifest, folder };
}
