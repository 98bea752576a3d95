import { err, ok } from "#base/result";
import type { Result } from "#base/result";

/*
 * Signatures of files in the form of minisign (https://jedisct1.github.io/minisign/#signature-format): Ed25519
 * (RFC 8032) over the file, or over its BLAKE2b-512, and a second one over the first with a comment that can be trusted.
 */

const KEY_BYTES = 2 + 8 + 32;
const SIGNATURE_BYTES = 2 + 8 + 64;
const LEGACY = "Ed";
const PREHASHED = "ED";

export interface PublicKey {
  /** Eight bytes in hexadecimal, by which people tell keys apart. */
  readonly id: string;
  readonly key: Uint8Array<ArrayBuffer>;
}

/** Reads a public key: its base64 alone, or with the line of comment before it. */
export function parsePublicKey(text: string): Result<PublicKey, string> {
  const bytes = fromBase64(text.trim().split("\n").at(-1) ?? "");
  if (bytes?.length !== KEY_BYTES || ascii(bytes.subarray(0, 2)) !== LEGACY)
    return err("it is no public key of minisign");
  return ok({ id: bytes.subarray(2, 10).toHex(), key: bytes.slice(10) });
}

/**
 * Checks a signature and gives its trusted comment; the error is a sentence's end that says what is wrong.
 *
 * @param signature the text of a `.minisig` file.
 */
export async function verifyMinisign(
  file: Uint8Array<ArrayBuffer>,
  signature: string,
  { id, key }: PublicKey,
): Promise<Result<string, string>> {
  const [, line = "", comment = "", globalLine = ""] = signature.replaceAll("\r", "").split("\n");
  const bytes = fromBase64(line);
  const global = fromBase64(globalLine);
  const trusted = /^trusted comment: (.*)$/.exec(comment)?.[1];
  if (bytes?.length !== SIGNATURE_BYTES || global?.length !== 64 || trusted === undefined)
    return err("it is no signature of minisign");
  const algorithm = ascii(bytes.subarray(0, 2));
  if (algorithm !== LEGACY && algorithm !== PREHASHED) return err("it is made in a way that is not known");
  const signer = bytes.subarray(2, 10).toHex();
  if (signer !== id) return err(`it was made with the key ${signer}, not with ${id}`);
  const own = bytes.slice(10);
  const signed = algorithm === LEGACY ? file : new Uint8Array(Bun.CryptoHasher.hash("blake2b512", file));
  const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", imported, own, signed))) return err("it does not fit the file");
  const both = new Uint8Array([...own, ...new TextEncoder().encode(trusted)]);
  return (await crypto.subtle.verify("Ed25519", imported, global, both))
    ? ok(trusted)
    : err("its comment has been changed");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(text.trim());
  } catch {
    return undefined;
  }
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
