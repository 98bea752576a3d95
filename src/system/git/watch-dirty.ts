import { signalGroup } from "#system/process/signal";
import { spawnChild } from "#system/process/spawn";
import { gitEnvironment } from "./git-environment";

/** Asks git in the background whether a checkout differs from its commit. */
export interface DirtyWatch {
  /** What git has said so far; null where it has not. It is not asked any longer. */
  readonly finish: () => Promise<boolean | null>;
}

/** An answer that is about to come is waited for so long. */
const LAST_WORD_MS = 20;

/** Starts git. Its answer is there when it is there. */
export function watchDirty(folder: string, env: Readonly<Record<string, string>>): DirtyWatch {
  let answer: boolean | null = null;
  let pid: number | undefined;
  const ask = async (): Promise<void> => {
    const child = spawnChild({
      argv: ["git", "status", "--porcelain"],
      cwd: folder,
      env: gitEnvironment(env),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      ownGroup: true,
    });
    if (!child.ok) return;
    pid = child.value.pid;
    let printed = 0;
    for await (const chunk of child.value.stdout ?? []) printed += chunk.length;
    const { code } = await child.value.exited;
    pid = undefined;
    if (code === 0) answer = printed > 0;
  };
  const asking = ask();
  return {
    finish: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const late = setTimeout(resolve, LAST_WORD_MS);
      await Promise.race([asking, promise]);
      clearTimeout(late);
      if (pid !== undefined) signalGroup(pid, "SIGKILL");
      return answer;
    },
  };
}
