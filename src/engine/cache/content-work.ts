import { readBytesAtOnce } from "#system/fs/read-at-once";
import type { CacheNotice } from "./cache-store";
import { LocalStore, reasonOf } from "./local-store";
import type { StoredContent } from "./local-store";
import { makeOutputs } from "./make-outputs";
import type { OutputWork } from "./make-outputs";
import type { FileToStore } from "./packs";
import { putBack } from "./put-back";
import type { PutBackWork } from "./put-back";

/** Files whose contents are to be stored, as plain data. */
export interface StoreWork {
  /** Of the local store. */
  readonly store: string;
  /** Those of each group become one blob. */
  readonly packs: readonly (readonly FileToStore[])[];
}

/** A file that can't be stored. */
export interface StoreProblem {
  readonly path: string;
  /** The system's reason. */
  readonly why: string;
  /** The reason is one for which no other content can be stored either. */
  readonly isStoreFull: boolean;
}

/** The contents in the order of the files, up to one that can't be stored. */
export interface StoredFiles {
  readonly contents: readonly StoredContent[];
  readonly problem?: StoreProblem;
}

/** There is no room, for the file system or for the user, or nothing may be written (errno(3)). */
const FULL: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EROFS"]);

/** Work on contents that another thread may do. */
export type ContentQuestion =
  | { readonly kind: "make"; readonly work: OutputWork }
  | { readonly kind: "store"; readonly work: StoreWork }
  | { readonly kind: "put-back"; readonly work: PutBackWork };

/** What came of it, and what is to be said of it. */
export interface ContentAnswer<Result> {
  readonly result: Result;
  readonly notices: readonly CacheNotice[];
}

/** Stores the contents of files. Never throws for what the system says. */
export async function storeFiles({ packs }: StoreWork, store: LocalStore): Promise<StoredFiles> {
  const contents: StoredContent[] = [];
  let path = "";
  try {
    for (const pack of packs) {
      const [alone, ...others] = pack;
      if (alone !== undefined && others.length === 0) {
        path = alone.path;
        contents.push(await store.storeFile(alone.absolute, alone.size));
        continue;
      }
      const plains = pack.map((file) => {
        path = file.path;
        return readBytesAtOnce(file.absolute);
      });
      contents.push(...store.storePack(plains));
    }
    return { contents };
  } catch (error) {
    const isStoreFull = error instanceof Error && "code" in error && FULL.has(error.code);
    return { contents, problem: { path, why: reasonOf(error), isStoreFull } };
  }
}

/** Does in another thread than the one that has opened the store what is asked there. */
export async function answerContentQuestion(question: ContentQuestion): Promise<ContentAnswer<unknown>> {
  const notices: CacheNotice[] = [];
  const store = LocalStore.of(question.work.store, (notice) => notices.push(notice));
  return { result: await answerTo(question, store), notices };
}

function answerTo({ kind, work }: ContentQuestion, store: LocalStore): Promise<unknown> {
  switch (kind) {
    case "make":
      return makeOutputs(work, store);
    case "store":
      return storeFiles(work, store);
    case "put-back":
      return putBack(work, store);
  }
}
