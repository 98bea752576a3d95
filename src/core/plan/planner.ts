import type { Diagnostic, Place } from "#base/diagnostic";
import { taskKeyPlace } from "#core/config/config";
import type { TaskEntry } from "#core/config/config";
import type { TaskTable } from "#core/config/schema/sections";
import type { InstanceId } from "#core/model/ids";
import type { ConditionSource, Edge, EdgeKind, Plan } from "#core/model/plan";
import type { Reason } from "#core/model/reason";
import { mayBeEmpty, parseReference, resolveReference, suggestTasks } from "#core/workspace/references";
import type { Origin, Target } from "#core/workspace/references";
import type { Package, Workspace } from "#core/workspace/workspace";
import { checkAvailable } from "./availability";
import { finishPlan } from "./finish-plan";
import { giverFill, givenValues, GIVES_NOTHING, standsForMissing } from "./given-values";
import type { GivingEntry } from "./given-values";
import { filledReference } from "./filled-reference";
import type { FilledReference } from "./filled-reference";
import { expandMatrix, matrixSuffix } from "./matrix";
import type { Combination } from "./matrix";
import { isHeldZone } from "./node";
import { packageVars } from "./node-scope";
import type { PlanNode, Zone } from "./node";
import { PlanNodes } from "./plan-nodes";
import { bindParameters, declaredParameters } from "./parameters";
import { conditionKey } from "./request";
import { IN_PLACE, isNothing, NOTHING_GIVEN, withItem } from "./wish";
import type { Asked, LinkWish, Wish } from "./wish";
import { typedValues } from "./typed-values";
import { uniqueDiagnostics } from "./unique-diagnostics";
import { unknownTarget } from "./unknown-target";
import { placedNames } from "./placed-names";
import type { PlacedName } from "./placed-names";
import { withDefaults } from "./with-defaults";
import type { OpenCondition, Planned, PlanRequest, TargetRequest } from "./request";

/**
 * Collects instances: which, in which order, and why each of them. It starts nothing and reads nothing; the same
 * requests over the same configuration give the same plan.
 */
export class Planner {
  readonly #workspace: Workspace;
  readonly #request: PlanRequest;
  readonly #nodes = new PlanNodes();
  readonly #open: OpenCondition[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #queue: PlanNode[] = [];
  /** Where handlers of instances that run anyway belong. */
  #after: Zone = "after";
  readonly #handlers: HandlerLink[] = [];
  readonly #callers: PlanNode[] = [];
  readonly #order: { readonly node: PlanNode; readonly refs: readonly PlacedName[] }[] = [];
  readonly #serial: Map<InstanceId, Edge[]> = new Map();

  constructor(workspace: Workspace, request: PlanRequest) {
    this.#workspace = workspace;
    this.#request = request;
  }

  /** Adds what a target means, and everything that needs; gives the instances that are meant themselves. */
  request(target: TargetRequest, asked: Asked = {}): readonly InstanceId[] {
    const { name, pick } = parseReference(target.ref);
    const { namespace } = asked;
    const origin = {
      pkg: asked.pkg ?? this.#workspace.current,
      ...(namespace === undefined ? {} : { namespace }),
    };
    const targets = this.#targets(origin, name);
    if (targets.length === 0) {
      const suggestions = suggestTasks(this.#workspace, origin, name);
      const where = this.#workspace.packages.size > 1 ? ` in package '${origin.pkg.name}'` : "";
      this.#problem(unknownTarget(target, { where, suggestions, ...placed(asked.place) }));
    }
    const wish: Wish = {
      zone: asked.zone ?? "main",
      reason: asked.reason ?? { kind: "requested" },
      given: { words: target.words, named: target.named },
      args: this.#request.extra,
      env: asked.env ?? [],
      pick: asked.pick ?? pick,
      ...(asked.item === undefined ? {} : { item: asked.item }),
      ...placed(asked.place),
    };
    return targets.flatMap((found) => this.#want(found, name, withDefaults(wish, found, asked.defaults)));
  }

  /**
   * Follows everything that was requested so far, with handlers of their own, and gives the instances that have come
   * into the plan since the last time. `part` names what was requested.
   */
  expand(part: string): readonly InstanceId[] {
    this.#after = `after:${part}`;
    this.#complete();
    return this.#nodes.takeNew();
  }

  /** Has some instances wait for others, however those end. */
  order(ids: readonly InstanceId[], on: readonly InstanceId[]): void {
    for (const id of ids)
      this.#nodes.get(id)?.edges.push(...on.map((other) => ({ on: other, kind: "order" as const })));
  }

  /** Has each of the instances wait for the end of all before it, whatever that is: none needs what another makes. */
  chain(ids: readonly InstanceId[]): void {
    for (const [index, id] of ids.entries()) this.order([id], ids.slice(0, index));
  }

  /** The plan of everything that was requested, or what keeps it from being one. */
  finish(requested: readonly InstanceId[]): Planned<Plan> {
    this.#complete();
    this.#addOrder();
    if (this.#diagnostics.length > 0)
      return {
        kind: "problems",
        diagnostics: uniqueDiagnostics(this.#diagnostics),
        conditions: this.#open,
      };
    if (this.#open.length > 0) return { kind: "open", conditions: this.#open };
    return finishPlan(this.#nodes.all(), {
      workspace: this.#workspace,
      request: this.#request,
      requested,
    });
  }

  /** Handlers and calls come last, so that what the run does anyway is never planned twice. */
  #complete(): void {
    this.#drain();
    while (this.#callers.length > 0 || this.#handlers.length > 0) {
      for (const caller of this.#callers.splice(0)) this.#addCalls(caller);
      this.#drain();
      for (const handler of this.#handlers.splice(0)) this.#addHandlers(handler);
      this.#drain();
    }
  }

  #drain(): void {
    // Expanding a node adds others behind it.
    for (const node of this.#queue) this.#expand(node);
    this.#queue.length = 0;
  }

  #targets(origin: Origin, name: string): readonly Target[] {
    const targets = resolveReference(this.#workspace, origin, name);
    // At the root a task that the root does not have is that of every package that has it.
    return targets.length === 0 && origin.pkg === this.#workspace.rootPackage
      ? resolveReference(this.#workspace, origin, `*:${name}`)
      : targets;
  }

  /** The instances of a task that meet a wish; those that are not in the plan yet are added to it. */
  #want(target: Target, name: string, wish: Wish): InstanceId[] {
    const task = target.pkg.resolve(target.entry);
    const combinations = this.#combinations(target, wish);
    if (combinations.length === 0) return [];
    const params = this.#bind(task.table, target, wish);
    const shownName = target.match.length > 0 ? localName(target.pkg, name) : target.entry.name;
    return combinations.map((row) => {
      const base = `${target.pkg.prefix === "" ? "" : `${target.pkg.prefix}:`}${shownName}${matrixSuffix(row)}`;
      const what =
        wish.args.length === 0 && wish.env.length === 0 && task.table.args === undefined
          ? base
          : `${base}\0${JSON.stringify([params, wish.args, wish.env.map((env) => env.identity ?? env.table)])}`;
      // What a step calls and what handles a result are instances of their own, even where the plan holds their task
      // already: that one runs anyway, at its own time.
      const { handles } = wish;
      const zone = handles === undefined ? wish.zone : this.#nodes.handlerZone(what, handles);
      const known = this.#nodes.find(what, zone, { isOwn: IN_PLACE.has(wish.reason.kind) });
      if (known !== undefined) return known.id;
      const node = this.#nodes.add(what, base, {
        zone,
        pkg: target.pkg,
        task,
        name: shownName,
        match: target.match,
        matrix: row,
        params,
        args: wish.args,
        givenEnv: wish.env,
        reason: wish.reason,
        ...(wish.mayFail === true ? { mayFail: true } : {}),
        edges: [],
        calls: [],
      });
      this.#queue.push(node);
      return node.id;
    });
  }

  /** The combinations of a task's matrix that a wish picks. */
  #combinations(
    { pkg, entry }: Target,
    { pick: wanted, item, isOptional, place }: Pick<Wish, "pick" | "item" | "isOptional" | "place">,
  ): readonly Combination[] {
    const { table, sources } = pkg.resolve(entry);
    const matrix = withItem(expandMatrix(table.matrix), item);
    if (!matrix.ok) {
      const data = { task: entry.name, problem: matrix.error };
      this.#problem({ code: "E171", data, place: taskKeyPlace(sources, "matrix") });
      return [];
    }
    const pick = Object.entries(wanted);
    if (pick.length === 0) return matrix.value;
    const combinations = matrix.value.filter((row) => pick.every(([key, value]) => row[key] === value));
    if (combinations.length === 0 && isOptional !== true) {
      const data = { task: entry.name, wanted: pick.map(([key, value]) => `${key}=${value}`).join(",") };
      this.#problem({ code: "E169", data, ...placed(place) });
    }
    return combinations;
  }

  #bind(table: TaskTable, target: Target, wish: Wish): PlanNode["params"] {
    if (table.args === undefined && isNothing(wish.given)) return {};
    const bound = bindParameters(declaredParameters(table), wish.given, {
      task: target.entry.name,
      env: this.#request.host.env,
    });
    for (const problem of bound.problems) {
      if (wish.isOpen === true && problem.code !== "E163") continue;
      // A dependency with wrong arguments is a fault of the file, not of the command line.
      this.#diagnostics.push(wish.place === undefined ? problem : { ...problem, place: wish.place });
    }
    return wish.isOpen === true ? {} : bound.values;
  }

  /** Follows everything that an instance names. */
  #expand(node: PlanNode): void {
    const { table } = node.task;
    this.#diagnostics.push(...checkAvailable(node));
    if (!this.#request.only && (table.deps ?? table.deps_serial ?? table.pipeline) !== undefined) {
      const parallel = this.#dependencies(node, table.deps, "deps").flat();
      for (const edge of parallel) node.edges.push(edge);
      this.#expandSerial(node, parallel);
    }
    for (const [key, kind] of HANDLER_KEYS) {
      const value = table[key];
      if (value !== undefined) this.#handlers.push({ owner: node, value, kind, key });
    }
    if (table.wait_for !== undefined)
      this.#order.push({
        node,
        refs: placedNames(node, "wait_for", table.wait_for),
      });
    if (table.cmds?.some((step) => typeof step !== "string" && step.task !== undefined) === true)
      this.#callers.push(node);
  }

  /**
   * Each entry waits for the one before it, the first for all that runs in parallel before. What runs anyway does not
   * wait for what a handler or a call brings in: nobody may ask for that, or only after it.
   */
  #expandSerial(node: PlanNode, parallel: readonly Edge[]): void {
    const key = node.task.table.deps_serial === undefined ? "pipeline" : "deps_serial";
    let before: readonly Edge[] = parallel;
    for (const group of this.#dependencies(node, node.task.table[key], key)) {
      const own = group.filter((edge) => this.#nodes.get(edge.on)?.zone === node.zone);
      for (const edge of own) {
        const waits = this.#serial.get(edge.on) ?? [];
        waits.push(
          ...before
            .filter((other) => other.on !== edge.on)
            .map((other) => ({ on: other.on, kind: "serial" as const })),
        );
        this.#serial.set(edge.on, waits);
      }
      node.edges.push(...group);
      if (group.length > 0) before = own.length === group.length ? group : [...before, ...group];
    }
  }

  /** The edges to each entry of a list of dependencies, entry by entry. */
  #dependencies(
    node: PlanNode,
    entries: TaskTable["deps"],
    key: "deps" | "deps_serial" | "pipeline",
  ): Edge[][] {
    if (entries === undefined) return [];
    return entries.map((entry, index) => {
      const planned = typeof entry === "string" ? this.#plannedPlain(node, entry) : undefined;
      if (planned !== undefined) return planned;
      const full = typeof entry === "string" ? { task: entry } : entry;
      const ref = full.task ?? "";
      const path = typeof entry === "string" ? [key, index] : [key, index, "task"];
      const place = taskKeyPlace(node.task.sources, ...(path as [string, ...(string | number)[]]));
      if (
        full.if !== undefined &&
        !this.#holds(node, { source: full.if, place: taskKeyPlace(node.task.sources, key, index, "if") })
      )
        return [];
      const reason: Reason = { kind: key === "deps" ? "dep" : "serial-dep", of: node.id };
      const wish = { zone: node.zone, reason, ...this.#given(node, full, { key, place }), place };
      return this.#link(node, ref, { ...wish, isOptional: full.optional === true });
    });
  }

  /** The edges to a task of the same package that is in the plan already, asked for by its name and nothing else. */
  #plannedPlain(node: PlanNode, name: string): Edge[] | undefined {
    if (node.zone !== "main" || node.task.entry.namespace !== undefined) return undefined;
    const entry = node.pkg.config.tasks.get(name);
    const known = entry === undefined ? undefined : this.#nodes.plain(entry);
    return known === undefined ? undefined : [{ on: known.id, kind: edgeKind(known.task) }];
  }

  /** What an entry gives, with the references of the task that it stands in. */
  #given(
    node: PlanNode,
    entry: GivingEntry,
    { key, place }: { readonly key: string; readonly place: Place },
  ): ReturnType<typeof givenValues> {
    if (entry.args === undefined && entry.env === undefined) return GIVES_NOTHING;
    const fill = giverFill(node, this.#workspace.root, this.#request);
    const given = givenValues(entry, { fill, place, where: `'${key}' of task '${node.task.entry.name}'` });
    this.#diagnostics.push(...fill.problems);
    return standsForMissing(entry, node) ? { ...given, isOpen: true } : given;
  }

  /** A reference in a key of an instance's task, with its values. */
  #filled(node: PlanNode, ref: string, place: Place): FilledReference {
    const filled = filledReference(ref, {
      node,
      place,
      root: this.#workspace.root,
      request: this.#request,
    });
    this.#diagnostics.push(...filled.problems);
    return filled;
  }

  #link(node: PlanNode, ref: string, wish: LinkWish): Edge[] {
    const { name, pick, text, isOpen } = this.#filled(node, ref, wish.place);
    if (isOpen) return [];
    const origin = originOf(node);
    const targets = resolveReference(this.#workspace, origin, name);
    if (targets.length === 0 && wish.isOptional !== true && !mayBeEmpty(this.#workspace, name)) {
      const suggestions = suggestTasks(this.#workspace, origin, name);
      const code = name.startsWith("service:") ? "E166" : "E130";
      const data =
        code === "E166"
          ? { key: name, where: `task '${node.name}'`, feature: "services" }
          : { role: "dependency", name: text, task: node.name };
      this.#problem({ code, data, suggestions, place: wish.place });
    }
    return targets.flatMap((target) => {
      const kind = edgeKind(target.pkg.resolve(target.entry));
      return this.#want(target, name, { ...wish, pick }).map((on): Edge => ({ on, kind }));
    });
  }

  /** Whether a dependency's condition holds, as far as it has been decided; an undecided one is asked for. */
  #holds(node: PlanNode, condition: ConditionSource): boolean {
    const key = conditionKey(condition, node.id);
    const answer = this.#request.answers?.get(key);
    if (answer !== undefined) return answer;
    const { pkg, task } = node;
    this.#open.push({
      key,
      condition,
      scope: {
        package: { name: pkg.name, path: pkg.path, dir: pkg.dir, tags: pkg.tags },
        task: { name: node.name, tags: task.table.tags ?? [] },
        matrix: node.matrix,
        args: node.params,
        ...typedValues(node),
        vars: packageVars(pkg, this.#request),
      },
    });
    return true;
  }

  #addCalls(caller: PlanNode): void {
    let call = 0;
    for (const [index, step] of (caller.task.table.cmds ?? []).entries()) {
      if (typeof step === "string" || step.task === undefined) continue;
      const place = taskKeyPlace(caller.task.sources, "cmds", index, "task");
      const zone: Zone = `call:${caller.id}${call === 0 ? "" : `.${call + 1}`}`;
      const wish = {
        zone,
        reason: { kind: "call", of: caller.id } as const,
        ...this.#given(caller, step, { key: "cmds", place }),
        mayFail: step.allow_failure === true,
        place,
      };
      caller.calls.push(this.#link(caller, step.task, wish).map((edge) => edge.on));
      call += 1;
    }
  }

  #addHandlers({ owner, value, kind, key }: HandlerLink): void {
    const reasonKind = kind === "finally" ? "finally" : kind === "success" ? "on-success" : "on-failure";
    for (const { name: ref, place } of placedNames(owner, key, value)) {
      const zone = isHeldZone(owner.zone) ? owner.zone : this.#after;
      const wish = {
        zone,
        reason: { kind: reasonKind, of: owner.id } as const,
        given: NOTHING_GIVEN,
        args: [],
        env: [],
        ...(isHeldZone(owner.zone) ? { handles: owner } : {}),
        place,
      };
      for (const { on } of this.#link(owner, ref, wish)) {
        const handler = this.#nodes.get(on);
        if (
          handler !== undefined &&
          !handler.edges.some((edge) => edge.on === owner.id && edge.kind === kind)
        )
          handler.edges.push({ on: owner.id, kind });
      }
    }
  }

  /** `wait_for` orders what is in the plan anyway; it brings nothing in. */
  #addOrder(): void {
    const byTask = this.#order.length === 0 ? undefined : this.#nodes.byTask();
    for (const { node, refs } of this.#order) {
      for (const other of refs.flatMap((ref) => this.#planned(node, ref, byTask)))
        node.edges.push({ on: other.id, kind: "order" });
    }
    if (this.#serial.size === 0) return;
    for (const node of this.#nodes.all()) node.edges.push(...(this.#serial.get(node.id) ?? []));
  }

  /** The instances beside `node` that a reference means, of those that the plan has. */
  #planned(
    node: PlanNode,
    { name: ref, place }: PlacedName,
    byTask: ReadonlyMap<TaskEntry, readonly PlanNode[]> | undefined,
  ): readonly PlanNode[] {
    const { name, pick, isOpen } = this.#filled(node, ref, place);
    if (isOpen) return [];
    const picks = Object.entries(pick);
    const targets = resolveReference(this.#workspace, originOf(node), name);
    for (const target of targets) this.#combinations(target, { pick, place });
    const others = targets.flatMap((target) => byTask?.get(target.entry) ?? []);
    return others.filter(
      (other) =>
        other !== node &&
        other.zone === node.zone &&
        picks.every(([key, value]) => other.matrix[key] === value),
    );
  }

  #problem(problem: Omit<Diagnostic, "severity">): void {
    this.#diagnostics.push({ severity: "error", ...problem });
  }
}

const placed = (place: Place | undefined): { readonly place?: Place } =>
  place === undefined ? {} : { place };

interface HandlerLink {
  readonly owner: PlanNode;
  readonly value: string | readonly string[];
  readonly kind: "finally" | "success" | "failure";
  readonly key: (typeof HANDLER_KEYS)[number][0];
}

/** A task that never finishes is waited for until it is ready. */
const edgeKind = (task: PlanNode["task"]): EdgeKind => (task.table.persistent === true ? "ready" : "dep");

const HANDLER_KEYS = [
  ["finally", "finally"],
  ["on_success", "success"],
  ["on_failure", "failure"],
] as const;

/** From where the references of an instance's task are made. */
const originOf = ({ pkg, task: { entry } }: PlanNode): Origin =>
  entry.namespace === undefined ? { pkg } : { pkg, namespace: entry.namespace };

const localName = (pkg: Package, name: string): string =>
  pkg.prefix !== "" && name.startsWith(`${pkg.prefix}:`)
    ? name.slice(pkg.prefix.length + 1)
    : name.replace(/^(?:\^|\*:|\/\/:|tag:[^#]*#)/, "");
