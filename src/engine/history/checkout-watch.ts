import type { DirtyWatch } from "#system/git/watch-dirty";
import type { GitState } from "./stored-run";

/** A run shorter than this is spared the look at the repository; its commit is found later, by the time of its start. */
const LOOK_AT_CHECKOUT_MS = 1000;

interface Look {
  readonly commit: string | undefined;
  readonly dirty: DirtyWatch;
}

/** Looks at the checkout once a run has gone on for a while: at its commit, and whether anything differs from it. */
export class CheckoutWatch {
  readonly #timer: ReturnType<typeof setTimeout>;
  #looking: Promise<Look> | undefined;

  constructor(root: string, env: Readonly<Record<string, string>>) {
    this.#timer = setTimeout(() => {
      this.#looking = look(root, env);
    }, LOOK_AT_CHECKOUT_MS);
  }

  /** What was seen; undefined where there was no time to look, and outside of a repository. */
  async finish(): Promise<GitState | undefined> {
    clearTimeout(this.#timer);
    const seen = await this.#looking;
    if (seen === undefined) return undefined;
    const dirty = await seen.dirty.finish();
    return seen.commit === undefined ? undefined : { commit: seen.commit, dirty };
  }
}

async function look(root: string, env: Readonly<Record<string, string>>): Promise<Look> {
  const [{ headCommit }, { watchDirty }] = await Promise.all([
    import("#system/git/head-commit"),
    import("#system/git/watch-dirty"),
  ]);
  const dirty = watchDirty(root, env);
  return { commit: await headCommit(root), dirty };
}
