import { resolvePath } from "#base/workspace-path";
import { changesText, recipeChanges } from "#core/cache/recipe-changes";
import type { KeyRecipe, LogChunk, ResultInPlace, StoredResult } from "#core/model/cache";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";
import type { CacheableEnd, CacheAnswer, CacheSession, InstanceVariables, TellCache } from "./cache-session";
import type { CacheStore, OutputPlace } from "./cache-store";
import { fingerprintText } from "./fingerprints";
import type { Fingerprints } from "./fingerprints";
import type { ResultMemory } from "./result-memory";
import { WorkMarks } from "./work-marks";
import { ruleOf } from "./task-keys";
import type { TaskKey, TaskKeys } from "./task-keys";

export interface TaskCacheOptions {
  readonly root: string;
  readonly keys: TaskKeys;
  readonly store: CacheStore;
  readonly prints: Fingerprints;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Run what is stored too, and store it anew. */
  readonly force: boolean;
  /** Work out what has changed at each miss. */
  readonly explains: boolean;
  /** What is known of results, and takes in what turns out; not there where nobody wants to know. */
  readonly memory?: ResultMemory | undefined;
  readonly now: () => number;
  readonly onConnect: (tell: TellCache) => void;
  /** Called once at the end, before the store is closed. */
  readonly onClose: () => Promise<void>;
}

interface Open {
  readonly made: TaskKey;
  readonly variables: InstanceVariables;
}

const WORKED_ON = "another run was at work on it at the same time";

const OFF: CacheAnswer = { kind: "off" };

/** The cache of one run. */
export class TaskCache implements CacheSession {
  readonly #options: TaskCacheOptions;
  readonly #open = new Map<InstanceId, Open>();
  /** By the key of a result that was taken, until they are asked for. */
  readonly #logs = new Map<string, AsyncIterable<LogChunk>>();
  readonly #marks: WorkMarks;
  /** Reasons that have been told: a full disk is so for every task. */
  readonly #told = new Set<string>();
  #tell: TellCache = () => {};

  constructor(options: TaskCacheOptions) {
    this.#options = options;
    this.#marks = new WorkMarks(options.root);
  }

  connect(tell: TellCache): void {
    this.#tell = tell;
    this.#options.onConnect(tell);
  }

  async before(instance: Instance, variables: InstanceVariables): Promise<CacheAnswer> {
    const { reads, writes, force, explains, keys } = this.#options;
    if (instance.cache === undefined || (!reads && !writes)) return OFF;
    const remembered = reads && !force ? await this.#remembered(instance) : undefined;
    if (remembered !== undefined) return { kind: "hit", result: remembered };
    const made = await keys.of(instance, variables);
    if (!made.ok) {
      this.#tell("warn", `${instance.id} is not cached: ${made.why}`);
      return OFF;
    }
    this.#open.set(instance.id, { made, variables });
    this.#noteInputs(instance);
    if (force) return this.#missed(instance, explains ? "--force" : "");
    if (!reads) return this.#missed(instance, explains ? "the cache is only written to" : "");
    const inPlace = this.#inPlace(instance, made.key);
    if (inPlace !== undefined) {
      this.#open.delete(instance.id);
      await this.#learn(instance, made.key);
      return { kind: "hit", result: inPlace };
    }
    const found = await this.#taken(instance, made);
    if (typeof found === "string") return this.#missed(instance, explains ? found : "");
    if (found !== undefined) {
      this.#open.delete(instance.id);
      keys.suppose(instance.id, found);
      await this.#learn(instance, made.key);
      return { kind: "hit", result: found };
    }
    return this.#missed(instance, explains ? await this.whyMissed(instance, made.recipe) : "");
  }

  async #missed({ id }: Instance, why: string): Promise<CacheAnswer> {
    if (this.#options.writes) await this.#marks.begin(id);
    return { kind: "miss", why };
  }

  /**
   * A result whose key is known without a look at the inputs: they are as they were, also after all that has been done in
   * this run, and what is before it means the same.
   */
  async #remembered(instance: Instance): Promise<ResultInPlace | undefined> {
    const { memory, keys, store } = this.#options;
    const known = memory?.known.get(instance.id);
    if (memory === undefined || known === undefined || keys.isWorkedOn(instance)) return undefined;
    if (!(await keys.isBeforeAs(instance, (id) => memory.known.get(id)?.meaning))) return undefined;
    let result: ResultInPlace | undefined = this.#inPlace(instance, known.key);
    if (result === undefined) {
      const found = await store.find(known.key, { remote: ruleOf(instance).remote });
      if (found === undefined || !(await this.#takes(instance, found))) return undefined;
      keys.suppose(instance.id, found);
      result = found;
    }
    memory.learned.set(instance.id, { ...known, outputs: () => store.outputPaths(instance.id) });
    return result;
  }

  putBack(instances: readonly Instance[], isOver: () => boolean): ReadonlyMap<InstanceId, Promise<boolean>> {
    const { memory, store, reads, keys } = this.#options;
    const ends = new Map(instances.map(({ id }) => [id, Promise.withResolvers<boolean>()]));
    const wanted = instances.flatMap((instance) => {
      const key = memory?.known.get(instance.id)?.key;
      // What must stay of others is only seen in its turn.
      return key === undefined || !reads || keys.sharersOf(instance).length > 0
        ? []
        : [{ key, task: instance.id, place: this.#placeOf(instance) }];
    });
    const endAll = (): void => {
      for (const { resolve } of ends.values()) resolve(false);
    };
    const ended = (index: number, isThere: boolean): void => {
      const task = wanted[index]?.task;
      if (task !== undefined) ends.get(task)?.resolve(isThere);
    };
    void store.putBack(wanted, { isOver, ended }).finally(endAll);
    return new Map([...ends].map(([id, { promise }]) => [id, promise]));
  }

  recalled(id: InstanceId, { state }: Outcome): void {
    const { memory, keys } = this.#options;
    const known = memory?.known.get(id);
    keys.recalled(id, state, known);
    if (known !== undefined) memory?.learned.set(id, known);
  }

  #noteInputs({ id }: Instance): void {
    const { memory, keys } = this.#options;
    const inputs = keys.inputsOf(id);
    if (inputs !== undefined) memory?.lookedAt.set(id, inputs);
  }

  /** Takes in what has turned out of a result that is there. */
  async #learn(instance: Instance, key: string): Promise<void> {
    const { memory, keys, store } = this.#options;
    if (memory === undefined || instance.shareOutput !== undefined) return;
    const inputs = keys.inputsOf(instance.id);
    const meaning = await keys.meaningOf(instance.id);
    if (inputs === undefined || typeof meaning !== "string") return;
    const outputs = (): readonly string[] | undefined => store.outputPaths(instance.id);
    memory.learned.set(instance.id, { key, meaning, inputs: () => inputs, outputs });
  }

  /** The result for a key; a text where there is one that must not be used. */
  async find(instance: Instance, made: TaskKey): Promise<StoredResult | string | undefined> {
    const { store, now } = this.#options;
    const { remote, ttlMs, depfile } = ruleOf(instance);
    const direct = await store.find(made.key, { remote });
    // Without the dependency file of an earlier run there is only the key without what it adds.
    const found = direct ?? (depfile === undefined ? undefined : await store.find(made.baseKey, { remote }));
    if (found === undefined || !(await this.#isStillSo(instance, found.recipe, made.recipe)))
      return undefined;
    return ttlMs !== undefined && found.createdMs + ttlMs <= now()
      ? "its result is older than its ttl"
      : found;
  }

  /** What has changed since the last result of an instance, in words. */
  async whyMissed({ id }: Instance, recipe: KeyRecipe): Promise<string> {
    const last = await this.#options.store.last(id);
    if (last === undefined) return "no result of it is stored";
    const changes = recipeChanges(last.recipe, recipe);
    return changes.length === 0 ? "its last result is damaged or gone" : changesText(changes);
  }

  /** What has changed of an instance itself since its last result, whatever is before it; empty where nothing has. */
  async ownChanges({ id }: Instance, recipe: KeyRecipe): Promise<string> {
    const last = await this.#options.store.last(id);
    if (last === undefined) return "no result of it is stored";
    return changesText(recipeChanges(last.recipe, recipe).filter(({ kind }) => kind !== "upstream"));
  }

  async after(instance: Instance, end: CacheableEnd): Promise<void> {
    const { keys, writes } = this.#options;
    const open = this.#open.get(instance.id);
    this.#open.delete(instance.id);
    if (open === undefined || !writes) return;
    if (end.unfit !== undefined) return this.#notStored(instance, end.unfit);
    // What was edited meanwhile may or may not be in what was made.
    const again = await keys.of(instance, open.variables);
    if (!again.ok) return this.#notStored(instance, again.why);
    const edited = recipeChanges(open.made.recipe, again.recipe);
    if (again.baseKey !== open.made.baseKey || edited.some(({ change }) => change === "changed"))
      return this.#notStored(instance, `while it ran, ${changesText(edited)}`);
    if (again.baseKey !== again.key) await this.#save(instance, { ...again, key: again.baseKey }, end);
    await this.#save(instance, again, end);
  }

  log(result: ResultInPlace): Promise<AsyncIterable<LogChunk> | undefined> {
    const log = this.#logs.get(result.key);
    this.#logs.delete(result.key);
    return log === undefined ? this.#options.store.log(result) : Promise.resolve(log);
  }

  settled(id: InstanceId, { state }: Outcome): void {
    this.#marks.end(id);
    this.#options.keys.settled(id, state);
  }

  stopReading(): void {
    this.#options.store.stopReading();
  }

  async close(over?: Promise<void>): Promise<void> {
    this.#marks.endAll();
    await this.#options.onClose();
    await this.#options.store.close(over);
  }

  async #save(
    instance: Instance,
    { key, recipe }: TaskKey,
    { log, durationMs }: CacheableEnd,
  ): Promise<void> {
    const rule = ruleOf(instance);
    const keepsLog = rule.log !== "none" || instance.shareOutput !== undefined;
    const saved = await this.#options.store.save(
      {
        key,
        task: instance.id,
        recipe,
        durationMs,
        remote: rule.remote,
        ...(keepsLog ? { log } : {}),
      },
      this.#placeOf(instance),
      () => (this.#marks.isAlone(instance.id) ? undefined : WORKED_ON),
    );
    if (!saved.ok && saved.error === WORKED_ON) this.#notStored(instance, WORKED_ON);
    else if (saved.ok) this.#options.keys.suppose(instance.id, saved.value);
    else if (!this.#told.has(saved.error)) {
      this.#told.add(saved.error);
      this.#tell("warn", `the result of ${instance.id} is not stored: ${saved.error}`);
    }
  }

  /** A result of which nothing has to be put back or shown: most are so where little has changed. */
  #inPlace(instance: Instance, key: string): ResultInPlace | undefined {
    const { store, keys, now } = this.#options;
    const { ttlMs, depfile } = ruleOf(instance);
    if (depfile !== undefined || instance.shareOutput !== undefined) return undefined;
    const known = store.inPlace(key, instance.id, this.#placeOf(instance));
    if (known === undefined || (ttlMs !== undefined && known.createdMs + ttlMs <= now())) return undefined;
    keys.supposeMeaning(instance.id, key, known.meaning);
    return { key, durationMs: known.durationMs };
  }

  /** The same as `find`, put in place. What is damaged here is removed here, and may be whole in a remote cache. */
  async #taken(instance: Instance, made: TaskKey): Promise<StoredResult | string | undefined> {
    const { store } = this.#options;
    const found = await this.find(instance, made);
    if (found === undefined || typeof found === "string") return found;
    if (await this.#takes(instance, found)) return found;
    // Nothing is wrong with what is still here.
    if ((await store.find(found.key, { remote: false })) !== undefined) return undefined;
    // First the log may turn out to be damaged, then the outputs.
    for (let round = 0; round < 2; round += 1) {
      const again = await this.find(instance, made);
      if (again === undefined || typeof again === "string") return again;
      if (await this.#takes(instance, again)) return again;
    }
    return undefined;
  }

  /** Puts a result in place; false where it turns out to be damaged, what it has printed among it. */
  async #takes(instance: Instance, result: StoredResult): Promise<boolean> {
    const { store, keys } = this.#options;
    if (
      result.log !== undefined &&
      (instance.shareOutput !== undefined || ruleOf(instance).log === "replay")
    ) {
      const log = await store.log(result);
      if (log === undefined) return false;
      this.#logs.set(result.key, log);
    }
    this.#marks.touch(instance.id);
    const restored = await store.restore(result, {
      ...this.#placeOf(instance),
      sharers: keys.sharersOf(instance),
    });
    if (restored === "restored") keys.worked(instance);
    return restored !== "damaged";
  }

  /** Whether the inputs that only the stored result knows of are what they were. */
  async #isStillSo({ environment }: Instance, stored: KeyRecipe, now: KeyRecipe): Promise<boolean> {
    const { root, prints } = this.#options;
    const known = new Map(now.parts.map(({ kind, name, digest }) => [`${kind}\0${name}`, digest]));
    for (const { kind, name, digest } of stored.parts) {
      const own = known.get(`${kind}\0${name}`);
      if (own === digest) continue;
      if (own !== undefined) return false;
      const path = resolvePath(name, environment, root);
      if (kind !== "file" || fingerprintText(await prints.of(path)) !== digest) return false;
    }
    return true;
  }

  #notStored({ id }: Instance, why: string): void {
    if (this.#options.explains) this.#tell("info", `the result of ${id} is not stored: ${why}`);
  }

  #placeOf(instance: Instance): OutputPlace {
    return {
      packageDir: instance.environment,
      root: this.#options.root,
      outputs: ruleOf(instance).outputs,
    };
  }
}
