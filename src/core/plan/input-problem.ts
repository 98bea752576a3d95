import type { Diagnostic } from "#base/diagnostic";
import type { WorkflowEntry } from "#core/config/config";
import { workflowKeyPlace } from "#core/workspace/workflows";
import type { Parameter } from "./parameters";

/** The workflow that was given a value, and the inputs it declares. */
export interface InputSetting {
  readonly entry: WorkflowEntry;
  readonly declared: readonly Parameter[];
}

/** What is wrong with a value for a parameter (E161 to E163) in the words of workflows (E269). */
export function inputProblem(
  { code, data, suggestions = [] }: Diagnostic,
  { entry, declared }: InputSetting,
): Diagnostic {
  const value = String(data["value"] ?? "");
  const ofWorkflow = `workflow '${entry.name}'`;
  const made = (name: string, problem: string): Diagnostic => {
    const index = declared.findIndex((input) => input.name === name);
    return {
      code: "E269",
      severity: "error",
      data: { name, workflow: entry.name, what: `input '${name}' of ${ofWorkflow}`, problem },
      ...(index === -1 ? {} : { place: workflowKeyPlace(entry, "inputs", index) }),
    };
  };
  if (code === "E161") return made(String(data["name"]), "it needs a value");
  if (code === "E162") {
    const problem = made(String(data["name"]), `'${value}' is not allowed: ${String(data["expected"])}`);
    return suggestions.length === 0 ? problem : { ...problem, suggestions };
  }
  if (!value.startsWith("--")) {
    const problem = `too many values: '${value}'`;
    return {
      code: "E269",
      severity: "error",
      data: { workflow: entry.name, value, what: ofWorkflow, problem },
    };
  }
  const unknown = made(value.slice(2), "there is no such input");
  if (suggestions.length > 0)
    return { ...unknown, suggestions: suggestions.map((text) => text.replace(/^--/, "")) };
  const known = declared.map(({ name }) => name);
  return { ...unknown, data: { ...unknown.data, known, knownKind: "inputs" } };
}
