import { unpackAny, packBytes } from "#system/cas/packed-bytes";
import { sha256 } from "#system/cas/blob-folder";
import type { ActionFile, ActionResult, BlobRef } from "./action-result";
import { EMPTY_DIGEST, MANIFEST_PATH, MAX_MANIFEST_BYTES } from "./cache-manifest";
import type { CacheManifest } from "./cache-manifest";

/** First line of a manifest's blob: the version, and the signature of what follows where there is one. */
const HEAD = /^zr1(?: ([0-9a-f]{64}))?$/;

/** The bytes of a manifest's blob. */
export function encodeManifest(text: string, signature?: string): Uint8Array {
  const head = signature === undefined ? "zr1" : `zr1 ${signature}`;
  return packBytes(new TextEncoder().encode(`${head}\n${text}`)).bytes;
}

/** The manifest's text and its signature; undefined for anything else. */
export function decodeManifest(
  bytes: Uint8Array,
): { readonly text: string; readonly signature: string | undefined } | undefined {
  const plain = unpackAny(bytes, MAX_MANIFEST_BYTES);
  if (plain === undefined) return undefined;
  const whole = new TextDecoder().decode(plain);
  const cut = whole.indexOf("\n");
  const head = HEAD.exec(whole.slice(0, Math.max(cut, 0)));
  return head === null ? undefined : { text: whole.slice(cut + 1), signature: head[1] };
}

/**
 * The action result of a manifest. Outputs of the workspace get a path that the protocol allows; of those that share a blob
 * only that is named, once.
 *
 * @param refs blobs by the digest of their plain content: those of the manifest, or what they became on the way.
 */
export function actionOf(
  manifest: CacheManifest,
  own: ManifestRef,
  refs: ReadonlyMap<string, BlobRef> = manifest.blobs,
): ActionResult {
  const { result, blobs } = manifest;
  const files: ActionFile[] = [];
  const packs = new Set<string>();
  for (const { kind, path, mode, digest, size } of result.outputs) {
    if (kind !== "file") continue;
    const ref = size === 0 ? { digest: EMPTY_DIGEST, size: 0 } : refs.get(digest);
    if (ref === undefined) continue;
    const blob = blobs.get(digest);
    if (blob?.part !== undefined) {
      if (packs.has(blob.digest)) continue;
      packs.add(blob.digest);
      files.push({ path: `.zr/packs/${packs.size}`, executable: false, digest: ref.digest, size: ref.size });
      continue;
    }
    const shown = path.startsWith("//") ? `.zr/workspace/${path.slice(2)}` : path;
    files.push({ path: shown, executable: (mode & 0o100) !== 0, digest: ref.digest, size: ref.size });
  }
  files.push({ path: MANIFEST_PATH, executable: false, ...own });
  const log = result.log === undefined ? undefined : refs.get(result.log);
  return log === undefined ? { files } : { files, stdout: { digest: log.digest, size: log.size } };
}

/** Where the bytes of a manifest lie: in a blob, or here. */
export type ManifestRef = BlobRef & Pick<ActionFile, "contents">;

/** Where the manifest of an action result lies. */
export function manifestRef({ files }: ActionResult): ManifestRef | undefined {
  const found = files.find(({ path }) => path === MANIFEST_PATH);
  if (found === undefined) return undefined;
  const { digest, size, contents } = found;
  return contents === undefined ? { digest, size } : { digest, size, contents };
}

/** The bytes that a reference holds itself; undefined where it holds none, or others than it says. */
export const heldBytes = ({ digest, contents }: ManifestRef): Uint8Array | undefined =>
  contents !== undefined && sha256(contents) === digest ? contents : undefined;
