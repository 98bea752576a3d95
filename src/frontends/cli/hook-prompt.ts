import { CONFIG_NAMES } from "#core/config/config-names";
import { dirname, relativeTo } from "#base/path";
import { visibleControls } from "#frontends/output/visible-text";
import { print } from "#system/stdio/print";
import { fileStamp } from "#system/fs/file-stamp";
import type { Shell } from "./completion/first-words";
import {
  aroundPath,
  changesTo,
  decodeState,
  EMPTY_STATE,
  encodeState,
  foldersOf,
  STATE_VARIABLE,
  withoutHook,
} from "./hook-state";
import type { HookState } from "./hook-state";
import { variableScript } from "./hook-scripts";
import type { Session } from "./session";

/**
 * What has changed for a shell since its last prompt, as commands of that shell. Nothing is loaded while it stays in a
 * folder whose files are as they were, and nothing of a folder is used that the user does not trust.
 */
export async function hookPrompt(shell: Shell, session: Session): Promise<number> {
  const { env, os } = session.host;
  const separator = os === "windows" ? ";" : ":";
  const state = decodeState(env[STATE_VARIABLE]);
  const near = configsAbove(session.cwd);
  const isInside = near.length > 0;
  if (!isInside && state.key === "") return 0;
  if (isInside && state.key === keyOf(session.cwd, state.files)) return 0;
  const clean = withoutHook(env, state, separator);
  const entered = isInside ? await enter(session, clean, near) : undefined;
  const then = entered?.env ?? clean;
  const changes = changesTo(env, then);
  const surroundings = aroundPath(then["PATH"], clean["PATH"], separator);
  const next: HookState =
    entered === undefined
      ? EMPTY_STATE
      : {
          key: keyOf(session.cwd, entered.files),
          files: entered.files,
          before: Object.fromEntries(
            changesTo(clean, then).flatMap(([name]) =>
              name === "PATH" && surroundings !== undefined ? [] : [[name, clean[name] ?? null]],
            ),
          ),
          path: surroundings?.front ?? foldersOf(then["PATH"], separator),
          tail: surroundings?.tail ?? [],
        };
  const text = next.key === "" ? undefined : encodeState(next);
  await print("stdout", variableScript(shell, [...changes, [STATE_VARIABLE, text]]));
  if (entered?.said !== undefined) await print("stderr", `zr: ${visibleControls(entered.said)}\n`);
  return 0;
}

/** Files of configuration in the folder and above it. */
function configsAbove(cwd: string): readonly string[] {
  const found: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    for (const name of CONFIG_NAMES) {
      const path = `${folder === "/" ? "" : folder}/${name}`;
      if (fileStamp(path) !== undefined) found.push(path);
    }
    if (dirname(folder) === folder) return found;
  }
}

/** Says the same as long as the folder and everything that decided stay as they are. */
const keyOf = (cwd: string, files: readonly string[]): string =>
  [cwd, ...files.map((path) => fileStamp(path) ?? "-")].join("\n");

interface Entered {
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  /** What the user should know. */
  readonly said?: string;
}

async function enter(
  session: Session,
  clean: Readonly<Record<string, string>>,
  near: readonly string[],
): Promise<Entered> {
  const { hookEnvironment } = await import("#app/operations/hook-environment");
  const host = { ...session.host, env: clean };
  const made = await hookEnvironment({ ...session.load, env: clean }, host);
  const shown = (path: string): string => relativeTo(session.cwd, path);
  switch (made.kind) {
    case "faulty":
      return { env: clean, files: near, said: `${shown(near[0] ?? "")} has errors; zr validate shows them` };
    case "untrusted":
      return {
        env: clean,
        files: [...near, ...made.files],
        said: `${shown(made.file)} is not trusted; zr trust lets the hook use it`,
      };
    case "impossible":
      return {
        env: clean,
        files: [...near, ...made.files],
        said: "the environment can't be made; zr env shows why",
      };
    case "ready": {
      const { env, files, missing } = made;
      const said =
        missing.length === 0
          ? {}
          : { said: `not installed: ${missing.join(", ")}; zr tools install does that` };
      return { env, files: [...near, ...files], ...said };
    }
  }
}
