import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { archiveFormat } from "#core/toolchain/archive-format";
import { downloadFile } from "#engine/toolchain/download-file";
import { extractArchive } from "#engine/toolchain/extract-archive";
import type { FetchContext } from "#engine/toolchain/follow-redirects";
import { shownUrl } from "#engine/toolchain/follow-redirects";
import { fileSystem } from "#system/runtime-modules";
import { fetchFailure } from "./release-failure";
import type { ReleaseFailure } from "./release-failure";
import type { Release } from "./signed-sums";

export interface ProgramRequest {
  readonly release: Release;
  /** `linux-x64`. */
  readonly platform: string;
  /** A folder of this process alone, which exists. */
  readonly folder: string;
  /** Told how many bytes are there, and how many there will be. */
  readonly onProgress: (received: number, total: number | undefined) => void;
}

/**
 * Downloads the archive of a release, compares it with the signed list, and unpacks the program of it. Throws what the
 * system says of its files.
 *
 * @returns the path of the program.
 */
export async function fetchProgram(
  { release, platform, folder, onProgress }: ProgramRequest,
  context: FetchContext,
): Promise<Result<string, ReleaseFailure>> {
  const { version, archives, address } = release;
  const wanted = archives.get(platform);
  if (wanted === undefined)
    return err({ code: "E567", data: { version, platform, published: [...archives.keys()].sort() } });
  const url = `${address}/${wanted.name}`;
  const archive = `${folder}/archive`;
  const downloaded = await downloadFile({ url, path: archive, onProgress }, context);
  if (!downloaded.ok) return err(fetchFailure(downloaded.error));
  const { sha256: found } = downloaded.value;
  if (found !== wanted.sha256)
    return err({ code: "E564", data: { url: shownUrl(url), expected: wanted.sha256, found } });
  const unusable = (reason: string): Result<never, ReleaseFailure> =>
    err({ code: "E565", data: { url: shownUrl(url), reason } });
  const format = archiveFormat(wanted.name);
  if (format === "file") return unusable("it is no archive");
  const name = platform.startsWith("windows-") ? "zr.exe" : "zr";
  const member = `zr-${version}-${platform}/${name}`;
  const place = `${folder}/content`;
  await fileSystem().mkdir(place);
  const layout = { strip: 1, skip: (path: string) => path !== member };
  const extracted = await extractArchive({ archive, format, folder: place, layout });
  if (!extracted.ok) {
    if (extracted.error.kind === "archive") return unusable(extracted.error.reason);
    return err({ code: "E566", data: { path: place, reason: extracted.error.reason } });
  }
  const program = `${place}/${name}`;
  const file = await fileSystem()
    .lstat(program)
    .catch(() => undefined);
  if (file?.isFile() !== true) return unusable(`it holds no ${member}`);
  await fileSystem().chmod(program, 0o755);
  await fileSystem().rm(archive);
  return ok(program);
}
