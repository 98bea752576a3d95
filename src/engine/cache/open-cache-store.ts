import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { LogChunk, ResultDraft, ResultInPlace, StoredResult } from "#core/model/cache";
import { wallMs } from "#system/clock/clock";
import { isDigest } from "./cache-manifest";
import type { CacheManifest, StoredBlob } from "./cache-manifest";
import type {
  ExchangeStore,
  KnownResult,
  OutputPlace,
  PutBackEnds,
  ReportNotice,
  Restored,
  WantedResult,
} from "./cache-store";
import { ContentWorkers } from "./content-workers";
import { LocalStore, reasonOf } from "./local-store";
import { decodeLog, encodeLog, MAX_LOG_BYTES } from "./log-frames";
import { isAllAsSeen, OutputFacts, pathsOf } from "./output-facts";
import type { OutputsSeen } from "./output-facts";
import { digestOfOutputs } from "./output-path";
import { pruneWhenDue } from "./prune-store";
import type { StoreLimits } from "./prune-store";
import { RemoteLayers } from "./remote-layers";
import type { RemoteLayer } from "./remote-link";
import { outputPath } from "./output-path";
import { restoreOutputs } from "./restore-outputs";
import type { OthersOutputs } from "./restore-outputs";
import { saveOutputs } from "./save-outputs";
import type { StoreFailure } from "./save-outputs";
import { digestOfPlace, knownOf, seenOf } from "./seen-result";

export type CacheMode = "read-write" | "read" | "write";

export interface CacheStoreOptions {
  /** Of the local store, absolute. */
  readonly folder: string;
  /** Workspace root, absolute. */
  readonly root: string;
  readonly mode: CacheMode;
  /** `false`: results count only where a remote store has them; the local one just passes on what comes and goes. */
  readonly readsLocal?: boolean;
  readonly limits: StoreLimits;
  /** Asked in their order. */
  readonly remotes?: readonly RemoteLayer[];
  /** How long `close` waits for uploads, in milliseconds. */
  readonly waitUploadsMs?: number;
  readonly report: ReportNotice;
  /** That it may keep busy; one where nothing is said. */
  readonly processors?: number;
}

/** Opens the cache of a checkout. The error is the system's reason why the local folder can't be used. */
export function openCacheStore(options: CacheStoreOptions): Result<ExchangeStore, string> {
  const local = LocalStore.open(options.folder, options.report);
  return local.ok ? ok(new LayeredStore(local.value, options)) : local;
}

/** The local store before the remote ones. */
class LayeredStore implements ExchangeStore {
  readonly #local: LocalStore;
  readonly #options: CacheStoreOptions;
  readonly #facts: OutputFacts;
  readonly #remotes: RemoteLayers;
  readonly #workers: ContentWorkers;
  readonly #manifests = new Map<string, CacheManifest>();
  #hasSaved = false;
  #failure: string | undefined;

  constructor(local: LocalStore, options: CacheStoreOptions) {
    this.#local = local;
    this.#options = options;
    this.#facts = new OutputFacts(options.root);
    this.#remotes = new RemoteLayers(options.remotes ?? [], local, options.report);
    this.#workers = new ContentWorkers(local, options.report, options.processors ?? 1);
  }

  get #readsLocal(): boolean {
    return this.#options.readsLocal !== false;
  }

  async find(key: string, options: { readonly remote?: boolean } = {}): Promise<StoredResult | undefined> {
    if (this.#options.mode === "write" || !isDigest(key)) return undefined;
    const local = this.#readsLocal ? this.#local.read(key) : undefined;
    const manifest = local ?? (options.remote === false ? undefined : await this.#remotes.find(key));
    if (manifest === undefined) return undefined;
    this.#manifests.set(key, manifest);
    return manifest.result;
  }

  last(task: string): Promise<StoredResult | undefined> {
    const key = this.#facts.get(task)?.key;
    return Promise.resolve(key === undefined ? undefined : this.#local.read(key)?.result);
  }

  inPlace(key: string, task: string, place: OutputPlace): KnownResult | undefined {
    if (this.#options.mode === "write" || !this.#readsLocal) return undefined;
    const seen = this.#facts.get(task);
    if (seen?.key !== key || seen.known === undefined || seen.place !== digestOfPlace(place))
      return undefined;
    return isAllAsSeen(seen) && this.#local.has(key) ? seen.known : undefined;
  }

  outputPaths(task: string): readonly string[] | undefined {
    const seen = this.#facts.get(task);
    return seen === undefined || seen.atMs === 0 ? undefined : pathsOf(seen);
  }

  async restore(result: StoredResult, place: OutputPlace): Promise<Restored> {
    const { key, task, outputsDigest } = result;
    const manifest = this.#manifests.get(key) ?? this.#local.read(key);
    if (manifest === undefined) return "damaged";
    const where = digestOfPlace(place);
    const known = this.#facts.get(task);
    const seen = known?.place === where && known.outputsDigest === outputsDigest ? known : undefined;
    if (seen !== undefined && isAllAsSeen(seen)) {
      if (seen.key !== key || (seen.known === undefined && result.log === undefined))
        this.#facts.remember(task, { ...withoutKnown(seen), key, ...knownOf(result) });
      return "unchanged";
    }
    const fetch = (wanted: ReadonlyMap<string, StoredBlob>): Promise<boolean> =>
      this.#remotes.fetch(key, wanted);
    const outcome = await restoreOutputs(manifest, place, {
      store: this.#local,
      seen,
      others: this.#madeBy(place),
      fetch,
      make: (work) => this.#workers.make(work),
    });
    if (outcome.kind === "impossible") {
      this.#options.report({
        level: "detail",
        text: `the outputs of ${task} are not restored: ${outcome.why}`,
      });
      return "damaged";
    }
    if (outcome.kind === "damaged") {
      this.#local.discardEntry(key, outcome.why);
      this.#manifests.delete(key);
      return "damaged";
    }
    const rows = outcome.kind === "unchanged" ? outcome.seen : undefined;
    this.#facts.remember(task, seenOf(result, place, rows));
    return outcome.kind;
  }

  /** Tells what others have made, or may be making, that have outputs at a place too; undefined where there are none. */
  #madeBy({ sharers = [], root }: OutputPlace): OthersOutputs | undefined {
    if (sharers.length === 0) return undefined;
    const [made, owned] = [new Set<string>(), new Set<string>()];
    for (const { task, packageDir, isCloser } of sharers) {
      const key = this.#facts.get(task)?.key;
      const manifest =
        key === undefined ? undefined : (this.#manifests.get(key) ?? this.#local.read(key, { isUse: false }));
      for (const { path } of manifest?.result.outputs ?? []) {
        const absolute = outputPath({ packageDir, root }, path);
        made.add(absolute);
        if (isCloser) owned.add(absolute);
      }
    }
    return {
      own: (path) => owned.has(path),
      mayMake: (path) => made.has(path) || sharers.some(({ mayMake }) => mayMake?.(path) === true),
    };
  }

  async putBack(wanted: readonly WantedResult[], ends: PutBackEnds): Promise<void> {
    if (this.#options.mode === "write" || !this.#readsLocal) return;
    const results = wanted.map((one) => ({ ...one, seen: this.#facts.get(one.task) }));
    await this.#workers.putBack(results, {
      isOver: ends.isOver,
      ended: (index, seen) => {
        const task = wanted[index]?.task;
        if (task !== undefined && seen !== undefined) this.#facts.remember(task, seen);
        ends.ended(index, seen !== undefined);
      },
    });
  }

  async save(
    draft: ResultDraft,
    place: OutputPlace,
    problem?: () => string | undefined,
  ): Promise<Result<StoredResult, string>> {
    if (this.#options.mode === "read") return err("the cache is only read");
    if (this.#failure !== undefined) return err(this.#failure);
    if (!isDigest(draft.key)) return err("its key is none");
    try {
      const saved = await saveOutputs(place, this.#workers);
      if (!saved.ok) return typeof saved.error === "string" ? err(saved.error) : this.#fail(saved.error);
      const unfit = problem?.();
      if (unfit !== undefined) return err(unfit);
      const { outputs, blobs, seen } = saved.value;
      const outputsDigest = digestOfOutputs(outputs);
      const log = this.#storeLog(draft.log, blobs);
      const { key, task, recipe, durationMs } = draft;
      const result: StoredResult = {
        v: 1,
        key,
        task,
        outputs,
        outputsDigest,
        ...(log === undefined ? {} : { log }),
        recipe,
        durationMs: Math.round(durationMs),
        createdMs: wallMs(),
      };
      const manifest = { result, blobs };
      this.#local.write(manifest);
      this.#manifests.set(key, manifest);
      this.#facts.remember(task, seenOf(result, place, seen));
      this.#hasSaved = true;
      if (draft.remote) this.#remotes.upload(manifest);
      return ok(result);
    } catch (error) {
      return this.#fail({ reason: reasonOf(error) });
    }
  }

  /** A full disk or a folder that may not be written is so for every task: nobody tries again and again. */
  #fail({ reason }: StoreFailure): Result<never, string> {
    this.#failure = reason;
    return err(reason);
  }

  /** Its digest; undefined where none is kept. */
  #storeLog(log: readonly LogChunk[] | undefined, blobs: Map<string, StoredBlob>): string | undefined {
    if (log === undefined || log.length === 0) return undefined;
    if (log.reduce((sum, { bytes }) => sum + bytes.length, 0) > MAX_LOG_BYTES) return undefined;
    const { plainDigest, blob } = this.#local.storeBytes(encodeLog(log));
    if (blob === undefined) return undefined;
    blobs.set(plainDigest, blob);
    return plainDigest;
  }

  async log({ key, log }: ResultInPlace): Promise<AsyncIterable<LogChunk> | undefined> {
    if (log === undefined) return undefined;
    const manifest = this.#manifests.get(key) ?? this.#local.read(key);
    const blob = manifest?.blobs.get(log);
    if (blob === undefined || blob.plainSize > MAX_LOG_BYTES * 2) return undefined;
    const isThere = await this.#remotes.fetch(key, new Map([[log, blob]]));
    const bytes = isThere ? this.#logBytes(log, blob) : undefined;
    const chunks = bytes === undefined ? undefined : decodeLog(bytes);
    if (chunks !== undefined) return inTurn(chunks);
    // A remote cache may have all of it.
    this.#local.discardEntry(key, "its log is damaged or gone");
    this.#manifests.delete(key);
    return undefined;
  }

  #logBytes(log: string, blob: StoredBlob): Uint8Array | undefined {
    try {
      return this.#local.readContent(log, blob);
    } catch (error) {
      this.#options.report({ level: "detail", text: `a log of the cache can't be read: ${reasonOf(error)}` });
      return undefined;
    }
  }

  async bring(key: string): Promise<"there" | "brought" | "missing"> {
    const manifest = this.#local.read(key);
    if (manifest !== undefined && this.#isWhole(manifest)) return "there";
    const found = await this.#remotes.find(key);
    return found !== undefined && (await this.#remotes.fetch(key, found.blobs)) ? "brought" : "missing";
  }

  async send(key: string): Promise<number | undefined> {
    const manifest = this.#local.read(key);
    return manifest === undefined || !this.#isWhole(manifest) ? undefined : this.#remotes.push(manifest);
  }

  #isWhole({ blobs }: CacheManifest): boolean {
    for (const { digest } of blobs.values()) if (!this.#local.blobs.has(digest)) return false;
    return true;
  }

  stopReading(): void {
    this.#remotes.stopReading();
  }

  async close(over?: Promise<void>): Promise<void> {
    await this.#remotes.close(this.#options.waitUploadsMs ?? DEFAULT_WAIT_MS, over);
    this.#workers.close();
    await this.#facts.write();
    if (this.#hasSaved) await pruneWhenDue(this.#local, this.#options.limits);
  }
}

const DEFAULT_WAIT_MS = 10_000;

const withoutKnown = ({ known: _known, ...seen }: OutputsSeen): OutputsSeen => seen;

async function* inTurn(chunks: readonly LogChunk[]): AsyncGenerator<LogChunk> {
  yield* chunks;
}
