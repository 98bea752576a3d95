import type { Diagnostic } from "#base/diagnostic";
import type { EnvSource } from "#core/model/environment";
import type { Instance, Plan } from "#core/model/plan";
import { inheritEnvironment, resolveEnvironment, resolveEnvironmentWithCommands } from "#engine/env/layers";
import type { EnvLayer } from "#engine/env/env-layer";
import type { EnvironmentOptions, RunCommand } from "#engine/env/layers";
import { missingDiagnostics } from "#engine/env/missing-variables";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";
import { defaultSecretPatterns } from "#engine/env/secrets";
import { needsStripping } from "#engine/env/system-environment";
import { sourceFiles, sourceLayers } from "#engine/env/source-layers";

export interface EnvironmentSettings {
  /** The environment in which zr was started. */
  readonly system: Readonly<Record<string, string>>;
  /** `-e NAME=VALUE`. */
  readonly flags: EnvSource | undefined;
  readonly secretNames: readonly string[];
  readonly windows: boolean;
  readonly readText: (path: string) => Promise<string | undefined>;
  readonly runCommand: RunCommand;
  /** Kills commands under way; nothing waits for them any more. */
  readonly stopCommands?: () => void;
}

export type InstanceEnvironment =
  | { readonly ok: true; readonly env: ResolvedEnvironment }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Whose environment is asked for: an instance, or whatever else stands in a package. */
export type EnvironmentOwner = Pick<
  Instance,
  "id" | "environment" | "env" | "requiredEnv" | "secrets" | "late" | "place"
>;

/** Environments of the instances of one plan. Instances without layers of their own share their package's. */
export class Environments {
  readonly #plan: Pick<Plan, "environments">;
  readonly #settings: EnvironmentSettings;
  readonly #made = new Map<string, Promise<InstanceEnvironment>>();

  constructor(plan: Pick<Plan, "environments">, settings: EnvironmentSettings) {
    this.#plan = plan;
    this.#settings = settings;
  }

  /** Made once; asked for again, it is the same. Values that only a started instance has are shown as written. */
  of(instance: EnvironmentOwner): Promise<InstanceEnvironment> {
    const key = isPlain(instance) ? instance.environment : `${instance.environment}\0${instance.id}`;
    let made = this.#made.get(key);
    if (made === undefined) {
      made = this.#resolve(instance, textsOf(instance));
      this.#made.set(key, made);
    }
    return made;
  }

  /**
   * What the instance can't do without and does not have, as far as that can be told before a command of the environment is
   * run: a program that keeps secrets is not asked for a run that is refused.
   */
  async missing(instance: EnvironmentOwner): Promise<readonly Diagnostic[]> {
    if (!this.#isAsking(instance)) return [];
    const { layers, options } = await this.#inputs(instance, textsOf(instance));
    return missingDiagnostics(resolveEnvironment(layers, options).missing, instance.place);
  }

  #isAsking({ environment, env, requiredEnv, secrets }: EnvironmentOwner): boolean {
    if (requiredEnv.length > 0 || secrets.length > 0) return true;
    const shared = this.#plan.environments[environment]?.sources ?? [];
    return [...shared, ...env].some(({ entries }) => entries.some(({ required }) => required === true));
  }

  /** The environment of an instance that starts, with the values that are known only now. */
  withValues(instance: Instance, late: Readonly<Record<string, string>>): Promise<InstanceEnvironment> {
    return this.#resolve(instance, late);
  }

  /** The environment in which zr was started. */
  get system(): Readonly<Record<string, string>> {
    return this.#settings.system;
  }

  /** Ends what is still being worked out, as a failure. */
  stop(): void {
    this.#settings.stopCommands?.();
  }

  /** Whether the layers that the instance shares with its package can fail before anything runs. */
  isDemanding(instance: Instance): boolean {
    const sources = this.#plan.environments[instance.environment]?.sources ?? [];
    if (sources.length === 0) return false;
    return sources.some(
      (source) =>
        source.files !== undefined ||
        source.entries.some((entry) => entry.required === true || entry.value.kind !== "text"),
    );
  }

  async #resolve(
    instance: EnvironmentOwner,
    late: Readonly<Record<string, string>> | undefined,
  ): Promise<InstanceEnvironment> {
    const { system, windows, runCommand } = this.#settings;
    const { layers, options, problems } = await this.#inputs(instance, late);
    if (layers.length === 1 && problems.length === 0) {
      // Nothing is added and nothing has to go: a child gets the variables that zr got.
      if (options.envMode === "inherit" && isPlain(instance) && !needsStripping(system, windows))
        return { ok: true, env: inheritEnvironment(system, options) };
      return finish(resolveEnvironment(layers, options), [], instance);
    }
    const env = await resolveEnvironmentWithCommands(layers, runCommand, options);
    return finish(env, problems, instance);
  }

  /** The layers of an instance, the system's first, and alone where there is no other. */
  async #inputs(
    instance: EnvironmentOwner,
    late: Readonly<Record<string, string>> | undefined,
  ): Promise<EnvironmentInputs> {
    const { system, flags, windows, secretNames } = this.#settings;
    const shared = this.#plan.environments[instance.environment];
    const sources = [
      ...(late === undefined ? [] : [lateSource(late)]),
      ...(shared?.sources ?? []),
      ...instance.env,
      ...(flags === undefined ? [] : [flags]),
    ];
    const options = {
      envMode: shared?.mode ?? "inherit",
      passEnv: shared?.passEnv ?? [],
      requiredEnv: instance.requiredEnv,
      secrets: instance.secrets,
      ...(secretNames.length === 0 ? {} : { secretPatterns: [...defaultSecretPatterns, ...secretNames] }),
      windows,
    } as const;
    const base = [{ name: "system" as const, values: system }];
    if (sources.length === 0) return { layers: base, options, problems: [] };
    const { layers, problems } = sourceLayers(sources, await this.#contents(sources));
    return { layers: [...base, ...layers], options, problems };
  }

  async #contents(sources: readonly EnvSource[]): Promise<ReadonlyMap<string, string>> {
    const contents = new Map<string, string>();
    await Promise.all(
      sourceFiles(sources).map(async (path) => {
        const text = await this.#settings.readText(path);
        if (text !== undefined) contents.set(path, text);
      }),
    );
    return contents;
  }
}

interface EnvironmentInputs {
  readonly layers: readonly EnvLayer[];
  readonly options: EnvironmentOptions;
  readonly problems: readonly Diagnostic[];
}

/** Values that only a started instance has, as they are written. */
const textsOf = ({ late }: EnvironmentOwner): Readonly<Record<string, string>> | undefined =>
  late && Object.fromEntries(late.map(({ variable, text }) => [variable, text]));

/** The lowest layer of zr's own, which texts of all others may refer to. */
const lateSource = (late: Readonly<Record<string, string>>): EnvSource => ({
  layer: "task-env",
  entries: Object.entries(late).map(([name, text]) => ({
    name,
    value: { kind: "text", text, expand: false },
  })),
});

const isPlain = (instance: EnvironmentOwner): boolean =>
  instance.env.length === 0 &&
  instance.late === undefined &&
  instance.requiredEnv.length === 0 &&
  instance.secrets.length === 0;

function finish(
  env: ResolvedEnvironment,
  problems: readonly Diagnostic[],
  instance: EnvironmentOwner,
): InstanceEnvironment {
  const errors = [...problems, ...env.problems, ...missingDiagnostics(env.missing, instance.place)].filter(
    (problem) => problem.severity === "error",
  );
  return errors.length === 0 ? { ok: true, env } : { ok: false, diagnostics: errors };
}
