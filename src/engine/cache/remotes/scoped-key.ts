/**
 * The key of an action within a scope, for protocols whose servers have one space of keys for all: a digest of both.
 * Without a scope it is the key itself.
 */
export function scopedKey(scope: string, key: string): string {
  if (scope === "") return key;
  return new Bun.CryptoHasher("sha256").update(`${scope}\0${key}`).digest("hex");
}
