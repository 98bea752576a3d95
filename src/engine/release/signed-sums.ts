import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { fetchText } from "#engine/toolchain/fetch-text";
import type { FetchContext } from "#engine/toolchain/follow-redirects";
import { shownUrl } from "#engine/toolchain/follow-redirects";
import { parsePublicKey, verifyMinisign } from "#system/crypto/minisign";
import { fetchFailure } from "./release-failure";
import type { ReleaseFailure } from "./release-failure";

/** Where releases lie and how they are trusted. */
export interface ReleaseSource {
  /** The address above `latest/download/…` and `download/v<version>/…`, without a slash at the end. */
  readonly base: string;
  /** The public key in the form of minisign. */
  readonly key: string;
}

/** A release as its signed list of checksums tells it. */
export interface Release {
  readonly version: string;
  /** The folder of its files, without a slash at the end. */
  readonly address: string;
  /** By platform (`linux-x64`): the archive's name and its SHA-256. */
  readonly archives: ReadonlyMap<string, { readonly name: string; readonly sha256: string }>;
}

/** Versions as releases have them: three numbers, and a suffix. */
export const RELEASE_VERSION = /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?$/;

const ARCHIVE = /^zr-(.+)-(linux|darwin|windows)-(x64|arm64)\.(?:tar\.gz|zip)$/;

/**
 * Fetches the list of a release, and believes it only when its signature is good.
 *
 * @param version undefined for the newest.
 */
export async function findRelease(
  version: string | undefined,
  { base, key }: ReleaseSource,
  context: FetchContext,
): Promise<Result<Release, ReleaseFailure>> {
  const publicKey = parsePublicKey(key);
  if (!publicKey.ok) return err({ code: "E560", data: { reason: "its key can't be read" } });
  const folder = version === undefined ? `${base}/latest/download` : `${base}/download/v${version}`;
  const url = `${folder}/SHA256SUMS`;
  const sums = await fetchText(url, context);
  if (!sums.ok) return err(fetchFailure(sums.error));
  const signature = await fetchText(`${url}.minisig`, context);
  if (!signature.ok) return err(fetchFailure(signature.error));
  const bytes = new TextEncoder().encode(sums.value);
  const verified = await verifyMinisign(bytes, signature.value, publicKey.value);
  if (!verified.ok)
    return err({ code: "E563", data: { url: shownUrl(`${url}.minisig`), reason: verified.error } });
  const release = readSums(sums.value);
  if (!release.ok) return err({ code: "E565", data: { url: shownUrl(url), reason: release.error } });
  if (version !== undefined && release.value.version !== version) {
    const reason = `it is the list of zr ${release.value.version}`;
    return err({ code: "E565", data: { url: shownUrl(url), reason } });
  }
  // The newest release may become another one between two requests: its files are asked for by their version.
  const address = `${base}/download/v${release.value.version}`;
  return ok({ ...release.value, address });
}

/** The archives in the form of `sha256sum`; whatever else is in the list is left out. */
function readSums(text: string): Result<Pick<Release, "version" | "archives">, string> {
  const archives = new Map<string, { readonly name: string; readonly sha256: string }>();
  const versions = new Set<string>();
  for (const line of text.split("\n")) {
    const [, sha256, name] = /^([0-9a-f]{64}) [ *](\S+)\r?$/.exec(line) ?? [];
    const [, version, os, arch] = ARCHIVE.exec(name ?? "") ?? [];
    if (sha256 === undefined || name === undefined || version === undefined) continue;
    versions.add(version);
    archives.set(`${os}-${arch}`, { name, sha256 });
  }
  const [version, other] = versions;
  if (version === undefined) return err("it names no archive of zr");
  if (other !== undefined || !RELEASE_VERSION.test(version)) return err("it is not the list of one version");
  return ok({ version, archives });
}
