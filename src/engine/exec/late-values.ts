import { formatSize } from "#base/size";
import { suggest } from "#base/suggest";
import type { Instance, LateValue } from "#core/model/plan";
import type { RunContext } from "./run-context";
import type { SharedOutputs } from "./shared-outputs";

/** Linux takes no longer variable: MAX_ARG_STRLEN, with its name and what stands around it. */
const MAX_VARIABLE_BYTES = 128 * 1024;

/** Values that are known now that an instance starts. */
export interface LateVariables {
  /** By variable; empty for those that there is a problem with. */
  readonly values: Readonly<Record<string, string>>;
  /** Texts in them that have to be masked. */
  readonly secrets: readonly string[];
  /** Why one of them can't be had. */
  readonly problem?: string;
}

/** Works out the values that an instance's commands and variables refer to. */
export async function lateVariables(
  late: NonNullable<Instance["late"]>,
  { id, outputs, conditions }: Pick<RunContext, "id" | "outputs" | "conditions">,
): Promise<LateVariables> {
  const values: Record<string, string> = {};
  const secrets: string[] = [];
  let problem: string | undefined;
  for (const value of late) {
    const found = await valueOf(value, { id, outputs, conditions });
    const wrong = "problem" in found ? found.problem : misfit(value, found.text);
    if (wrong !== undefined) problem ??= `${value.text}: ${wrong}`;
    values[value.variable] = "text" in found && wrong === undefined ? found.text : "";
    if ("secrets" in found) secrets.push(...found.secrets);
  }
  return { values, secrets, ...(problem === undefined ? {} : { problem }) };
}

type Found = { readonly text: string; readonly secrets: readonly string[] } | { readonly problem: string };

async function valueOf(
  value: LateValue,
  { id, outputs, conditions }: Pick<RunContext, "id" | "outputs" | "conditions">,
): Promise<Found> {
  switch (value.kind) {
    case "run":
      return { text: id, secrets: [] };
    case "git": {
      const answer = await conditions.git(value.field);
      return answer.ok ? { text: textOf(answer.value), secrets: [] } : { problem: answer.error };
    }
    case "output":
      return outputOf(value, outputs);
  }
}

function outputOf({ of, path }: Extract<LateValue, { kind: "output" }>, outputs: SharedOutputs): Found {
  const shared = outputs.of(of);
  if (shared === undefined) return { problem: `${of} has shared no output in this run` };
  let value = shared.value;
  for (const [index, key] of path.entries()) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
      const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
      const [meant] = suggest(key, keys);
      const where = index === 0 ? `the output of ${of}` : `'${path.slice(0, index).join(".")}' of it`;
      return { problem: `${where} has no '${key}'${meant === undefined ? "" : `; is '${meant}' meant?`}` };
    }
    value = Reflect.get(value, key);
  }
  return { text: textOf(value), secrets: shared.secrets };
}

/** Null is nothing, as in a shell; data of several parts is JSON. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Why a text can't be the value of a variable. */
function misfit({ variable }: LateValue, text: string): string | undefined {
  if (text.includes("\0")) return "it holds a NUL character, which no variable can";
  const bytes = Buffer.byteLength(text);
  return bytes + variable.length + 2 > MAX_VARIABLE_BYTES
    ? `it has ${formatSize(bytes)}, and a variable holds at most ${formatSize(MAX_VARIABLE_BYTES)}; hand it over in a file`
    : undefined;
}
