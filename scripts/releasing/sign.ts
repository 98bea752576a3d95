/** Signs files in the form of minisign, with a key made by `minisign -G -W`, which has no password. */
import { err, ok, type Result } from "#base/result";

export interface SigningKey {
  /** The public half in base64, as minisign writes it. */
  readonly publicKey: string;
  /** Eight bytes. */
  readonly id: Uint8Array;
  readonly sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;
}

const SECRET_BYTES = 2 + 2 + 2 + 32 + 8 + 8 + 8 + 64 + 32;
const ID_AT = 54;
const SEED_AT = 62;
/** What stands before the seed in a PKCS #8 key of Ed25519 (RFC 8410, section 7). */
const PKCS8 = Uint8Array.fromHex("302e020100300506032b657004220420");

/** Reads the secret key: the text of the file that minisign made, or its last line. */
export async function parseSecretKey(text: string): Promise<Result<SigningKey, string>> {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.fromBase64(text.trim().split("\n").at(-1) ?? "");
  } catch {
    return err("the key is no base64");
  }
  if (bytes.length !== SECRET_BYTES || String.fromCharCode(...bytes.subarray(0, 2)) !== "Ed")
    return err("it is no secret key of minisign");
  if (bytes[2] !== 0 || bytes[3] !== 0) return err("the key has a password; make one by `minisign -G -W`");
  const id = bytes.slice(ID_AT, SEED_AT);
  const key = await crypto.subtle.importKey(
    "pkcs8",
    new Uint8Array([...PKCS8, ...bytes.subarray(SEED_AT, SEED_AT + 32)]),
    "Ed25519",
    false,
    ["sign"],
  );
  const publicBytes = new Uint8Array([0x45, 0x64, ...id, ...bytes.subarray(SEED_AT + 32, SEED_AT + 64)]);
  return ok({
    id,
    publicKey: publicBytes.toBase64(),
    sign: async (signed) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, signed)),
  });
}

/**
 * The text of a `.minisig` file. The file itself is signed, not its hash, so that OpenSSL alone can check it too.
 *
 * @param comment without line breaks; whoever checks the signature can trust it.
 */
export async function minisign(
  file: Uint8Array<ArrayBuffer>,
  key: SigningKey,
  comment: string,
): Promise<string> {
  const signature = await key.sign(file);
  const whole = new Uint8Array([0x45, 0x64, ...key.id, ...signature]);
  const global = await key.sign(new Uint8Array([...signature, ...new TextEncoder().encode(comment)]));
  return `untrusted comment: signature of zr\n${whole.toBase64()}\ntrusted comment: ${comment}\n${global.toBase64()}\n`;
}
