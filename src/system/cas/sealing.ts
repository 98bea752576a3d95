import { blockingFileSystem } from "#system/runtime-modules";
import { AT_ONCE_BYTES } from "./packed-bytes";

const cipher = () => process.getBuiltinModule("node:crypto");

const MAGIC = new Uint8Array([0x7a, 0x72, 0x73, 0x31]);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What sealing adds to a content. */
const SEAL_BYTES = MAGIC.length + NONCE_BYTES + TAG_BYTES;

/** Keys that were made of a secret text. */
export interface SealKeys {
  readonly content: Uint8Array;
  readonly nonce: Uint8Array;
}

export const sealKeys = (secret: string): SealKeys => ({
  content: derive(secret, "zr cache content 1"),
  nonce: derive(secret, "zr cache nonce 1"),
});

/** HMAC-SHA256 (RFC 2104) of a text, in hexadecimal. */
export const signatureOf = (secret: string, text: string): string =>
  new Bun.CryptoHasher("sha256", secret).update(text).digest("hex");

/** Compares in a time that does not depend on where the difference is. */
export function isSameSignature(a: string, b: string): boolean {
  const [one, other] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return one.length === other.length && cipher().timingSafeEqual(one, other);
}

const derive = (secret: string, purpose: string): Uint8Array =>
  new Uint8Array(new Bun.CryptoHasher("sha256", secret).update(purpose).digest().buffer);

/**
 * Encrypts bytes by AES-256-GCM (NIST SP 800-38D): four bytes to know it by, the nonce, what was encrypted, the tag. The
 * nonce is an HMAC of `name`, the digest of the bytes: the same content gives the same bytes, so that it need not be
 * sent twice, and different contents never share a nonce.
 */
export function seal(plain: Uint8Array, name: string, keys: SealKeys): Uint8Array {
  const nonce = nonceOf(name, keys);
  const work = cipher().createCipheriv("aes-256-gcm", keys.content, nonce);
  const parts = [MAGIC, nonce, work.update(plain), work.final(), work.getAuthTag()];
  return new Uint8Array(Bun.concatArrayBuffers(parts));
}

/** What was sealed; undefined for anything else, and for another key. */
export function unseal(sealed: Uint8Array, keys: SealKeys): Uint8Array | undefined {
  if (sealed.length < SEAL_BYTES || MAGIC.some((byte, index) => sealed[index] !== byte)) return undefined;
  const body = sealed.subarray(MAGIC.length + NONCE_BYTES, sealed.length - TAG_BYTES);
  const nonce = sealed.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES);
  try {
    const work = cipher().createDecipheriv("aes-256-gcm", keys.content, nonce);
    work.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return new Uint8Array(Bun.concatArrayBuffers([work.update(body), work.final()]));
  } catch {
    // The tag is not that of these bytes under this key.
    return undefined;
  }
}

/** Seals a file of any size into a new one. Gives its digest and size. Throws the system's error. */
export async function sealFile(
  from: string,
  to: string,
  { name, keys }: { readonly name: string; readonly keys: SealKeys },
): Promise<{ readonly digest: string; readonly size: number }> {
  const { closeSync, openSync, writeSync } = blockingFileSystem();
  const nonce = nonceOf(name, keys);
  const work = cipher().createCipheriv("aes-256-gcm", keys.content, nonce);
  const hasher = new Bun.CryptoHasher("sha256");
  let size = 0;
  const target = openSync(to, "wx", 0o600);
  const write = (bytes: Uint8Array): void => {
    hasher.update(bytes);
    size += bytes.length;
    for (let at = 0; at < bytes.length;) at += writeSync(target, bytes, at);
  };
  try {
    write(MAGIC);
    write(nonce);
    for await (const chunk of Bun.file(from).stream()) write(work.update(chunk));
    write(work.final());
    write(work.getAuthTag());
  } finally {
    closeSync(target);
  }
  return { digest: hasher.digest("hex"), size };
}

/** Opens a sealed file of any size into a new one; false where it is none of these keys. Throws the system's error. */
export async function unsealFile(from: string, to: string, keys: SealKeys): Promise<boolean> {
  const { closeSync, fstatSync, openSync, readSync, writeSync } = blockingFileSystem();
  const source = openSync(from, "r");
  try {
    const { size } = fstatSync(source);
    const [head, tag] = [new Uint8Array(MAGIC.length + NONCE_BYTES), new Uint8Array(TAG_BYTES)];
    if (size < SEAL_BYTES) return false;
    readSync(source, head, 0, head.length, 0);
    readSync(source, tag, 0, TAG_BYTES, size - TAG_BYTES);
    if (MAGIC.some((byte, index) => head[index] !== byte)) return false;
    const work = cipher().createDecipheriv("aes-256-gcm", keys.content, head.subarray(MAGIC.length));
    work.setAuthTag(tag);
    const target = openSync(to, "wx", 0o600);
    try {
      const block = new Uint8Array(AT_ONCE_BYTES);
      for (let at = head.length; at < size - TAG_BYTES;) {
        const read = readSync(source, block, 0, Math.min(block.length, size - TAG_BYTES - at), at);
        if (read === 0) return false;
        const bytes = work.update(block.subarray(0, read));
        for (let done = 0; done < bytes.length;) done += writeSync(target, bytes, done);
        at += read;
        if (read === block.length) await new Promise((resolve) => setImmediate(resolve));
      }
      work.final();
    } catch (error) {
      if (error instanceof Error && "syscall" in error) throw error;
      return false;
    } finally {
      closeSync(target);
    }
    return true;
  } finally {
    closeSync(source);
  }
}

const nonceOf = (name: string, keys: SealKeys): Uint8Array =>
  new Uint8Array(new Bun.CryptoHasher("sha256", keys.nonce).update(name).digest().buffer, 0, NONCE_BYTES);
