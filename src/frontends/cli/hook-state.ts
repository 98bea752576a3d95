import { isTextList } from "#base/value-at";

/** What the hook has done to a shell, kept in a variable of that shell. */
export interface HookState {
  /** What it was made for: the folder, and the files that decided, as they were. */
  readonly key: string;
  /** Files whose change makes everything anew. */
  readonly files: readonly string[];
  /** Variables that were set or taken away, with what they were before; null: they were not there. */
  readonly before: Readonly<Record<string, string | null>>;
  /** Folders that were put in front of PATH; all of it where `before` has what stood there. */
  readonly path: readonly string[];
  /** Folders that were put behind PATH. */
  readonly tail: readonly string[];
}

/** Holds the state of the hook. */
export const STATE_VARIABLE = "ZR_HOOK";

export const EMPTY_STATE: HookState = { key: "", files: [], before: {}, path: [], tail: [] };

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
    // A shell may have been open since before there was one.
    const tail = "tail" in value && isTextList(value.tail) ? value.tail : [];
    if (typeof key !== "string" || !isTextList(files) || !isTextList(path)) return EMPTY_STATE;
    if (typeof before !== "object" || before === null) return EMPTY_STATE;
    const known = Object.entries(before).filter(
      (entry): entry is [string, string | null] => typeof entry[1] === "string" || entry[1] === null,
    );
    return { key, files, path, tail, before: Object.fromEntries(known) };
  } catch {
    return EMPTY_STATE;
  }
}

/** The variables of a shell as they would be without the hook. What the user has changed since is kept. */
export function withoutHook(
  env: Readonly<Record<string, string>>,
  state: HookState,
  separator: string,
): Readonly<Record<string, string>> {
  const restored: Record<string, string> = { ...env };
  delete restored[STATE_VARIABLE];
  for (const [name, value] of Object.entries(state.before)) {
    if (value === null) delete restored[name];
    else restored[name] = value;
  }
  if (env["PATH"] !== undefined && state.path.length + state.tail.length > 0) {
    const left = restoredPath(foldersOf(env["PATH"], separator), state, separator);
    if (left !== "" || state.before["PATH"] !== null) restored["PATH"] = left;
  }
  return restored;
}

/** PATH without what the hook has put there, in the order in which the rest stands. */
function restoredPath(now: readonly string[], state: HookState, separator: string): string {
  const front = [...state.path];
  const left: string[] = [];
  let at: number | undefined;
  for (const folder of now) {
    const mine = front.indexOf(folder);
    if (mine < 0) left.push(folder);
    else {
      front.splice(mine, 1);
      at ??= left.length;
    }
  }
  for (const folder of state.tail.toReversed()) {
    const last = left.lastIndexOf(folder);
    if (last >= 0) left.splice(last, 1);
  }
  const replaced = state.before["PATH"];
  if (typeof replaced === "string") left.splice(at ?? left.length, 0, ...foldersOf(replaced, separator));
  return left.join(separator);
}

export const foldersOf = (path: string | undefined, separator: string): readonly string[] =>
  path === undefined ? [] : path.split(separator);

/** The folders in front of what PATH was before and those behind it; undefined where it is no part of it any more. */
export function aroundPath(
  path: string | undefined,
  before: string | undefined,
  separator: string,
): { readonly front: readonly string[]; readonly tail: readonly string[] } | undefined {
  if (path === undefined || before === undefined) return undefined;
  const [now, was] = [foldersOf(path, separator), foldersOf(before, separator)];
  for (let at = now.length - was.length; at >= 0; at -= 1) {
    if (was.every((folder, index) => folder === now[at + index]))
      return { front: now.slice(0, at), tail: now.slice(at + was.length) };
  }
  return undefined;
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
