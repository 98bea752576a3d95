import { callOperation } from "#app/catalogue/call-operation";
import type { CallSetting } from "#app/catalogue/call-operation";
import { findOperation } from "#app/catalogue/catalogue";

/** What an operation of the catalogue answers; undefined where it is refused. */
export async function operationValue(
  name: string,
  given: object,
  setting: CallSetting,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const operation = findOperation(name);
  if (operation === undefined) return undefined;
  const result = await callOperation(operation, given, setting);
  return result.kind === "answer" ? result.value : undefined;
}
