import { askGit } from "./ask-git";

export interface CommitPlace {
  /** Top folder of the checkout. */
  readonly top: string;
  readonly env: Readonly<Record<string, string>>;
  /** Name of the commit. */
  readonly commit: string;
}

/** The text of a file as it was in a commit, by its path from the top folder; undefined where it was not there. */
export async function fileAt({ top, env, commit }: CommitPlace, path: string): Promise<string | undefined> {
  const shown = await askGit(top, env, ["cat-file", "blob", `${commit}:${path}`]);
  return shown.ok ? shown.value : undefined;
}
