import { isTextList } from "#base/value-at";

/** What the hook has done to a shell, kept in a variable of that shell. */
export interface HookState {
  /** What it was made for: the folder, and the files that decided, as they were. */
  readonly key: string;
  /** Files whose change makes everything anew. */
  readonly files: readonly string[];
  /** Variables that were set or taken away, with what they were before; null: they were not there. */
  readonly before: Readonly<Record<string, string | null>>;
  /** Folders that were put in front of PATH. */
  readonly path: readonly string[];
}

/** Holds the state of the hook. */
export const STATE_VARIABLE = "ZR_HOOK";

export const EMPTY_STATE: HookState = { key: "", files: [], before: {}, path: [] };

export const encodeState = (state: HookState): string =>
  Buffer.from(JSON.stringify(state)).toString("base64url");

/** Reads a state; whatever is no state is an empty one. */
export function decodeState(text: string | undefined): HookState {
  if (text === undefined || text === "") return EMPTY_STATE;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (typeof value !== "object" || value === null) return EMPTY_STATE;
    if (!("key" in value && "files" in value && "before" in value && "path" in value)) return EMPTY_STATE;
    const { key, files, before, path } = value;
    if (typeof key !== "string" || !isTextList(files) || !isTextList(path)) return EMPTY_STATE;
    if (typeof before !== "object" || before === null) return EMPTY_STATE;
    const known = Object.entries(before).filter(
      (entry): entry is [string, string | null] => typeof entry[1] === "string" || entry[1] === null,
    );
    return { key, files, path, before: Object.fromEntries(known) };
  } catch {
    return EMPTY_STATE;
  }
}

/** The variables of a shell as they would be without the hook. What the user has changed since is kept. */
export function withoutHook(
  env: Readonly<Record<string, string>>,
  { before, path }: HookState,
  separator: string,
): Readonly<Record<string, string>> {
  const restored: Record<string, string> = { ...env };
  delete restored[STATE_VARIABLE];
  for (const [name, value] of Object.entries(before)) {
    if (value === null) delete restored[name];
    else restored[name] = value;
  }
  if (path.length > 0 && env["PATH"] !== undefined) {
    const ours = [...path];
    const left = env["PATH"].split(separator).filter((folder) => {
      const at = ours.indexOf(folder);
      if (at >= 0) ours.splice(at, 1);
      return at < 0;
    });
    restored["PATH"] = left.join(separator);
  }
  return restored;
}

/** How a shell gets from the variables it has to those it is to have; undefined takes one away. */
export function changesTo(
  now: Readonly<Record<string, string>>,
  then: Readonly<Record<string, string>>,
): readonly (readonly [string, string | undefined])[] {
  const names = new Set([...Object.keys(now), ...Object.keys(then)]);
  names.delete(STATE_VARIABLE);
  return [...names].toSorted().flatMap((name) => {
    const [old, fresh] = [now[name], then[name]];
    return old === fresh ? [] : [[name, fresh] as const];
  });
}
