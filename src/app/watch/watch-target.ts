import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { globalInputs } from "#core/cache/cache-settings";
import type { InstanceId } from "#core/model/ids";
import type { Plan } from "#core/model/plan";
import type { ActiveRule } from "#core/watch/affected";
import { checkRules, packageOfRule } from "#core/watch/check-rules";
import { watchPlan } from "#core/watch/watch-spec";
import type { WatchPlan } from "#core/watch/watch-spec";
import { watchSettings } from "#core/watch/watch-settings";
import { watchPattern } from "#core/watch/watch-pattern";
import type { WatchPattern } from "#core/watch/watch-pattern";
import type { WatchRule, WatchSettings } from "#core/watch/watch-settings";
import { findTask, parseReference, resolveReference } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadedWorkspace, LoadOptions } from "#app/load-workspace";
import { planLoaded } from "#app/operations/plan-run";
import type { PlanInput, PlannedRun } from "#app/operations/plan-run";
import type { Problems } from "#app/problems";

/** What somebody wants to be watched. */
export interface WatchRequest {
  readonly load: LoadOptions;
  /**
   * What to run at the start and to follow: the request of a run, over what was loaded. Asked again when the configuration
   * has changed. Without a problem where there is nothing to run, and that has been told.
   */
  readonly input: (loaded: LoadedWorkspace) => Promise<Result<PlanInput, Problems | undefined>>;
  /** Also what `[watch.rules]` name. */
  readonly all: boolean;
}

/** A configuration with what is to be followed of it. */
export interface WatchTarget {
  readonly loaded: LoadedWorkspace;
  /** What was asked for in it. */
  readonly input: PlanInput;
  readonly planned: PlannedRun;
  readonly settings: WatchSettings;
  readonly watch: WatchPlan;
  /** Instances that are run at the start and followed for their own files; the rest belongs to rules. */
  readonly followed: ReadonlySet<InstanceId>;
  readonly rules: readonly ActiveRule[];
  /** Files whose change means that all of this has to be made anew. */
  readonly configFiles: ReadonlySet<string>;
  /** Where files that are not there yet would be such. */
  readonly configGlobs: readonly WatchPattern[];
}

/** Loads the configuration and works out what is to be run and followed. */
export async function loadTarget(request: WatchRequest): Promise<Result<WatchTarget, Problems>> {
  const loaded = await loadWorkspace(request.load);
  if (!loaded.ok) return loaded;
  const input = await request.input(loaded.value);
  return input.ok ? makeTarget(loaded.value, request, input.value) : err(input.error ?? NOTHING);
}

const NOTHING: Problems = { diagnostics: [], unread: [], texts: new Map() };

/** As `loadTarget`, over a configuration that has been loaded, for what is asked for in it. */
export async function makeTarget(
  loaded: LoadedWorkspace,
  request: Pick<WatchRequest, "all">,
  input: PlanInput,
): Promise<Result<WatchTarget, Problems>> {
  const { workspace, texts } = loaded;
  const found: Diagnostic[] = [];
  const settings = watchSettings(workspace, found);
  const rules = request.all ? settings.rules : [];
  if (request.all) checkRules(rules, workspace, found);
  if (found.length > 0) return err({ diagnostics: found, unread: [], texts });
  const planned = await planBoth(loaded, input, rules);
  if (!planned.ok) return planned;
  const { whole, followed } = planned.value;
  const plan = withLastingServers(whole.plan);
  const watch = watchPlan(plan, { workspace, settings, globalInputs: globalInputs(workspace) }, found);
  if (found.length > 0) return err({ diagnostics: found, unread: [], texts });
  return ok({
    loaded,
    input,
    planned: { ...whole, plan },
    settings,
    watch,
    followed,
    rules: rules.map((rule) => ({ pattern: rule.pattern, ids: idsOf(rule, plan, workspace) })),
    configFiles: new Set(texts.keys()),
    configGlobs: languageGlobs(workspace),
  });
}

/** Where files lie that describe languages. */
const languageGlobs = ({ rootPackage, root }: Workspace): readonly WatchPattern[] =>
  rootPackage.config.files
    .flatMap(({ document }) => document.workspace?.languages ?? [])
    .flatMap((glob) => watchPattern(glob, { root, dir: root }) ?? []);

interface BothPlans {
  /** Of what was asked for and of what the rules name. */
  readonly whole: PlannedRun;
  readonly followed: ReadonlySet<InstanceId>;
}

async function planBoth(
  loaded: LoadedWorkspace,
  input: PlanInput,
  rules: readonly WatchRule[],
): Promise<Result<BothPlans, Problems>> {
  const named = new Set(
    rules.flatMap((rule) => rule.tasks.map((task) => wordFor(task, rule, loaded.workspace))),
  );
  const asked = input.words.length === 0 && named.size > 0 ? undefined : await planLoaded(loaded, input);
  if (asked?.ok === false) return asked;
  const followed = new Set(asked?.value.plan.instances.map(({ id }) => id));
  if (named.size === 0 && asked !== undefined) return ok({ whole: asked.value, followed });
  const whole = await planLoaded(loaded, { ...input, words: [...input.words, ...named] });
  return whole.ok ? ok({ whole: whole.value, followed }) : whole;
}

/** Servers stay up between runs, also those that nobody has named: as if they had been. */
function withLastingServers(plan: Plan): Plan {
  const isOther = ({ persistent, heldBy, reason }: Plan["instances"][number]): boolean =>
    persistent && heldBy === undefined && reason.kind !== "requested";
  if (!plan.instances.some(isOther)) return plan;
  const instances = plan.instances.map((instance) =>
    isOther(instance) ? { ...instance, reason: { kind: "requested" } as const } : instance,
  );
  return { ...plan, instances };
}

/** A rule's reference as a word of the command line, which is read from the current package. */
function wordFor(task: string, rule: WatchRule, workspace: Workspace): string {
  const pkg = packageOfRule(rule, workspace);
  const isPlain = findTask(pkg, parseReference(task).name) !== undefined;
  if (pkg === workspace.current || !isPlain) return task;
  return `//:${task}`;
}

/** The instances that a rule's tasks mean, called and handling ones apart. */
function idsOf(rule: WatchRule, plan: Plan, workspace: Workspace): readonly InstanceId[] {
  return rule.tasks.flatMap((task) => {
    const { name, pick } = parseReference(task);
    const targets = resolveReference(workspace, { pkg: packageOfRule(rule, workspace) }, name);
    return plan.instances
      .filter(
        (instance) =>
          instance.heldBy === undefined &&
          Object.entries(pick).every(([key, value]) => instance.matrix[key] === value) &&
          targets.some(
            ({ pkg, entry }) =>
              pkg.dir === instance.environment && findTask(pkg, instance.name)?.entry === entry,
          ),
      )
      .map(({ id }) => id);
  });
}
