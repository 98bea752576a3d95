import { isTable } from "#base/value-at";
import type { ChangeScope } from "#core/affected/affected-packages";
import { CHANGES_ASKED } from "#engine/affected/ask-git";
import { endReadTrace } from "#system/fs/read-trace";
import type { Host } from "#system/host";
import { keepAnswer, recallAnswer } from "./kept-answers";
import type { Reading } from "./kept-answers";
import type { LoadOptions } from "./load-workspace";

/*
 * To read the configuration of a thousand packages takes three times as long as git needs to say what has changed. What
 * matters of it for that is kept.
 */

/** With fewer packages, reading them is faster than looking whether they have been changed. */
const WORTH_KEEPING = 32;
const MOST_KEPT = 16;

/** The scope of a workspace as it was kept, else what notes the reading of it. */
export const recallScope = (
  { cwd, configPath, profile }: LoadOptions,
  host: Host,
): ReturnType<typeof recallAnswer<ChangeScope>> =>
  recallAnswer({ kind: "scopes", about: [cwd, configPath, profile] }, host, isScope);

/** Keeps what was read; ends the noting. */
export async function keepScope(scope: ChangeScope, reading: Reading): Promise<void> {
  if (scope.packages.length < WORTH_KEEPING) return endReadTrace();
  await keepAnswer(scope, reading, {
    root: scope.root,
    most: MOST_KEPT,
    isAskedAgain: (asked) => CHANGES_ASKED.has(asked),
  });
}

// A digest says that these are the bytes that were written; only the user may write there.
const isScope = (value: unknown): value is ChangeScope =>
  isTable(value) && typeof value["root"] === "string" && Array.isArray(value["packages"]);
