import type { TaskTable } from "#core/config/schema/sections";
import { listAt, type Table, textAt, valueAt } from "#base/value-at";

/** What the keys about files need of their task. */
export interface FileContext {
  /** The folder of the task's file, from that of the main one; empty for the same. */
  readonly folder: string;
  readonly method: string | undefined;
  /** A template as text; undefined where that is only known when it runs. */
  readonly plain: (text: string) => string | undefined;
  readonly shell: (text: string, path: readonly (string | number)[]) => string | undefined;
  readonly approximated: (path: readonly (string | number)[], why: string) => void;
}

/** `sources`, `generates` and `status` as `inputs`, `outputs`, `cache` and `status`. */
export function fileKeys(task: Table, context: FileContext): TaskTable {
  const { method, approximated } = context;
  const status = [valueAt(task, "status") ?? []]
    .flat()
    .flatMap((given, index) =>
      typeof given === "string" ? (context.shell(given, ["status", index]) ?? []) : [],
    );
  const inputs = globsOf(task, "sources", context);
  const outputs = globsOf(task, "generates", context);
  if (method === "timestamp" && inputs.length > 0)
    approximated(["sources"], "files are compared by their content");
  const isOutside = [...inputs, ...outputs].some((path) => !isInside(path) || path.includes("{{"));
  const isCached = inputs.length > 0 && method !== "none" && status.length === 0 && !isOutside;
  if (isOutside) approximated(["sources"], "it always runs, as some of its files lie outside of the folder");
  if (status.length > 0 && inputs.length > 0)
    approximated(["sources"], "only 'status' says whether there is something to do");
  return {
    ...(status.length === 0 ? {} : { status }),
    ...(isCached ? { cache: true } : {}),
    ...(inputs.some(isInside) ? { inputs: inputs.filter(isInside) } : {}),
    ...(outputs.some(isInside) ? { outputs: outputs.filter(isInside) } : {}),
  };
}

const isInside = (path: string): boolean => !/^!?(?:\/|\.\.\/|~)/.test(path);

/** The globs under a key, from the folder of the configuration. */
export function globsOf(
  task: Table,
  key: string,
  { folder, plain, approximated }: FileContext,
): readonly string[] {
  const dir = plain(textAt(task, "dir") ?? "") ?? "";
  return listAt(task, key).flatMap((given, index) => {
    const source = typeof given === "string" ? given : textAt(given, "exclude");
    if (source === undefined) return [];
    const text = plain(source);
    if (text === undefined) {
      approximated([key, index], "it is left out, as it is only known when it runs");
      return [];
    }
    const parts = [folder, dir, text].map((part) => part.replace(/^(?:\.\/)+/, ""));
    const path = text.startsWith("/") ? text : parts.filter((part) => part !== "" && part !== ".").join("/");
    return [typeof given === "string" ? path : `!${path}`];
  });
}
