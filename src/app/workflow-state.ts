import { jsonOf } from "#base/json-of";
import { isTable } from "#base/value-at";
import type { StageState } from "#core/model/event";
import { instanceId } from "#core/model/ids";
import type { InstanceId } from "#core/model/ids";
import { INSTANCE_STATES } from "#core/model/outcome";
import type { InstanceState, Outcome } from "#core/model/outcome";
import type { SharedOutput } from "#engine/exec/shared-outputs";
import { ensurePrivateFolder } from "#system/fs/private-folder";
import { globFiles, readText } from "#system/fs/read-text";
import { writeFileAtomically } from "#system/fs/write-file";
import { isAlive } from "#system/process/process-identity";
import type { ProcessIdentity } from "#system/process/process-identity";
import { fileSystem } from "#system/runtime-modules";

/** How far a run of a workflow has come: what a later run needs to go on with it. */
export interface WorkflowState {
  readonly v: 1;
  readonly run: string;
  readonly workflow: string;
  /** The process in which it goes on, or is gone on with; not there once that has ended. */
  readonly owner?: ProcessIdentity;
  /** Path of the package that the workflow belongs to, from the workspace root. */
  readonly package: string;
  readonly profile: string | undefined;
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  /** Inputs that hold a secret, which is never stored: they have to be given again. */
  readonly secretInputs: readonly string[];
  /** The stages that the run was to consist of; empty where it was to be the whole workflow. */
  readonly only: readonly string[];
  readonly stages: readonly { readonly name: string; readonly state: StageState }[];
  readonly instances: readonly {
    readonly id: InstanceId;
    readonly state: InstanceState;
    readonly allowed: boolean;
  }[];
  readonly outputs: readonly { readonly id: InstanceId; readonly value: unknown }[];
  /** Instances whose output holds a secret, which is never stored. */
  readonly secretOutputs: readonly InstanceId[];
}

/** Whether a run goes on, so that nobody else may go on with it. */
export const isGoingOn = async ({ owner }: WorkflowState): Promise<boolean> =>
  owner !== undefined && (await isAlive(owner));

/** Unfinished runs that are kept for being resumed. */
const KEPT_STATES = 50;

const folderOf = (root: string): string => `${root}/.zr/workflows`;

export async function writeWorkflowState(root: string, state: WorkflowState): Promise<void> {
  try {
    await ensurePrivateFolder(folderOf(root), `${root}/.zr`);
  } catch {
    // Where nothing can be written, nothing can be resumed; the run itself goes on.
    return;
  }
  await writeFileAtomically(`${folderOf(root)}/${state.run}.json`, `${JSON.stringify(state)}\n`);
}

/** A run that has come to its end has nothing left to go on with. Old ones go as well. */
export async function clearWorkflowState(root: string, ...runs: readonly string[]): Promise<void> {
  const { rm } = fileSystem();
  const files = await globFiles("*.json", folderOf(root));
  const old = [...files].sort().slice(0, -KEPT_STATES);
  for (const path of [...runs.map((run) => `${folderOf(root)}/${run}.json`), ...old])
    await rm(path, { force: true }).catch(() => undefined);
}

/** By the second in which the run started, which its name begins with; within one, by when the file was written. */
async function newestFirst(files: readonly string[]): Promise<readonly string[]> {
  const { stat } = fileSystem();
  const written = await Promise.all(
    files.map(async (path) => {
      const second = path.slice(path.lastIndexOf("/") + 1).slice(0, "YYYYMMDD-hhmmss".length);
      return { path, second, mtimeMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  return written
    .sort((a, b) => (a.second === b.second ? b.mtimeMs - a.mtimeMs : a.second < b.second ? 1 : -1))
    .map(({ path }) => path);
}

/** The unfinished runs of a workspace, newest first. Files that hold something else are passed over. */
export async function readWorkflowStates(root: string): Promise<readonly WorkflowState[]> {
  const files = await newestFirst(await globFiles("*.json", folderOf(root)));
  const states: WorkflowState[] = [];
  for (const path of files) {
    const read = await readText(path);
    const state = read.kind === "text" ? parseWorkflowState(read.text) : undefined;
    if (state !== undefined) states.push(state);
  }
  return states;
}

const STAGE_STATES: readonly StageState[] = ["success", "failed", "skipped", "canceled"];

/** The state that a text holds; undefined where it holds none. Whoever can write the file may have written anything. */
function parseWorkflowState(text: string): WorkflowState | undefined {
  const data = jsonOf(text);
  if (!isTable(data) || data["v"] !== 1) return undefined;
  const { run, workflow, package: pkg, profile } = data;
  const inputs = inputsOf(data["inputs"]);
  const stages = listOf(data["stages"], (item) => {
    const state = STAGE_STATES.find((known) => known === item["state"]);
    return typeof item["name"] === "string" && state !== undefined
      ? { name: item["name"], state }
      : undefined;
  });
  const instances = listOf(data["instances"], (item) => {
    const state = INSTANCE_STATES.find((known) => known === item["state"]);
    if (typeof item["id"] !== "string" || state === undefined) return undefined;
    return { id: instanceId(item["id"]), state, allowed: item["allowed"] === true };
  });
  const outputs = listOf(data["outputs"], (item) =>
    typeof item["id"] === "string" ? { id: instanceId(item["id"]), value: item["value"] } : undefined,
  );
  if (typeof run !== "string" || typeof workflow !== "string" || typeof pkg !== "string") return undefined;
  if (profile !== undefined && typeof profile !== "string") return undefined;
  if (inputs === undefined || stages === undefined || instances === undefined || outputs === undefined)
    return undefined;
  const secretOutputs = textsOf(data["secretOutputs"]).map(instanceId);
  const secretInputs = textsOf(data["secretInputs"]);
  const only = textsOf(data["only"]);
  const owner = ownerOf(data["owner"]);
  const told = { run, workflow, ...owner, package: pkg, profile, inputs, secretInputs, only };
  return { v: 1, ...told, stages, instances, outputs, secretOutputs };
}

function ownerOf(value: unknown): Pick<WorkflowState, "owner"> {
  if (!isTable(value)) return {};
  const { pid, started } = value;
  const isProcess = typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0;
  return isProcess && typeof started === "string" && started !== "" ? { owner: { pid, started } } : {};
}

function listOf<T>(
  value: unknown,
  read: (item: Readonly<Record<string, unknown>>) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item: unknown) => (isTable(item) ? read(item) : undefined));
  return items.every((item) => item !== undefined) ? items : undefined;
}

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isText) : []);

const isText = (value: unknown): value is string => typeof value === "string";

function inputsOf(value: unknown): WorkflowState["inputs"] | undefined {
  if (!isTable(value)) return undefined;
  const inputs: Record<string, string | readonly string[]> = {};
  for (const [name, given] of Object.entries(value)) {
    if (typeof given === "string") inputs[name] = given;
    else if (Array.isArray(given) && given.every(isText)) inputs[name] = given;
    else return undefined;
  }
  return inputs;
}

/** The inputs that can be stored, and the names of those that hold one of the secrets. */
export function storableInputs(
  inputs: WorkflowState["inputs"],
  secrets: readonly string[],
): Pick<WorkflowState, "inputs" | "secretInputs"> {
  const isSecret = (value: string | readonly string[]): boolean =>
    secrets.some((secret) => (typeof value === "string" ? value : value.join("\0")).includes(secret));
  const entries = Object.entries(inputs);
  return {
    inputs: Object.fromEntries(entries.filter(([, value]) => !isSecret(value))),
    secretInputs: entries.filter(([, value]) => isSecret(value)).map(([name]) => name),
  };
}

/** What of a run can be stored: how instances have ended, and outputs without secrets. */
export function storable(
  outcomes: ReadonlyMap<InstanceId, Outcome>,
  outputs: ReadonlyMap<InstanceId, SharedOutput>,
): Pick<WorkflowState, "instances" | "outputs" | "secretOutputs"> {
  const shared = [...outputs];
  return {
    instances: [...outcomes].map(([id, { state, allowed }]) => ({ id, state, allowed: allowed === true })),
    outputs: shared.flatMap(([id, { value, secrets }]) => (secrets.length === 0 ? [{ id, value }] : [])),
    secretOutputs: shared.flatMap(([id, { secrets }]) => (secrets.length === 0 ? [] : [id])),
  };
}
