/** Among the globs of `inputs`: the files that a package has by itself. */
export const OWN_FILES = "$default";

/** What a task says about the caching of its results. */
export interface CacheRule {
  /** Globs as written, `$default` among them; undefined: every file of the package that git does not ignore. */
  readonly inputs: readonly string[] | undefined;
  readonly outputs: readonly string[];
  /** Names of variables; `*` stands for any letters. */
  readonly envInputs: readonly string[];
  /** Make-style dependency file that the task writes, seen from its package. */
  readonly depfile?: string;
  readonly allowOverlap: boolean;
  /** Whether system and processor are part of the key. */
  readonly platform: boolean;
  readonly salt?: string;
  readonly ttlMs?: number;
  /** Whether results go to remote caches. */
  readonly remote: boolean;
  readonly log: CacheLogMode;
}

/** What is shown of a cached run: its log, one line with the key, or nothing; `none` stores no log either. */
export type CacheLogMode = "replay" | "hash" | "none";

/** What a key is made of: name → digest, sorted; enough to say what changed. */
export interface KeyRecipe {
  readonly v: 1;
  readonly parts: readonly KeyPart[];
}

export type KeyPartKind =
  "task" | "command" | "env" | "file" | "upstream" | "tool" | "platform" | "salt" | "global";

/** One thing that decides a result. Never a value, only its digest. */
export interface KeyPart {
  readonly kind: KeyPartKind;
  readonly name: string;
  readonly digest: string;
}

export interface StoredOutput {
  /** From the package, or from the workspace with `//` in front. */
  readonly path: string;
  readonly kind: "file" | "symlink" | "folder";
  readonly mode: number;
  readonly size: number;
  /** SHA-256 of the plain content. */
  readonly digest: string;
  /** Of a symbolic link. */
  readonly target?: string;
}

/** A result as the store has it. */
export interface StoredResult {
  readonly v: 1;
  readonly key: string;
  readonly task: string;
  readonly outputs: readonly StoredOutput[];
  readonly outputsDigest: string;
  /** Digest of its log; not there where none was kept. */
  readonly log?: string;
  readonly recipe: KeyRecipe;
  readonly durationMs: number;
  /** Since 1970. */
  readonly createdMs: number;
}

/** What a run has to know of a result whose outputs are in place. */
export type ResultInPlace = Pick<StoredResult, "key" | "durationMs" | "log">;

/** A piece of output, secrets masked. */
export interface LogChunk {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
}

/** What a task printed, in order. */
export type CapturedLog = readonly LogChunk[];

/** A result that is to be stored; the store reads the outputs itself. */
export interface ResultDraft {
  readonly key: string;
  readonly task: string;
  readonly recipe: KeyRecipe;
  readonly durationMs: number;
  /** Not there where no log is to be kept. */
  readonly log?: CapturedLog;
  /** Whether it may go to remote caches. */
  readonly remote: boolean;
}
