import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { HttpAnswer } from "#system/net/http-request";
import { pause } from "#system/clock/pause";
import { filePieces } from "#system/fs/file-pieces";
import { readSmall } from "#system/fs/read-small";
import { fileSystem } from "#system/runtime-modules";
import { troubleOf } from "./fetch-text";
import { followRedirects } from "./follow-redirects";
import type { FetchContext, FetchFailure } from "./follow-redirects";

export interface DownloadRequest {
  readonly url: string;
  /** Where it is kept; what a former try has left there is gone on with. */
  readonly path: string;
  /** Whether its SHA-512 is wanted too. */
  readonly withSha512?: boolean;
  /** Told how much is there, and how much there will be where the server says so. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
}

export interface Downloaded {
  readonly sha256: string;
  readonly sha512?: string;
  readonly size: number;
}

/** Tries that bring nothing further before it is given up. */
const MOST_TRIES = 3;
const FIRST_PAUSE_MS = 200;

/**
 * Downloads a file. A connection that breaks or goes silent is opened again where it was (RFC 9110 14: `Range` with
 * `If-Range`), also by a later process; a server that can't do that sends it anew.
 */
export async function downloadFile(
  request: DownloadRequest,
  context: FetchContext,
): Promise<Result<Downloaded, FetchFailure>> {
  let fruitless = 0;
  let furthest = 0;
  for (;;) {
    const before = await sizeOf(request.path);
    const tried = await oneTry(request, context, before);
    if (tried.ok || tried.error.kind !== "broken" || context.signal.aborted) return tried;
    const after = await sizeOf(request.path);
    furthest = Math.max(furthest, before);
    // To come as far as before after a new beginning is nothing gained: that could go on for ever.
    fruitless = after > furthest ? 0 : fruitless + 1;
    furthest = Math.max(furthest, after);
    if (fruitless >= MOST_TRIES) return tried;
    await pause(FIRST_PAUSE_MS * 2 ** fruitless);
  }
}

const sizeOf = async (path: string): Promise<number> =>
  fileSystem()
    .stat(path)
    .then(({ size }) => size)
    .catch(() => 0);

async function oneTry(
  request: DownloadRequest,
  context: FetchContext,
  present: number,
): Promise<Result<Downloaded, FetchFailure>> {
  const { url, path } = request;
  const tag = present === 0 ? "" : ((await readSmall(tagFile(path))) ?? "");
  const headers = tag === "" ? {} : { Range: `bytes=${present}-`, "If-Range": tag };
  const answer = await followRedirects(url, { headers, isFile: true }, context);
  if (!answer.ok) return answer;
  const kept = keptBytes(answer.value, present);
  if (kept.ok) return receive(request, answer.value, kept.value);
  await answer.value.body?.cancel();
  if (kept.error === "changed") {
    await forget(path);
    return err({ kind: "broken", url, reason: "the file has changed on the server" });
  }
  const { status } = answer.value;
  return err({
    kind: status >= 500 ? "broken" : "status",
    url,
    reason: `the server answered ${status}`,
    status,
  });
}

/** How much of what is there the answer goes on from; none where it brings all of the file. */
function keptBytes({ status, headers }: HttpAnswer, present: number): Result<number, "changed" | "no file"> {
  if (status === 200) return ok(0);
  if (status !== 206) return err(status === 416 ? "changed" : "no file");
  return rangeStart(headers.get("content-range")) === present ? ok(present) : err("changed");
}

/** Writes an answer behind what is kept. */
async function receive(
  { url, path, onProgress, withSha512 }: DownloadRequest,
  { headers, body }: HttpAnswer,
  kept: number,
): Promise<Result<Downloaded, FetchFailure>> {
  const { open, rm, writeFile } = fileSystem();
  const hasher = new Bun.CryptoHasher("sha256");
  const further = withSha512 === true ? new Bun.CryptoHasher("sha512") : undefined;
  const digest = (piece: Uint8Array): void => {
    hasher.update(piece);
    further?.update(piece);
  };
  if (kept > 0) for await (const piece of filePieces(path)) digest(piece);
  await writeFile(tagFile(path), strongTag(headers));
  const length = Number(headers.get("content-length") ?? Number.NaN);
  const total = Number.isSafeInteger(length) && length > 0 ? kept + length : undefined;
  let received = kept;
  const file = await open(path, kept > 0 ? "a" : "w", 0o600);
  try {
    for await (const piece of body ?? []) {
      digest(piece);
      await file.writeFile(piece);
      received += piece.length;
      onProgress?.(received, total);
    }
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw error;
    return err({ kind: "broken", url, reason: troubleOf(error).reason });
  } finally {
    await file.close();
  }
  if (total !== undefined && received !== total)
    return err({ kind: "broken", url, reason: "the connection broke" });
  await rm(tagFile(path), { force: true });
  return ok({
    sha256: hasher.digest("hex"),
    ...(further === undefined ? {} : { sha512: further.digest("hex") }),
    size: received,
  });
}

/** Holds what the server calls this version of the file. */
const tagFile = (path: string): string => `${path}.etag`;

const rangeStart = (text: string | null): number | undefined => {
  const start = /^bytes (\d+)-/.exec(text ?? "")?.[1];
  return start === undefined ? undefined : Number(start);
};

/** What tells one version of the file from another for sure; a weak tag does not. */
function strongTag(headers: Headers): string {
  const tag = headers.get("etag");
  return tag !== null && tag.startsWith('"') ? tag : (headers.get("last-modified") ?? "");
}

/** Removes what there is of a download. */
export async function forget(path: string): Promise<void> {
  const { rm } = fileSystem();
  await rm(path, { force: true });
  await rm(tagFile(path), { force: true });
}
