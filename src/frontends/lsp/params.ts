/** Whether something is a position of the protocol. */
function isPosition(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { line, character }: { readonly line?: unknown; readonly character?: unknown } = value;
  return isCount(line) && isCount(character);
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

function isRange(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { start, end }: { readonly start?: unknown; readonly end?: unknown } = value;
  return isPosition(start) && isPosition(end);
}

const field = (params: unknown, name: string): unknown =>
  typeof params === "object" && params !== null && Object.hasOwn(params, name)
    ? Object.entries(params).find(([key]) => key === name)?.[1]
    : undefined;

/** What a request's parameters have to have, by the method. */
export type ParamsShape = "document" | "position" | "range" | "query" | "any";

/** What is wrong with the parameters of a request; undefined where they can be used. */
export function paramsProblem(params: unknown, shape: ParamsShape): string | undefined {
  if (typeof params !== "object" || params === null)
    return shape === "any" ? undefined : "params must be an object";
  if (shape === "any") return undefined;
  if (shape === "query")
    return typeof field(params, "query") === "string" ? undefined : "query must be a string";
  if (typeof field(field(params, "textDocument"), "uri") !== "string")
    return "textDocument.uri must be a string";
  if (shape === "position" && !isPosition(field(params, "position")))
    return "position must have line and character";
  return shape === "range" && !isRange(field(params, "range")) ? "range must have start and end" : undefined;
}

/** Whether the changes of a document can be applied. */
export function areChanges(changes: unknown): boolean {
  if (!Array.isArray(changes)) return false;
  const list: readonly unknown[] = changes;
  return list.every((change) => {
    const range = field(change, "range");
    return (
      typeof field(change, "text") === "string" && (range === undefined || range === null || isRange(range))
    );
  });
}
