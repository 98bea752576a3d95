import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { FetchContext } from "#engine/toolchain/follow-redirects";
import { holdLock } from "#engine/toolchain/hold-lock";
import { fileSystem } from "#system/runtime-modules";
import { fetchProgram } from "./fetch-program";
import { expectVersion } from "./program-version";
import { placeFailure } from "./release-failure";
import type { ReleaseFailure } from "./release-failure";
import { replaceProgram } from "./replace-program";
import type { Release } from "./signed-sums";

export interface ProgramUpgrade {
  readonly release: Release;
  /** `linux-x64`. */
  readonly platform: string;
  /** The program, links followed, with `/` between its parts. */
  readonly path: string;
  readonly os: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onProgress: (received: number, total: number | undefined) => void;
}

const STAGING = ".zr-upgrade";

/**
 * Replaces a program by that of a release. All that is fetched and unpacked lies in a folder beside the program, so that
 * it gets into place by a rename, and that folder is gone afterwards. Of several processes one does it at a time.
 */
export async function upgradeProgram(
  upgrade: ProgramUpgrade,
  context: FetchContext,
): Promise<Result<void, ReleaseFailure>> {
  const { path } = upgrade;
  const folder = path.slice(0, path.lastIndexOf("/"));
  const held = await holdLock(`${folder}/${STAGING}.lock`, { signal: context.signal }, () =>
    stageAndReplace(upgrade, `${folder}/${STAGING}`, context),
  );
  return held.ok ? held.value : err({ code: "E566", data: { path, reason: held.error } });
}

async function stageAndReplace(
  { release, platform, path, os, env, onProgress }: ProgramUpgrade,
  folder: string,
  context: FetchContext,
): Promise<Result<void, ReleaseFailure>> {
  const { mkdir, rm } = fileSystem();
  const { version } = release;
  const broken = (reason: string): Result<never, ReleaseFailure> =>
    err({ code: "E569", data: { version, reason } });
  try {
    // A process that was killed may have left its own.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    const program = await fetchProgram({ release, platform, folder, onProgress }, context);
    if (!program.ok) return program;
    const runs = await expectVersion(program.value, version, env);
    if (!runs.ok) return broken(runs.error);
    // On Windows the old program is still running, and can't be removed from the folder.
    const aside = os === "windows" ? `${path}.old` : `${folder}/old`;
    await rm(aside, { force: true });
    const replaced = await replaceProgram({ path, by: program.value, aside, os }, () =>
      expectVersion(path, version, env),
    );
    return replaced.ok ? ok(undefined) : broken(replaced.error);
  } catch (error) {
    return err(placeFailure(path, error));
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
