import type { CacheNotice } from "./cache-store";
import { LocalStore, reasonOf } from "./local-store";
import type { StoredContent } from "./local-store";
import { makeOutputs } from "./make-outputs";
import type { MakeProblem, OutputWork } from "./make-outputs";

/** Files whose contents are to be stored, as plain data. */
export interface StoreWork {
  /** Of the local store. */
  readonly store: string;
  /** Absolute paths, with the size that each seems to have. */
  readonly files: readonly (readonly [string, number])[];
}

/** The contents in the order of the files, up to one that can't be stored, with the system's reason. */
export interface StoredFiles {
  readonly contents: readonly StoredContent[];
  readonly problem?: string;
}

/** Work on contents that another thread may do. */
export type ContentQuestion =
  { readonly kind: "make"; readonly work: OutputWork } | { readonly kind: "store"; readonly work: StoreWork };

/** What came of it, and what is to be said of it. */
export interface ContentAnswer<Result> {
  readonly result: Result;
  readonly notices: readonly CacheNotice[];
}

/** Stores the contents of files. Never throws for what the system says. */
export async function storeFiles({ files }: StoreWork, store: LocalStore): Promise<StoredFiles> {
  const contents: StoredContent[] = [];
  try {
    for (const [path, size] of files) contents.push(await store.storeFile(path, size));
    return { contents };
  } catch (error) {
    return { contents, problem: reasonOf(error) };
  }
}

/** Does in another thread than the one that has opened the store what is asked there. */
export async function answerContentQuestion(
  question: ContentQuestion,
): Promise<ContentAnswer<MakeProblem | StoredFiles | undefined>> {
  const notices: CacheNotice[] = [];
  const store = LocalStore.of(question.work.store, (notice) => notices.push(notice));
  const result =
    question.kind === "make"
      ? await makeOutputs(question.work, store)
      : await storeFiles(question.work, store);
  return { result, notices };
}
