import { isInside } from "#base/path";
import type { StoredOutput } from "#core/model/cache";
import { Breather } from "#system/cas/breather";
import { wallMs } from "#system/clock/clock";
import { linkTarget } from "#system/cas/file-facts";
import type { FileFacts } from "#system/cas/file-facts";
import { digestOfFile } from "#system/cas/packed-file";
import {
  makeFolder,
  placeBytes,
  placeLink,
  removeEmptyFolder,
  removeFile,
  setMode,
} from "#system/cas/place-output";
import { isRunning } from "#system/process/is-running";
import type { CacheManifest, StoredBlob } from "./cache-manifest";
import type { OutputPlace } from "./cache-store";
import { collectOutputs, LEFTOVER } from "./collect-outputs";
import type { FoundOutputs } from "./collect-outputs";
import { emptiedFolders } from "./emptied-folders";
import type { LocalStore } from "./local-store";
import { reasonOf } from "./local-store";
import { isAlike, isAsSeen, rowOf, rowsByPath } from "./output-facts";
import type { OutputsSeen, SeenRows } from "./output-facts";
import { outputPath, staysInside } from "./output-path";

export interface RestoreParts {
  readonly store: LocalStore;
  /** What the checkout knows, if it is of the same outputs. */
  readonly seen: OutputsSeen | undefined;
  /** Gets blobs that are not in the store, by the digests of their plain contents; false where it can't. */
  readonly fetch: (wanted: ReadonlyMap<string, StoredBlob>) => Promise<boolean>;
}

export type RestoreOutcome =
  | { readonly kind: "unchanged"; readonly seen: SeenRows & Pick<OutputsSeen, "atMs"> }
  /** What was just written is too young to be known by its times: the next run looks into it once. */
  | { readonly kind: "restored" }
  /** Why, as the end of a sentence. It is the entry's fault with `damaged` only. */
  | { readonly kind: "damaged" | "impossible"; readonly why: string };

/** An output that has to be made, or made differently. */
interface Wanted {
  readonly output: StoredOutput;
  readonly path: string;
  /** False where only its mode is wrong. */
  readonly isContent: boolean;
}

const EMPTY = new Uint8Array(0);

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
    const plan = await compare(manifest, place, { found: found.value, seen: parts.seen });
    if (typeof plan === "string") return { kind: "damaged", why: plan };
    const { wanted, stale } = plan;
    if (!(await parts.fetch(contentsOf(wanted, manifest))))
      return { kind: "damaged", why: "its contents are not in the cache any more" };
    const made = await new Restoring(manifest, place, parts.store).run(wanted, stale, found.value);
    if (made !== undefined) return { kind: "damaged", why: made };
    if (wanted.length > 0 || stale.length > 0) return { kind: "restored" };
    return { kind: "unchanged", seen: { atMs, ...rowsOf(found.value) } };
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
}

async function compare(
  { result }: CacheManifest,
  place: OutputPlace,
  { found, seen }: Before,
): Promise<{ readonly wanted: readonly Wanted[]; readonly stale: readonly string[] } | string> {
  const breather = new Breather();
  const rows = rowsByPath(seen);
  const wanted: Wanted[] = [];
  const paths = new Set<string>();
  for (const output of result.outputs) {
    if (breather.isDue) await breather.rest();
    const path = outputPath(place, output.path);
    paths.add(output.path);
    const { target } = output;
    if (target !== undefined && !staysInside(place.root, path, target))
      return `${output.path} would be a link that leads out of the workspace`;
    const facts = found.outputs.get(output.path)?.facts ?? folderFacts(output, found, path);
    const row = rows.get(path);
    const isKnown = row !== undefined && seen !== undefined && isAsSeen(row, seen.atMs, facts);
    const isSame = isAlike(output, facts) && (isKnown || (await isContentOf(output, path)));
    if (!isSame) wanted.push({ output, path, isContent: true });
    else if (facts?.mode !== output.mode && output.kind !== "symlink")
      wanted.push({ output, path, isContent: false });
  }
  const stale = [...found.outputs.values()].filter(({ path }) => !paths.has(path));
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

/** What a restoring that was killed has left. */
const isAbandoned = (path: string): boolean => {
  const pid = Number(LEFTOVER.exec(path.slice(path.lastIndexOf("/") + 1))?.[1]);
  return !isRunning(pid);
};

function contentsOf(wanted: readonly Wanted[], { blobs }: CacheManifest): ReadonlyMap<string, StoredBlob> {
  const needed = new Map<string, StoredBlob>();
  for (const { output, isContent } of wanted) {
    const blob = isContent && output.kind === "file" ? blobs.get(output.digest) : undefined;
    if (blob !== undefined) needed.set(output.digest, blob);
  }
  return needed;
}

class Restoring {
  readonly #manifest: CacheManifest;
  readonly #place: OutputPlace;
  readonly #store: LocalStore;
  readonly #breather = new Breather();
  /** Folders that are there and no links. */
  readonly #ready = new Set<string>();

  constructor(manifest: CacheManifest, place: OutputPlace, store: LocalStore) {
    this.#manifest = manifest;
    this.#place = place;
    this.#store = store;
  }

  /** The reason where it can't be done. */
  async run(
    wanted: readonly Wanted[],
    stale: readonly string[],
    found: FoundOutputs,
  ): Promise<string | undefined> {
    for (const path of stale) {
      if (found.folders.has(path)) continue;
      removeFile(path);
    }
    this.#removeFolders([...stale, ...wanted.map(({ path }) => path)], found);
    for (const one of wanted) {
      if (this.#breather.isDue) await this.#breather.rest();
      const problem = await this.#make(one);
      if (problem !== undefined) return `${one.output.path}: ${problem}`;
    }
    return undefined;
  }

  /** Folders in which nothing is left of what was there, and those in the way of outputs, unless outputs need them. */
  #removeFolders(changed: readonly string[], found: FoundOutputs): void {
    const emptied = emptiedFolders(changed, found.folders);
    if (emptied.length === 0) return;
    const needed = new Set<string>([this.#place.packageDir, this.#place.root]);
    for (const { path, kind } of this.#manifest.result.outputs) {
      const absolute = outputPath(this.#place, path);
      if (kind === "folder") needed.add(absolute);
      for (let cut = absolute.lastIndexOf("/"); cut > 0; cut = absolute.lastIndexOf("/", cut - 1)) {
        const folder = absolute.slice(0, cut);
        if (needed.has(folder)) break;
        needed.add(folder);
      }
    }
    for (const path of emptied) if (!needed.has(path)) removeEmptyFolder(path);
  }

  async #make({ output, path, isContent }: Wanted): Promise<string | undefined> {
    const { kind, mode, digest, target } = output;
    if (!isContent) {
      setMode(path, mode);
      return undefined;
    }
    if (!this.#prepare(path.slice(0, path.lastIndexOf("/")))) return "something else is in its way";
    if (kind === "folder") {
      // What has its name is an old output: it stands under the same path.
      if (!makeFolder(path)) removeFile(path);
      if (!makeFolder(path)) return "something else is in its way";
      setMode(path, mode);
    } else if (kind === "symlink") placeLink(path, target ?? "");
    else if (output.size === 0) placeBytes(path, EMPTY, mode);
    else {
      const blob = this.#manifest.blobs.get(digest);
      if (blob === undefined || !(await this.#store.place(digest, blob, { path, mode })))
        return "its content is damaged or gone";
    }
    return undefined;
  }

  /** Makes the folders on the way, none of which may be a link. */
  #prepare(folder: string): boolean {
    if (this.#ready.has(folder)) return true;
    const { packageDir, root } = this.#place;
    // How the package itself is reached is the user's affair.
    const isStart = folder === packageDir || folder === root;
    if (!isStart) {
      if (!isInside(root, folder)) return false;
      if (!this.#prepare(folder.slice(0, folder.lastIndexOf("/"))) || !makeFolder(folder)) return false;
    }
    this.#ready.add(folder);
    return true;
  }
}
