import type { StoredOutput } from "#core/model/cache";
import { Breather } from "#system/cas/breather";
import { wallMs } from "#system/clock/clock";
import { linkTarget } from "#system/cas/file-facts";
import type { FileFacts } from "#system/cas/file-facts";
import { digestOfFile } from "#system/cas/packed-file";
import type { CacheManifest, StoredBlob } from "./cache-manifest";
import type { OutputPlace } from "./cache-store";
import { collectOutputs } from "./collect-outputs";
import type { FoundOutputs } from "./collect-outputs";
import { emptiedFolders } from "./emptied-folders";
import { abandonedBeside, isAbandoned } from "./half-files";
import type { LocalStore } from "./local-store";
import { reasonOf } from "./local-store";
import type { MakeProblem, OutputWork, WantedOutput } from "./make-outputs";
import { isAlike, isAsSeen, rowOf, rowsByPath } from "./output-facts";
import type { OutputsSeen, SeenRows } from "./output-facts";
import { outputPath, staysInside } from "./output-path";

export interface RestoreParts {
  readonly store: LocalStore;
  /** What the checkout knows, if it is of the same outputs. */
  readonly seen: OutputsSeen | undefined;
  /** Gets blobs that are not in the store, by the digests of their plain contents; false where it can't. */
  readonly fetch: (wanted: ReadonlyMap<string, StoredBlob>) => Promise<boolean>;
  /** What others have at the same place. */
  readonly others?: OthersOutputs | undefined;
  /** Makes what is not as it should be. */
  readonly make: (work: OutputWork) => Promise<MakeProblem | undefined>;
}

/** What others have made, or may be making, where outputs are put back. Paths are absolute. */
export interface OthersOutputs {
  /** It is left to them, also where it was there when the result was stored. */
  readonly own: (path: string) => boolean;
  /** It stays where it is no output of the result. */
  readonly mayMake: (path: string) => boolean;
}

export type RestoreOutcome =
  | { readonly kind: "unchanged"; readonly seen: SeenRows & Pick<OutputsSeen, "atMs"> }
  /** What was just written is too young to be known by its times: the next run looks into it once. */
  | { readonly kind: "restored" }
  | MakeProblem;

/** Makes the outputs what the manifest says. Contents are got before anything is changed. */
export async function restoreOutputs(
  manifest: CacheManifest,
  place: OutputPlace,
  parts: RestoreParts,
): Promise<RestoreOutcome> {
  const atMs = wallMs();
  const found = await collectOutputs(place, { strict: false });
  if (!found.ok) return { kind: "impossible", why: found.error };
  try {
    const plan = await compare(manifest, place, {
      found: found.value,
      seen: parts.seen,
      others: parts.others,
    });
    if (typeof plan === "string") return { kind: "damaged", why: plan };
    const { wanted, stale } = plan;
    if (!(await parts.fetch(contentsOf(wanted))))
      return { kind: "damaged", why: "its contents are not in the cache any more" };
    if (wanted.length === 0 && stale.length === 0)
      return { kind: "unchanged", seen: { atMs, ...rowsOf(found.value) } };
    const beside = abandonedBeside(
      wanted.map(({ path }) => path),
      found.value,
    );
    const changed = [...stale, ...wanted.map(({ path }) => path)];
    const problem = await parts.make({
      store: parts.store.folder,
      place: { packageDir: place.packageDir, root: place.root },
      stale: [...stale.filter((path) => !found.value.folders.has(path)), ...beside],
      emptied: emptiedFor(manifest, place, { changed, found: found.value }),
      wanted,
    });
    return problem ?? { kind: "restored" };
  } catch (error) {
    return { kind: "impossible", why: reasonOf(error) };
  }
}

const rowsOf = ({ outputs, folders, missing }: FoundOutputs): SeenRows => ({
  files: [...outputs.values()].map(({ absolute, facts }) => rowOf(absolute, facts)),
  folders: [...folders].map(([path, facts]) => rowOf(path, facts)),
  missing,
});

interface Before {
  readonly found: FoundOutputs;
  readonly seen: OutputsSeen | undefined;
  readonly others: RestoreParts["others"];
}

async function compare(
  { result, blobs }: CacheManifest,
  place: OutputPlace,
  { found, seen, others }: Before,
): Promise<{ readonly wanted: readonly WantedOutput[]; readonly stale: readonly string[] } | string> {
  const breather = new Breather();
  const rows = rowsByPath(seen);
  const wanted: WantedOutput[] = [];
  const paths = new Set<string>();
  for (const output of result.outputs) {
    if (breather.isDue) await breather.rest();
    const path = outputPath(place, output.path);
    paths.add(output.path);
    if (others?.own(path) === true) continue;
    const { target } = output;
    if (target !== undefined && !staysInside(place.root, path, target))
      return `${output.path} would be a link that leads out of the workspace`;
    const facts = found.outputs.get(output.path)?.facts ?? folderFacts(output, found, path);
    const row = rows.get(path);
    const isKnown = row !== undefined && seen !== undefined && isAsSeen(row, seen.atMs, facts);
    const isSame = isAlike(output, facts) && (isKnown || (await isContentOf(output, path)));
    if (!isSame) wanted.push({ output, path, isContent: true, blob: blobOf(output, blobs) });
    else if (facts?.mode !== output.mode && output.kind !== "symlink")
      wanted.push({ output, path, isContent: false });
  }
  const stale = [...found.outputs.values()].filter(
    ({ path, absolute }) => !paths.has(path) && others?.mayMake(absolute) !== true,
  );
  return {
    wanted,
    stale: [...stale.map(({ absolute }) => absolute), ...found.leftovers.filter(isAbandoned)],
  };
}

/** A folder that should be empty is among those that were searched where something is in it. */
const folderFacts = (output: StoredOutput, found: FoundOutputs, path: string): FileFacts | undefined =>
  output.kind === "folder" ? found.folders.get(path) : undefined;

async function isContentOf(output: StoredOutput, path: string): Promise<boolean> {
  if (output.kind === "folder") return true;
  if (output.kind === "symlink") return linkTarget(path) === output.target;
  return (await digestOfFile(path, output.size)) === output.digest;
}

const blobOf = ({ kind, digest }: StoredOutput, blobs: CacheManifest["blobs"]): StoredBlob | undefined =>
  kind === "file" ? blobs.get(digest) : undefined;

function contentsOf(wanted: readonly WantedOutput[]): ReadonlyMap<string, StoredBlob> {
  const needed = new Map<string, StoredBlob>();
  for (const { output, blob } of wanted) if (blob !== undefined) needed.set(output.digest, blob);
  return needed;
}

/** Folders in which nothing is left of what was there, and those in the way of outputs, unless outputs need them. */
function emptiedFor(
  { result }: CacheManifest,
  place: OutputPlace,
  { changed, found }: { readonly changed: readonly string[]; readonly found: FoundOutputs },
): readonly string[] {
  const emptied = emptiedFolders(changed, found.folders);
  if (emptied.length === 0) return emptied;
  const needed = new Set<string>([place.packageDir, place.root]);
  for (const { path, kind } of result.outputs) {
    const absolute = outputPath(place, path);
    if (kind === "folder") needed.add(absolute);
    for (let cut = absolute.lastIndexOf("/"); cut > 0; cut = absolute.lastIndexOf("/", cut - 1)) {
      const folder = absolute.slice(0, cut);
      if (needed.has(folder)) break;
      needed.add(folder);
    }
  }
  return emptied.filter((path) => !needed.has(path));
}
