import { ok } from "#base/result";
import type { Result } from "#base/result";
import { fileParts, recipeOf, recipeText } from "#core/cache/recipe";
import type { CacheRule, KeyPart, KeyRecipe, StoredResult } from "#core/model/cache";
import type { InstanceId } from "#core/model/ids";
import type { InstanceState } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";
import type { WatchPattern } from "#core/watch/watch-pattern";
import type { InstanceVariables } from "./cache-session";
import type { OutputPlace, OutputSharer } from "./cache-store";
import { collectOutputs } from "./collect-outputs";
import { digestOf } from "./fingerprints";
import { patternsOf } from "./input-files";
import type { InputFiles, InputOwner } from "./input-files";
import { commandParts, envParts, NO_DIGEST, verdictParts } from "./key-parts";
import { OutputPlaces } from "./output-places";
import { outputsDigest, storedFacts } from "./outputs-digest";
import type { KnownResultKey, ResultMemory } from "./result-memory";
import { OverlappingOutputs } from "./overlapping-outputs";
import { WorkedPlaces } from "./worked-places";
import type { WorkspaceFiles } from "./workspace-files";

/** What a key is made of, and the key. */
export interface TaskKey {
  readonly ok: true;
  readonly key: string;
  readonly recipe: KeyRecipe;
  /** Without the inputs that a dependency file adds; the same as `key` where it adds none. */
  readonly baseKey: string;
}

/** Why something has no key, in words. */
export interface NoKey {
  readonly ok: false;
  readonly why: string;
}

export interface TaskKeysOptions {
  readonly root: string;
  readonly instances: Iterable<Instance>;
  readonly workspaceFiles: WorkspaceFiles;
  readonly inputFiles: InputFiles;
  readonly globalInputs: readonly string[];
  /** Globs of all that the tasks of a package declare to make. */
  readonly outputsOf: (packageDir: string) => readonly string[];
  /** Of an instance that is not started here; undefined where its environment can't be made. */
  readonly variablesOf: (instance: Instance) => Promise<InstanceVariables | undefined>;
  /** Of the digests of secrets; undefined where there is none. */
  readonly secretKey: () => Promise<string | undefined>;
  /** `linux/x64`. */
  readonly platform: string;
  /** What is known from an earlier run. */
  readonly memory?: ResultMemory | undefined;
}

const DEFAULT_RULE: CacheRule = {
  inputs: undefined,
  outputs: [],
  envInputs: [],
  allowOverlap: false,
  platform: false,
  remote: false,
  log: "none",
};

/** Works out the keys of a run's instances. */
export class TaskKeys {
  readonly #options: TaskKeysOptions;
  readonly #instances: ReadonlyMap<InstanceId, Instance>;
  readonly #states = new Map<InstanceId, InstanceState>();
  /** What each instance means to those behind it. */
  readonly #meanings = new Map<InstanceId, Promise<string | NoKey>>();
  readonly #made = new Map<InstanceId, readonly WatchPattern[]>();
  readonly #around = new Map<string, readonly WatchPattern[]>();
  readonly #asBefore = new Map<InstanceId, Promise<boolean>>();
  #outputPlaces: OutputPlaces | undefined;
  readonly #recalled = new Set<InstanceId>();
  readonly #worked: WorkedPlaces;
  readonly #overlapping: OverlappingOutputs;
  #secretKey: Promise<string | undefined> | undefined;

  constructor(options: TaskKeysOptions) {
    this.#options = options;
    this.#instances = new Map([...options.instances].map((instance) => [instance.id, instance]));
    this.#worked = new WorkedPlaces(options.root, this.#instances);
    this.#overlapping = new OverlappingOutputs(options.root, this.#instances);
  }

  /** How an instance ended: what is behind it goes by that. */
  settled(id: InstanceId, state: InstanceState): void {
    this.#states.set(id, state);
    if (state !== "success" && state !== "cached") this.#meanings.delete(id);
    const instance = this.#instances.get(id);
    if (instance === undefined || instance.steps.length === 0) return;
    if (!HAS_NOT_WORKED.has(state)) this.worked(instance);
    if (state !== "success") return;
    // It may have written anywhere in its package.
    if (instance.cache === undefined && ruleOf(instance).outputs.length === 0)
      this.#options.workspaceFiles.forget(instance.environment);
  }

  /** Outputs of an instance are other files than when the run began. */
  worked(instance: Instance): void {
    this.#worked.add(instance, ruleOf(instance));
  }

  /** Whether the inputs of an instance may be others than when the run began, by what has been done before it. */
  isWorkedOn(instance: Instance): boolean {
    return this.#worked.hold(instance, ruleOf(instance));
  }

  /** Others whose outputs stay where the ones of an instance are put back. */
  sharersOf(instance: Instance): readonly OutputSharer[] {
    return this.#overlapping.with(instance, (id) => this.#states.has(id));
  }

  /** An instance has its result of an earlier run; nothing is known of one that runs no commands. */
  recalled(id: InstanceId, state: InstanceState, known: KnownResultKey | undefined): void {
    if (known !== undefined) this.supposeMeaning(id, known.key, known.meaning);
    this.settled(id, state);
    this.#recalled.add(id);
  }

  /** The outputs of an instance are, or would be, those of a stored result: its files need not be read. */
  suppose(id: InstanceId, { key, outputs }: StoredResult): void {
    const facts = storedFacts(outputs);
    const instance = this.#instances.get(id);
    const meaning =
      instance !== undefined && ruleOf(instance).outputs.length > 0 ? outputsDigest(facts) : key;
    this.#meanings.set(id, Promise.resolve(meaning));
  }

  /** The same where all that is known of the result is what it means. */
  supposeMeaning(id: InstanceId, key: string, meaning: string): void {
    const instance = this.#instances.get(id);
    const hasOutputs = instance !== undefined && ruleOf(instance).outputs.length > 0;
    this.#meanings.set(id, Promise.resolve(hasOutputs ? meaning : key));
  }

  /** Whether all that runs before an instance means what it is said to have meant. A group means what is before it. */
  async isBeforeAs(instance: Instance, meant: (id: InstanceId) => string | undefined): Promise<boolean> {
    for (const id of new Set(beforeOf(instance))) {
      const before = this.#instances.get(id);
      if (before === undefined) return false;
      if (before.steps.length === 0) {
        let isSo = this.#asBefore.get(id);
        if (isSo === undefined) this.#asBefore.set(id, (isSo = this.isBeforeAs(before, meant)));
        if (!(await isSo)) return false;
        continue;
      }
      const was = meant(id);
      if (was === undefined || (await this.meaningOf(id)) !== was) return false;
    }
    return true;
  }

  /** Absolute paths of the files that the key of an instance was made of; undefined where not all of them are known. */
  inputsOf(id: InstanceId): readonly string[] | undefined {
    return this.#options.inputFiles.lookedAt(id);
  }

  /** The key of an instance as everything is now. */
  async of(instance: Instance, variables: InstanceVariables): Promise<TaskKey | NoKey> {
    const own = await this.#ownParts(instance, variables);
    if (!own.ok) return own;
    const upstream = await this.#upstreamParts(instance);
    if (!upstream.ok) return upstream;
    const fixed = [...own.parts, ...upstream.parts];
    const recipe = recipeOf([...fixed, ...own.discovered]);
    const key = keyOf(recipe);
    const isBase = own.discovered.length === 0;
    const made: TaskKey = { ok: true, key, recipe, baseKey: isBase ? key : keyOf(recipeOf(fixed)) };
    if (ruleOf(instance).outputs.length === 0) this.#meanings.set(instance.id, Promise.resolve(key));
    return made;
  }

  async #ownParts(
    instance: Instance,
    variables: InstanceVariables,
  ): Promise<
    { readonly ok: true; readonly parts: readonly KeyPart[]; readonly discovered: readonly KeyPart[] } | NoKey
  > {
    const { root, inputFiles, globalInputs, platform } = this.#options;
    const rule = ruleOf(instance);
    const owner = this.#ownerOf(instance);
    const inputs = await inputFiles.of(owner);
    if (!inputs.ok) return inputs;
    const global = await inputFiles.global(globalInputs);
    if (!global.ok) return global;
    const secretKey = await (this.#secretKey ??= this.#options.secretKey());
    const env = envParts(instance, { rule, variables }, { root, secretKey });
    const untold = env.find(({ digest }) => digest === NO_DIGEST);
    if (untold !== undefined)
      return { ok: false, why: `there is no place for the key that hides ${untold.name}, a secret` };
    const digest = (text: string): string => digestOf(text, "sha256");
    return {
      ok: true,
      parts: [
        ...commandParts(instance, { root, platform }),
        ...verdictParts(variables),
        ...env,
        ...fileParts("file", inputs.files, digest),
        ...fileParts("global", global.files, digest),
        ...(rule.platform ? [{ kind: "platform" as const, name: "platform", digest: platform }] : []),
        ...(rule.salt === undefined
          ? []
          : [{ kind: "salt" as const, name: "salt", digest: digest(rule.salt) }]),
        { kind: "command", name: "outputs", digest: digest(JSON.stringify(rule.outputs)) },
      ],
      discovered: inputs.discovered.map(({ name, digest: print }) => ({ kind: "file", name, digest: print })),
    };
  }

  #ownerOf(instance: Instance): InputOwner {
    const known = this.#inputPathsOf(instance);
    return {
      instance,
      rule: ruleOf(instance),
      ...(known === undefined ? {} : { known }),
      upstreamOutputs: () => {
        const madeBefore = this.#outputsBefore(instance);
        // Whatever an uncached task reads, it is not what those behind it make.
        return instance.cache === undefined ? [...madeBefore, ...this.#outputsAround(instance)] : madeBefore;
      },
    };
  }

  /** Its inputs as they were listed for an earlier run; undefined where something that runs now may make others. */
  #inputPathsOf(instance: Instance): readonly string[] | undefined {
    const paths = this.#options.memory?.inputPaths(instance.id);
    const { inputs, depfile } = ruleOf(instance);
    if (paths === undefined || depfile !== undefined) return undefined;
    // By itself a package means its files as they are listed when the run begins; a glob may mean what git ignores.
    const isSettled =
      inputs === undefined
        ? !this.#options.workspaceFiles.isForgotten(instance.environment)
        : beforeOf(instance).every((id) => this.#recalled.has(id)) && !this.isWorkedOn(instance);
    return isSettled ? paths : undefined;
  }

  /**
   * Absolute paths of all files that an instance may go by: its inputs, those of everything, and what the instances that
   * it needs have made. The error is a sentence's end for people.
   */
  async filesFor(instance: Instance): Promise<Result<ReadonlySet<string>, string>> {
    const { inputFiles, globalInputs } = this.#options;
    const paths = new Set(await inputFiles.pathsOf(this.#ownerOf(instance)));
    for (const path of await inputFiles.globalPaths(globalInputs)) paths.add(path);
    const seen = new Set<InstanceId>();
    const open = beforeOf(instance);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const before = seen.has(id) ? undefined : this.#instances.get(id);
      seen.add(id);
      if (before === undefined) continue;
      // A group stands for what is before it.
      if (before.steps.length === 0) open.push(...beforeOf(before));
      const made = await collectOutputs(this.#placeOf(before), { strict: false });
      if (!made.ok) return made;
      for (const { absolute } of made.value.outputs.values()) paths.add(absolute);
    }
    return ok(paths);
  }

  #placeOf(instance: Instance): OutputPlace {
    return {
      packageDir: instance.environment,
      root: this.#options.root,
      outputs: ruleOf(instance).outputs,
    };
  }

  async #upstreamParts(
    instance: Instance,
  ): Promise<{ readonly ok: true; readonly parts: readonly KeyPart[] } | NoKey> {
    const parts: KeyPart[] = [];
    const ids = new Set([...upstreamOf(instance), ...instance.calls.flat()]);
    for (const id of ids) {
      const meaning = await this.meaningOf(id);
      if (typeof meaning !== "string") return meaning;
      parts.push({ kind: "upstream", name: id, digest: meaning });
    }
    return { ok: true, parts };
  }

  /**
   * What an instance means to those behind it: the digest of its outputs where it declares any, else its key. One that
   * is not cached has a key too, which nobody looks up; a group means what is before it.
   */
  meaningOf(id: InstanceId): Promise<string | NoKey> {
    let meaning = this.#meanings.get(id);
    if (meaning === undefined) this.#meanings.set(id, (meaning = this.#meaning(id)));
    return meaning;
  }

  async #meaning(id: InstanceId): Promise<string | NoKey> {
    const instance = this.#instances.get(id);
    if (instance === undefined) return { ok: false, why: `nothing is known of ${id}, which runs before it` };
    const state = this.#states.get(id);
    if (state !== undefined && state !== "success" && state !== "cached") {
      const otherwise = await this.#meaningByState(instance);
      return typeof otherwise === "string" ? `${state}:${otherwise}` : otherwise;
    }
    return this.#meaningByState(instance);
  }

  async #meaningByState(instance: Instance): Promise<string | NoKey> {
    if (instance.steps.length === 0) {
      const before = await this.#upstreamParts(instance);
      return before.ok ? keyOf(recipeOf(before.parts)) : before;
    }
    const { outputs } = ruleOf(instance);
    // What a call is about to run has made nothing yet.
    if (outputs.length > 0 && (instance.heldBy === undefined || this.#states.has(instance.id)))
      return this.#outputsNow(instance);
    const variables = await this.#options.variablesOf(instance);
    if (variables === undefined) return { ok: false, why: `the environment of ${instance.id} can't be made` };
    const own = await this.#ownParts(instance, variables);
    if (!own.ok) return own;
    const upstream = await this.#upstreamParts(instance);
    return upstream.ok ? keyOf(recipeOf([...own.parts, ...own.discovered, ...upstream.parts])) : upstream;
  }

  async #outputsNow(instance: Instance): Promise<string | NoKey> {
    const { inputFiles } = this.#options;
    const found = await collectOutputs(this.#placeOf(instance), { strict: false });
    if (!found.ok) return { ok: false, why: found.error };
    const paths = [...found.value.outputs.values()].map(({ absolute }) => absolute);
    const read = await inputFiles.outputs(paths, instance.environment);
    return read.ok ? outputsDigest(read.files) : read;
  }

  #outputsAround({ environment }: Instance): readonly WatchPattern[] {
    let patterns = this.#around.get(environment);
    if (patterns === undefined) {
      const { root, outputsOf } = this.#options;
      patterns = patternsOf(outputsOf(environment), { root, dir: environment });
      this.#around.set(environment, patterns);
    }
    return patterns;
  }

  /** Outputs in the package of an instance, or around it, of everything that runs before. */
  #outputsBefore(instance: Instance): readonly WatchPattern[] {
    const known = this.#made.get(instance.id);
    if (known !== undefined) return known;
    const patterns: WatchPattern[] = [];
    this.#made.set(instance.id, patterns);
    // Most packages are written to by their own tasks alone: then there is nothing to look for.
    const near = (this.#outputPlaces ??= this.#placesOfOutputs()).near(instance.environment);
    let left = near.size - (near.has(instance.id) ? 1 : 0);
    const seen = new Set<InstanceId>([instance.id]);
    const open = left === 0 ? [] : beforeOf(instance);
    for (let id = open.pop(); id !== undefined && left > 0; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const found = near.get(id);
      if (found !== undefined) {
        patterns.push(...found);
        left -= 1;
      }
      const before = this.#instances.get(id);
      if (before !== undefined) open.push(...beforeOf(before));
    }
    return patterns;
  }

  #placesOfOutputs(): OutputPlaces {
    const places = new OutputPlaces();
    for (const instance of this.#instances.values()) {
      const { outputs } = ruleOf(instance);
      if (outputs.length === 0) continue;
      const from = { root: this.#options.root, dir: instance.environment };
      places.add(instance.id, patternsOf(outputs, from));
    }
    return places;
  }
}

/** How ends what has started none of its commands. */
const HAS_NOT_WORKED: ReadonlySet<InstanceState> = new Set(["cached", "skipped", "blocked"]);

/** What an instance says of its files, cached or not. */
export const ruleOf = ({ cache, declares }: Instance): CacheRule => cache ?? declares ?? DEFAULT_RULE;

const keyOf = (recipe: KeyRecipe): string => digestOf(recipeText(recipe), "sha256");

const beforeOf = (instance: Instance): InstanceId[] => [...upstreamOf(instance), ...instance.calls.flat()];

const upstreamOf = ({ edges }: Instance): readonly InstanceId[] =>
  edges.filter(({ kind }) => kind !== "order").map(({ on }) => on);
