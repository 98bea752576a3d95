import { relativeTo, resolveFrom, isInside } from "#base/path";
import type { DepsEntry, StepOptions } from "#core/onboard/setup-settings";
import type { Workspace } from "#core/workspace/workspace";
import type { UnitInputs } from "./remembered";
import { languageProjects } from "#app/language-projects";
import { workspaceLanguages } from "#app/workspace-languages";
import type { LanguageProvider } from "#languages/language-provider";

/** What fetches the dependencies of something. */
export interface Installation {
  /** Of its unit in the setup: `deps web`, with the program where a folder has several. */
  readonly id: string;
  /** Folder to run in, absolute. */
  readonly dir: string;
  /** From the root; `.` for the root. */
  readonly path: string;
  /** Programs with their arguments, or one text for the shell. */
  readonly cmds: readonly (readonly string[])[] | string;
  /** As it is shown. */
  readonly label: string;
  /** Globs in `dir` of the files that say what is fetched. */
  readonly reads: readonly string[];
  /** In `dir`, what is left there. */
  readonly makes: readonly string[];
  readonly options: StepOptions;
}

type Unnamed = Omit<Installation, "id">;

const NO_OPTIONS: StepOptions = { optional: false };

/**
 * All that is to be installed: by the languages of each package, as `[setup.deps]` has it otherwise. What several
 * packages share, as the members of one lock file, is there once.
 */
export async function findInstallations(
  workspace: Workspace,
  entries: readonly DepsEntry[],
): Promise<readonly Installation[]> {
  const { root, packages } = workspace;
  const languages = await workspaceLanguages(workspace);
  const found = new Map<string, Unnamed>();
  const add = async (dir: string): Promise<void> => {
    for (const one of await installsAt(dir, root, languages)) found.set(`${one.dir}\0${one.label}`, one);
  };
  for (const { dir } of packages.values()) await add(dir);
  for (const { path, cmd, options } of entries) {
    const dir = resolveFrom(root, path);
    if (cmd === undefined) {
      await add(dir);
      for (const [key, one] of found) if (one.dir === dir) found.set(key, { ...one, options });
      continue;
    }
    for (const [key, one] of found) if (one.dir === dir) found.delete(key);
    if (cmd === false) continue;
    const reads = options.inputs ?? (await installsAt(dir, root, languages)).flatMap((one) => one.reads);
    const own = {
      dir,
      path: relativeTo(root, dir),
      cmds: cmd,
      label: cmd,
      reads,
      makes: options.outputs ?? [],
      options,
    };
    found.set(`${dir}\0${cmd}`, own);
  }
  return named([...found.values()].sort((a, b) => (a.dir < b.dir ? -1 : a.dir > b.dir ? 1 : 0)));
}

function named(found: readonly Unnamed[]): readonly Installation[] {
  const folders = Map.groupBy(found, ({ dir }) => dir);
  return found.map((one) => {
    const place = one.path === "." ? "deps" : `deps ${one.path}`;
    const isSole = (folders.get(one.dir)?.length ?? 0) < 2;
    return { ...one, id: isSole ? place : `${place} (${one.label.split(" ", 1)[0] ?? ""})` };
  });
}

/** What the languages of a folder say. */
async function installsAt(
  dir: string,
  root: string,
  providers: readonly LanguageProvider[],
): Promise<readonly Unnamed[]> {
  const languages = await languageProjects(dir, root, providers);
  return languages.flatMap(({ install }): readonly Unnamed[] => {
    // A manifest is the work of others: what it leads to stays in the workspace.
    if (install === undefined || !isInside(root, install.cwd)) return [];
    const { cmds, cwd, reads, makes } = install;
    return [
      {
        dir: cwd,
        path: relativeTo(root, cwd),
        cmds,
        label: cmds.map((words) => words.join(" ")).join(" && "),
        reads: reads.map(literally),
        makes,
        options: NO_OPTIONS,
      },
    ];
  });
}

/** What decides whether an installation has to be done again; undefined where nothing says that it has not changed. */
export function installInputs({ dir, label, reads, makes, options }: Installation): UnitInputs | undefined {
  const globs = options.inputs ?? reads;
  return globs.length === 0 && makes.length === 0 ? undefined : { dir, globs, facts: [label] };
}

/** A name as a glob that matches nothing else. */
const literally = (name: string): string => name.replaceAll(/[\\*?[\]{}!]/g, "\\$&");
