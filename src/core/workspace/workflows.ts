import type { KeyPath, Place } from "#base/diagnostic";
import { suggest } from "#base/suggest";
import type { WorkflowEntry } from "#core/config/config";
import type { StageCall, StageTable, WorkflowEndTable } from "#core/config/schema/workflow";
import type { WorkflowEnd } from "#core/model/reason";
import type { Package, Workspace } from "./workspace";

/** A workflow and the package whose folder and tasks it speaks of. */
export interface FoundWorkflow {
  readonly pkg: Package;
  readonly entry: WorkflowEntry;
}

/** The workflow of a name: of the current package, of the root, or `package:name`. */
export function findWorkflow(workspace: Workspace, name: string): FoundWorkflow | undefined {
  for (const pkg of [workspace.current, workspace.rootPackage]) {
    const entry = pkg.config.workflows.get(name);
    if (entry !== undefined) return { pkg, entry };
  }
  for (let colon = name.lastIndexOf(":"); colon > 0; colon = name.lastIndexOf(":", colon - 1)) {
    const prefix = name.slice(0, colon);
    const pkg = prefix === "//" ? workspace.rootPackage : workspace.packages.get(prefix);
    const entry = pkg?.config.workflows.get(name.slice(colon + 1));
    if (pkg !== undefined && entry !== undefined) return { pkg, entry };
  }
  return undefined;
}

/** Every workflow, the current package's first, by the name that is to be typed in its folder. */
export function allWorkflows(workspace: Workspace): readonly (FoundWorkflow & { readonly name: string })[] {
  const { current, rootPackage } = workspace;
  const packages = new Set([current, rootPackage, ...workspace.packages.values()]);
  return [...packages].flatMap((pkg) =>
    [...pkg.config.workflows.values()].map((entry) => ({
      pkg,
      entry,
      name: pkg === current || pkg === rootPackage ? entry.name : `${pkg.prefix}:${entry.name}`,
    })),
  );
}

/** The data of a diagnostic that lists the workflows there are. */
export const knownWorkflows = (
  workspace: Workspace,
): { readonly known: readonly string[]; readonly knownKind: string } => ({
  known: allWorkflows(workspace).map(({ name }) => name),
  knownKind: "workflows here",
});

/** Names of workflows that may have been meant. */
export const suggestWorkflows = (workspace: Workspace, name: string): string[] =>
  suggest(
    name,
    allWorkflows(workspace).map((workflow) => workflow.name),
  );

export const workflowPlace = ({ file, path }: WorkflowEntry): Place => ({ file, path, target: "header" });

export const workflowKeyPlace = (
  { file, path }: WorkflowEntry,
  ...rest: readonly (string | number)[]
): Place => ({ file, path: [...path, ...rest] });

/** A stage as it is meant, whichever form it is written in. */
export interface DeclaredStage extends Omit<StageTable, "name" | "tasks"> {
  readonly name: string;
  readonly calls: readonly DeclaredCall[];
  /** Below the workflow: `["stages", 0]`. */
  readonly path: KeyPath;
}

/** A task that a workflow runs. */
export interface DeclaredCall {
  readonly ref: string;
  readonly args?: Exclude<StageCall, string>["args"];
  readonly env?: Exclude<StageCall, string>["env"];
  /** Below the workflow: `["stages", 0, "tasks", 1]`. */
  readonly path: KeyPath;
}

/** The stages of a workflow in their order. Names that are left out are counted: `stage-2`. */
export function declaredStages({ table }: WorkflowEntry): readonly DeclaredStage[] {
  if (table.stages !== undefined) {
    return table.stages.map(({ name, tasks, ...stage }, index) => {
      const path = ["stages", index];
      const calls = (tasks ?? []).map((call, at) => declaredCall(call, [...path, "tasks", at]));
      return { ...stage, name: name ?? `stage-${index + 1}`, calls, path };
    });
  }
  return (table.steps ?? []).map(({ run, name, condition }, index) => {
    const call = declaredCall(run ?? "", ["steps", index, "run"]);
    return {
      name: name ?? call.ref,
      calls: [call],
      path: ["steps", index],
      ...(condition === undefined ? {} : { condition }),
    };
  });
}

function declaredCall(call: StageCall, path: KeyPath): DeclaredCall {
  if (typeof call === "string") return { ref: call, path };
  const { task, args, env } = call;
  return {
    ref: task ?? "",
    ...(args === undefined ? {} : { args }),
    ...(env === undefined ? {} : { env }),
    path: [...path, "task"],
  };
}

const WORKFLOW_ENDS = ["on_failure", "on_success", "finally"] as const satisfies readonly WorkflowEnd[];

/** What a workflow runs when its stages have ended, in the order in which that is run. */
export interface DeclaredEnd {
  readonly role: WorkflowEnd;
  readonly calls: readonly DeclaredCall[];
  readonly always: boolean;
}

export function declaredEnds({ table }: WorkflowEntry): readonly DeclaredEnd[] {
  return WORKFLOW_ENDS.flatMap((role) => {
    const end: WorkflowEndTable | undefined = table[role];
    return end === undefined ? [] : [declaredEnd(role, end)];
  });
}

function declaredEnd(role: WorkflowEnd, end: WorkflowEndTable): DeclaredEnd {
  const isTable = typeof end !== "string" && !isList(end);
  const run = isTable ? (end.run ?? []) : end;
  const path = isTable ? [role, "run"] : [role];
  const calls =
    typeof run === "string"
      ? [{ ref: run, path }]
      : run.map((ref, index) => ({ ref, path: [...path, index] }));
  return { role, calls, always: !isTable || end.always !== false };
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
