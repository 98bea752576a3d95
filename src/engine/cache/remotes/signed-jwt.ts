const utf8 = new TextEncoder();

const base64url = (bytes: Uint8Array): string => bytes.toBase64({ alphabet: "base64url", omitPadding: true });

const part = (value: object): string => base64url(utf8.encode(JSON.stringify(value)));

/**
 * A JSON Web Token with an RSA signature over SHA-256 (RFC 7515, RS256).
 *
 * @param key the private key, PKCS #8 in PEM.
 * @returns undefined where the key is none.
 */
export async function signedJwt(header: object, claims: object, key: string): Promise<string | undefined> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const text = `${part({ alg: "RS256", typ: "JWT", ...header })}.${part(claims)}`;
  try {
    const der = Uint8Array.fromBase64(key.replaceAll(/-----[A-Z ]+-----|\s/g, ""));
    const imported = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
    const signature = await crypto.subtle.sign(algorithm, imported, utf8.encode(text));
    return `${text}.${base64url(new Uint8Array(signature))}`;
  } catch {
    return undefined;
  }
}
