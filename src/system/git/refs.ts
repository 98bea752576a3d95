import { checkoutOf, headCommit } from "./head-commit";
import type { Checkout } from "./head-commit";

/** The names of commits in a repository, read from its files, since git itself takes longer to start. */
export interface Refs {
  /** Top folder of the checkout. */
  readonly top: string;
  /** What is checked out; undefined before the first commit, and where the files don't tell. */
  readonly head: string | undefined;
  /** A part of the history was left out when the repository was cloned. */
  readonly isShallow: boolean;
  /**
   * The commit that a branch, a tag or a full name means, by the rules of gitrevisions(7); undefined where there is none
   * or git has to be asked.
   */
  readonly find: (name: string) => Promise<string | undefined>;
  /** Whether names that are not found here may be known to git: the refs are not kept in files. */
  readonly isPartial: boolean;
}

/** The refs of the repository around a folder; undefined outside of one. */
export async function openRefs(folder: string): Promise<Refs | undefined> {
  const checkout = await checkoutOf(folder);
  if (checkout === undefined) return undefined;
  const { top, common } = checkout;
  const [head, packed] = await Promise.all([headCommit(top), packedRefs(common)]);
  return {
    top,
    head,
    isShallow: Bun.file(`${common}/shallow`).size > 0,
    isPartial: Bun.file(`${common}/reftable/tables.list`).size > 0,
    find: (name) => findCommit(checkout, packed, name),
  };
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SAFE_NAME = /^(?!.*\.\.)[\w./+-]+$/;
const PLACES: readonly string[] = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
/** A chain of symbolic refs that is longer than this is a circle. */
const MOST_LINKS = 5;

async function findCommit(
  { own, common }: Checkout,
  packed: ReadonlyMap<string, string>,
  name: string,
): Promise<string | undefined> {
  if (COMMIT.test(name)) return name;
  if (!SAFE_NAME.test(name)) return undefined;
  const read = async (ref: string, links = 0): Promise<string | undefined> => {
    const text = (await small(`${ref === "HEAD" ? own : common}/${ref}`))?.trim();
    const linked = text === undefined ? undefined : /^ref: (\S+)$/.exec(text)?.[1];
    if (linked !== undefined)
      return links < MOST_LINKS && SAFE_NAME.test(linked) ? read(linked, links + 1) : undefined;
    return text !== undefined && COMMIT.test(text) ? text : packed.get(ref);
  };
  for (const place of PLACES) {
    // Other files of the folder are no refs.
    if (place === "" && name !== "HEAD" && !name.startsWith("refs/")) continue;
    const commit = await read(place + name);
    if (commit !== undefined) return commit;
  }
  return undefined;
}

/** Lines `COMMIT REF`; one that begins with `^` is about the tag above it. */
async function packedRefs(common: string): Promise<ReadonlyMap<string, string>> {
  const refs = new Map<string, string>();
  const file = Bun.file(`${common}/packed-refs`);
  if (file.size === 0) return refs;
  let text: string;
  try {
    text = await file.text();
  } catch {
    return refs;
  }
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    if (COMMIT.test(line.slice(0, space))) refs.set(line.slice(space + 1), line.slice(0, space));
  }
  return refs;
}

const MOST_BYTES = 4096;

async function small(path: string): Promise<string | undefined> {
  try {
    const file = Bun.file(path);
    if (file.size === 0 || file.size > MOST_BYTES) return undefined;
    return await file.text();
  } catch {
    // Not there, a folder, or a name that no file can have.
    return undefined;
  }
}
