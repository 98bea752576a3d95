import { filesOf, variablesOf } from "#app/open-task-cache";
import { placeLines } from "#app/place-lines";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { isInside, relativeTo, resolveFrom } from "#base/path";
import { resolvePath } from "#base/workspace-path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { localCacheFolder } from "#core/cache/cache-settings";
import type { RunSubscriber } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { Outcome } from "#core/model/outcome";
import type { Instance, Plan } from "#core/model/plan";
import { undeclaredVariables } from "#engine/cache/audit/mentioned-variables";
import { readTrace } from "#engine/cache/audit/read-trace";
import { straceWords } from "#engine/cache/audit/strace-command";
import type { StraceWords } from "#engine/cache/audit/strace-command";
import { TouchedFiles } from "#engine/cache/audit/touched-files";
import { auditedPath, isFile, linesToAdd, undeclaredFiles } from "#engine/cache/audit/undeclared";
import type { Undeclared } from "#engine/cache/audit/undeclared";
import { Fingerprints } from "#engine/cache/fingerprints";
import { InputFiles, patternsOf } from "#engine/cache/input-files";
import { ruleOf } from "#engine/cache/task-keys";
import { maskText } from "#engine/env/mask";
import type { Confirm, TraceCommand } from "#engine/exec/run-context";
import { NO_PLACE } from "#engine/exec/run-folder";
import type { RunControl } from "#engine/exec/run-plan";
import { realFolder } from "#system/fs/kept-files";
import { makeRunFolder, removeFolder } from "#system/fs/run-files";
import type { Host } from "#system/host";
import { which } from "#system/which";
import type { WatchPattern } from "#core/watch/watch-pattern";
import { withInstalledTools } from "#app/tools/equip-plan";
import { environmentsOf } from "./environments";
import type { PlannedRun } from "./plan-run";
import { newRunId, startRun } from "./run";

/** What one instance has touched, beside what it declares. */
export interface AuditedInstance extends Undeclared {
  readonly id: InstanceId;
  /** Where its task is written; `file` from the workspace root. */
  readonly place: { readonly file: string; readonly line: number };
  readonly state: Outcome["state"] | "unknown";
  /** Whether all was seen that a good run of it does. */
  readonly isComplete: boolean;
  /** Files of the workspace that it read and wrote, declared ones too. */
  readonly counts: { readonly read: number; readonly written: number };
  /** Lines for its table that declare the rest. */
  readonly add: readonly string[];
}

export interface AuditInput {
  readonly host: Host;
  /** `-e NAME=VALUE`. */
  readonly env: Readonly<Record<string, string>>;
  readonly subscribers: readonly RunSubscriber[];
  readonly confirm: Confirm;
}

/** An audit that goes on. */
export interface StartedAudit {
  readonly control: RunControl;
  /** The code is that of the run. */
  readonly result: Promise<{ readonly exitCode: number; readonly instances: readonly AuditedInstance[] }>;
}

/** Runs what was asked for, while watching which files its commands touch. What it needs comes from the cache, if it can. */
export async function startAudit(
  planned: PlannedRun,
  input: AuditInput,
): Promise<Result<StartedAudit, Problems>> {
  const { plan } = planned;
  const { host } = input;
  const asked = new Set(plan.requested);
  const audited = plan.instances.filter(({ id }) => asked.has(id));
  for (const instance of audited) {
    const reason = whyNot(instance);
    if (reason !== undefined) return err(usageProblem("E387", { task: instance.id, reason }));
  }
  const words =
    host.os === "linux"
      ? await straceWords(plan.root, host.env)
      : err("commands can be watched on Linux only");
  const [first] = plan.requested;
  if (!words.ok) return err(usageProblem("E387", { task: first ?? "", reason: words.error }));
  const id = newRunId();
  const folder = await makeRunFolder(`${plan.root}/.zr/run/${id}-audit`);
  if (folder === undefined) return err(usageProblem("E387", { task: first ?? "", reason: NO_PLACE }));
  const traces = new Traces(folder, words.value, asked);
  const started = await startRun({ ...planned, plan: uncached(plan, asked) }, id, {
    ...input,
    failFast: true,
    killOnFail: false,
    exit: { ownCode: true },
    cache: { isOff: false, force: false, why: false, verbose: false },
    trace: traces.around,
  });
  if (!started.ok) {
    await removeFolder(folder);
    return started;
  }
  const result = started.value.result.then(async ({ exitCode, outcomes }) => {
    const audit = new Audit(await withInstalledTools(planned, host), input);
    try {
      const instances: AuditedInstance[] = [];
      for (const instance of audited) {
        const state = outcomes.get(instance.id)?.state ?? "unknown";
        instances.push(await audit.of(instance, { state, traces }));
      }
      return { exitCode, instances };
    } finally {
      await removeFolder(folder);
    }
  });
  return ok({ control: started.value.control, result });
}

/** Why there is nothing to watch; undefined where there is. */
function whyNot({ steps, remote, persistent, interactive }: Instance): string | undefined {
  if (!steps.some(({ kind }) => kind !== "call")) return "it runs no command of its own";
  if (remote !== undefined) return "its commands run on another machine";
  if (persistent) return "it does not end by itself";
  return interactive ? "it is interactive" : undefined;
}

/** The same plan, in which these are run whatever was stored of them or holds already. */
const uncached = (plan: Plan, asked: ReadonlySet<InstanceId>): Plan => ({
  ...plan,
  instances: plan.instances.map((instance) => {
    if (!asked.has(instance.id)) return instance;
    const { cache, retry: _, ...rest } = instance;
    return { ...rest, status: [], ...(cache === undefined ? {} : { declares: cache }) };
  }),
});

/** The traces of the commands that are watched, a file each. */
class Traces {
  readonly #folder: string;
  readonly #words: StraceWords;
  readonly #asked: ReadonlySet<InstanceId>;
  readonly #files = new Map<InstanceId, string[]>();
  #count = 0;

  constructor(folder: string, words: StraceWords, asked: ReadonlySet<InstanceId>) {
    this.#folder = folder;
    this.#words = words;
    this.#asked = asked;
  }

  readonly around: TraceCommand = (command, { id, cwd }, env) => {
    const [program = ""] = command.argv;
    // What can't be started is to fail as always.
    if (!this.#asked.has(id) || which(program, { path: env["PATH"] ?? "", cwd }) === undefined)
      return command;
    const { fallback, ...rest } = command;
    this.#count += 1;
    const file = `${this.#folder}/trace-${this.#count}`;
    const files = this.#files.get(id);
    if (files === undefined) this.#files.set(id, [file]);
    else files.push(file);
    return { ...rest, argv: [...this.#words(file), ...(fallback?.() ?? command.argv)] };
  };

  of(id: InstanceId): readonly string[] {
    return this.#files.get(id) ?? [];
  }
}

/** Compares what was touched with what is declared. */
class Audit {
  readonly #planned: PlannedRun;
  readonly #input: AuditInput;

  constructor(planned: PlannedRun, input: AuditInput) {
    this.#planned = planned;
    this.#input = input;
  }

  async of(
    instance: Instance,
    { state, traces }: { readonly state: AuditedInstance["state"]; readonly traces: Traces },
  ): Promise<AuditedInstance> {
    const { plan, cache, texts } = this.#planned;
    const { host, env } = this.#input;
    const { root } = plan;
    const rule = ruleOf(instance);
    const { localDir } = await cache.settings();
    const own = localCacheFolder(localDir, { root, os: host.os, env: host.env });
    const realRoot = await realFolder(root);
    const files = new TouchedFiles(
      auditedPath({ root, realRoot, ownFolders: own === undefined ? [] : [own] }),
    );
    let isComplete = state === "success";
    for (const trace of traces.of(instance.id))
      if (!(await readTrace(trace, { files, start: instance.cwd }))) isComplete = false;
    const upstreamOutputs = this.#outputsBefore(instance);
    const declared = {
      root,
      packageDir: instance.environment,
      rule,
      inputs: await this.#inputs(instance, upstreamOutputs),
      upstreamOutputs,
    };
    const variables = await variablesOf(instance, environmentsOf(this.#planned, host, env));
    const { reads, writes } = undeclaredFiles(files, declared);
    // A file may be called after a secret.
    const secrets = variables?.secretTexts() ?? [];
    const found: Undeclared = {
      reads: reads.map((name) => maskText(name, secrets)),
      writes: writes.map((name) => maskText(name, secrets)),
      env: variables === undefined ? [] : undeclaredVariables(instance, { rule, variables }),
    };
    const { file } = instance.place;
    return {
      id: instance.id,
      place: {
        file: isInside(root, file) ? relativeTo(root, file) : file,
        line: placeLines(texts)(instance.place),
      },
      state,
      isComplete,
      ...found,
      counts: { read: countFiles(files.reads), written: countFiles(files.writes) },
      add: linesToAdd(declared, found),
    };
  }

  /** Absolute paths of what the key of a task goes by. */
  async #inputs(instance: Instance, upstreamOutputs: readonly WatchPattern[]): Promise<ReadonlySet<string>> {
    const { plan, cache } = this.#planned;
    const { root } = plan;
    const settings = await cache.settings();
    const files = filesOf({ root, basis: cache, host: this.#input.host }, settings);
    const inputFiles = new InputFiles(root, files, new Fingerprints(settings.fingerprint, undefined));
    const found = await inputFiles.of({
      instance,
      rule: ruleOf(instance),
      upstreamOutputs: () => upstreamOutputs,
    });
    const global = await inputFiles.global(cache.globalInputs());
    const dir = instance.environment;
    return new Set([
      ...(found.ok ? [...found.files, ...found.discovered] : []).map(({ name }) =>
        resolvePath(name, dir, root),
      ),
      ...(global.ok ? global.files : []).map(({ name }) => resolveFrom(root, name)),
    ]);
  }

  /** Outputs that the key has by what runs before: of the nearest that declare any. */
  #outputsBefore(instance: Instance): readonly WatchPattern[] {
    const { root, instances } = this.#planned.plan;
    const all = new Map(instances.map((one) => [one.id, one]));
    const seen = new Set<InstanceId>();
    const patterns: WatchPattern[] = [];
    const open = before(instance);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const one = seen.has(id) ? undefined : all.get(id);
      seen.add(id);
      if (one === undefined) continue;
      const { outputs } = ruleOf(one);
      if (outputs.length === 0) open.push(...before(one));
      else patterns.push(...patternsOf(outputs, { root, dir: one.environment }));
    }
    return patterns;
  }
}

const countFiles = (paths: ReadonlySet<string>): number => [...paths].filter(isFile).length;

const before = ({ edges, calls }: Instance): InstanceId[] => [
  ...edges.filter(({ kind }) => kind !== "order").map(({ on }) => on),
  ...calls.flat(),
];
