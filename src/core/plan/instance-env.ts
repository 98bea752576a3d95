import type { Place } from "#base/diagnostic";
import type { EnvEntry, EnvSource } from "#core/model/environment";
import { envSource, taskSources } from "./env-sources";
import type { Interpolation, PlaceOf } from "./interpolation";
import type { PlanNode } from "./node";
import { declaredParameters, parameterText, parameterVariable } from "./parameters";
import { isRemote } from "./remote";
import type { PlanRequest } from "./request";

const NO_ENV: readonly EnvSource[] = [];

export interface InstanceEnvParts {
  readonly fill: Interpolation;
  /** The place of a key of the task. */
  readonly at: (key: string, ...rest: readonly (string | number)[]) => PlaceOf;
  readonly workflow: PlanRequest["workflow"];
}

/** The layers of one instance, lowest first: its groups', its files, its table, what a workflow or a caller gave, what zr tells it. */
export function instanceEnv(node: PlanNode, { fill, at, workflow }: InstanceEnvParts): readonly EnvSource[] {
  const { pkg, task } = node;
  const { table } = task;
  const isPlain =
    (table.env ?? table.env_file ?? table.dotenv ?? table.args) === undefined &&
    typeof table.remote !== "object";
  const isAlone = task.groupEnv.length === 0 && node.givenEnv.length === 0 && node.match.length === 0;
  if (isPlain && isAlone && workflow === undefined) return NO_ENV;
  const sources: EnvSource[] = [];
  if (workflow !== undefined && workflow.inputs.length > 0)
    sources.push({ layer: "workflow", entries: workflow.inputs });
  const fillText = (text: string, place: Place): string =>
    fill.expanded(text, () => ({ place, where: `'env' of task '${node.name}'` }));
  sources.push(...ownSources(node, { at, fillText }));
  for (const given of workflow?.env === undefined ? node.givenEnv : [workflow.env, ...node.givenEnv]) {
    const { writer } = given;
    const fillWritten = (text: string, place: Place): string =>
      writer === undefined
        ? fillText(text, place)
        : fill.expanded(text, () => ({ place, where: writer.where }), writer.fill);
    sources.push(
      envSource(given.layer ?? "task-env", given.table, {
        place: { file: given.file, path: given.path },
        dir: pkg.dir,
        fill: given.fill ?? fillWritten,
      }),
    );
  }
  const facts = taskFacts(node);
  if (facts.length > 0) sources.push({ layer: "task-env", entries: facts });
  return sources;
}

interface OwnParts {
  readonly at: InstanceEnvParts["at"];
  readonly fillText: (text: string, place: Place) => string;
}

/** What the task's groups, files and tables say. */
function ownSources({ pkg, task }: PlanNode, { at, fillText }: OwnParts): readonly EnvSource[] {
  const { table } = task;
  const sources: EnvSource[] = [];
  for (const group of task.groupEnv) {
    if (group.table.env === undefined) continue;
    sources.push(
      envSource("group", group.table.env, {
        place: { file: group.file, path: [...group.path, "env"] },
        dir: pkg.dir,
        fill: fillText,
      }),
    );
  }
  if (table.env !== undefined || table.env_file !== undefined || table.dotenv !== undefined) {
    const filePlace = at(table.env_file === undefined ? "dotenv" : "env_file")().place;
    sources.push(...taskSources(table, { envPlace: at("env")().place, filePlace, dir: pkg.dir }, fillText));
  }
  if (typeof table.remote === "object" && table.remote.env !== undefined && isRemote(table)) {
    const { place } = at("remote", "env")();
    sources.push(envSource("task-env", table.remote.env, { place, dir: pkg.dir, fill: fillText }));
  }
  return sources;
}

/** Parameters and pattern matches, exported so that shell texts can refer to them. */
function taskFacts(node: PlanNode): EnvEntry[] {
  const facts: EnvEntry[] = [];
  const add = (name: string, text: string): void =>
    void facts.push({ name, value: { kind: "text", text, expand: false } });
  for (const parameter of node.task.table.args === undefined ? [] : declaredParameters(node.task.table)) {
    const value = node.params[parameter.name];
    add(parameterVariable(parameter.name), value === undefined ? "" : parameterText(value));
    if (parameter.env !== undefined && value !== undefined) add(parameter.env, parameterText(value));
  }
  for (const [index, text] of node.match.entries()) add(`ZR_MATCH_${index}`, text);
  return facts;
}
