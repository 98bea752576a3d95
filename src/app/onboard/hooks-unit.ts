import type { HookEntry } from "#core/onboard/setup-settings";
import { findHookPlace, hookState, leftHooks, removeHook, writeHook } from "#engine/onboard/git-hooks";
import type { HookPlace, HookState } from "#engine/onboard/git-hooks";
import type { SetupUnit, UnitEnd, UnitLook } from "#engine/onboard/setup-unit";
import type { SetupContext } from "./setup-context";

export const HOOKS_ID = "hooks";

/** A hook that is wanted and how it is now. */
interface FoundHook {
  readonly hook: HookEntry;
  readonly state: HookState;
}

/** The wanted hooks in a place, each as it is now. */
export const findHooks = (
  hooks: readonly HookEntry[],
  place: HookPlace,
  program: string,
): Promise<readonly FoundHook[]> =>
  Promise.all(hooks.map(async (hook) => ({ hook, state: await hookState(hook, place, program) })));

/** Writes `[setup.hooks]` into the repository, and takes those of earlier ones away. What somebody else has written there stays. */
export function hooksUnit(hooks: readonly HookEntry[], context: SetupContext): SetupUnit {
  const { workspace, host, program } = context;
  return {
    id: HOOKS_ID,
    step: HOOKS_ID,
    needs: [],
    optional: true,
    look: async (): Promise<UnitLook> => {
      const place = await findHookPlace(workspace.root, host.env);
      if (!place.ok) return { kind: "skip", detail: place.error };
      const found = await findHooks(hooks, place.value, program);
      const open = found.filter(({ state }) => state !== "as-wanted");
      const left = await leftHooks(namesOf(found), place.value);
      return open.length === 0 && left.length === 0
        ? { kind: "done", detail: namesOf(found).join(", ") }
        : { kind: "todo", detail: detailOf(namesOf(open), left) };
    },
    act: async (): Promise<UnitEnd> => {
      const place = await findHookPlace(workspace.root, host.env);
      if (!place.ok) return { kind: "failed", reason: place.error };
      const found = await findHooks(hooks, place.value, program);
      for (const { hook, state } of found) {
        if (state === "as-wanted" || state === "foreign") continue;
        const written = await writeHook(hook, place.value, program);
        if (!written.ok) return { kind: "failed", reason: `can't write ${hook.name}: ${written.error}` };
      }
      const left = await leftHooks(namesOf(found), place.value);
      for (const name of left) {
        const removed = await removeHook(name, place.value);
        if (!removed.ok) return { kind: "failed", reason: `can't remove ${name}: ${removed.error}` };
      }
      const foreign = found.filter(({ state }) => state === "foreign").map(({ hook }) => hook.name);
      if (foreign.length > 0)
        return {
          kind: "failed",
          reason: `${foreign.join(", ")}: another hook is there already, and stays`,
          hint: `take it away, or call zr from it: ${place.value.folder}`,
        };
      return { kind: "done", detail: detailOf(namesOf(found), left) };
    },
  };
}

const namesOf = (found: readonly FoundHook[]): readonly string[] => found.map(({ hook }) => hook.name);

/** The hooks that are written, and those that are taken away. */
const detailOf = (written: readonly string[], left: readonly string[]): string =>
  [...written, ...left.map((name) => `no ${name} any more`)].join(", ");
