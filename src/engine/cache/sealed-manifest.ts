import { isTable } from "#base/value-at";
import type { BlobRef } from "./action-result";
import { isDigest, manifestText, parseManifest } from "./cache-manifest";
import type { CacheManifest } from "./cache-manifest";

/** What stored blobs are called where they were encrypted on the way: by their names in the local store. */
export type SealedNames = ReadonlyMap<string, BlobRef>;

/** A manifest as it is sent: its own text, and what became of the blobs. */
export function sentText(manifest: CacheManifest, sealed: SealedNames): string {
  if (sealed.size === 0) return manifestText(manifest);
  const rows = [...sealed]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, ref]) => [name, ref.digest, ref.size]);
  return JSON.stringify({ v: 1, manifest: manifestText(manifest), sealed: rows });
}

/** Undefined for what is no such text. */
export function parseSent(
  text: string,
): { readonly manifest: CacheManifest; readonly sealed: SealedNames } | undefined {
  const plain = parseManifest(text);
  if (plain !== undefined) return { manifest: plain, sealed: new Map() };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isTable(value) || typeof value["manifest"] !== "string" || !Array.isArray(value["sealed"]))
    return undefined;
  const manifest = parseManifest(value["manifest"]);
  if (manifest === undefined) return undefined;
  const sealed = new Map<string, BlobRef>();
  for (const row of value["sealed"]) {
    if (!Array.isArray(row)) return undefined;
    const [name, digest, size]: readonly unknown[] = row;
    if (!isDigest(name) || !isDigest(digest) || typeof size !== "number" || !Number.isSafeInteger(size))
      return undefined;
    sealed.set(name, { digest, size });
  }
  return { manifest, sealed };
}
