import type { Diagnostic } from "#base/diagnostic";
import type { WorkflowEntry } from "#core/config/config";
import { mayBeEmpty, parseReference, resolveReference, suggestTasks } from "./references";
import type { Origin } from "./references";
import { declaredEnds, declaredStages, workflowKeyPlace, workflowPlace } from "./workflows";
import type { DeclaredCall, FoundWorkflow } from "./workflows";
import type { Workspace } from "./workspace";

/** Holds every workflow against the workspace: stages that are none or two of a name, tasks that lead nowhere. */
export function checkWorkflows(workspace: Workspace): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const pkg of workspace.packages.values())
    for (const entry of pkg.config.workflows.values())
      new WorkflowCheck(workspace, { pkg, entry }, found).run();
  return found;
}

class WorkflowCheck {
  readonly #workspace: Workspace;
  readonly #origin: Origin;
  readonly #entry: WorkflowEntry;
  readonly #found: Diagnostic[];

  constructor(workspace: Workspace, { pkg, entry }: FoundWorkflow, found: Diagnostic[]) {
    this.#workspace = workspace;
    this.#origin = { pkg, ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }) };
    this.#entry = entry;
    this.#found = found;
  }

  run(): void {
    const { table, name: workflow } = this.#entry;
    const stages = declaredStages(this.#entry);
    if (table.stages !== undefined && table.steps !== undefined)
      this.#problem("E261", { workflow }, workflowKeyPlace(this.#entry, "steps"));
    if (stages.length === 0) this.#problem("E260", { workflow }, workflowPlace(this.#entry));
    const names = new Set<string>();
    for (const { name, calls, path } of stages) {
      if (names.has(name)) this.#problem("E262", { workflow, name }, workflowKeyPlace(this.#entry, ...path));
      names.add(name);
      if (calls.length === 0)
        this.#problem(
          "E116",
          { where: `'tasks' of stage '${name}'` },
          workflowKeyPlace(this.#entry, ...path, "tasks"),
        );
      for (const call of calls) this.#checkCall(call, `stage '${name}'`);
    }
    for (const { calls, role } of declaredEnds(this.#entry))
      for (const call of calls) this.#checkCall(call, `'${role}'`);
  }

  #checkCall({ ref, path }: DeclaredCall, role: string): void {
    const { name } = parseReference(ref);
    const { pkg } = this.#origin;
    const targets = resolveReference(this.#workspace, this.#origin, name);
    if (targets.length > 0 || mayBeEmpty(this.#workspace, name)) return;
    if (
      pkg === this.#workspace.rootPackage &&
      resolveReference(this.#workspace, this.#origin, `*:${name}`).length > 0
    )
      return;
    this.#found.push({
      code: "E270",
      severity: "error",
      data: { where: role, name: ref, workflow: this.#entry.name },
      place: workflowKeyPlace(this.#entry, ...path),
      suggestions: suggestTasks(this.#workspace, this.#origin, name),
    });
  }

  #problem(code: string, data: Diagnostic["data"], place: Diagnostic["place"]): void {
    this.#found.push({ code, severity: "error", data, ...(place === undefined ? {} : { place }) });
  }
}
