/** A shorter piece of base64 stands in ordinary text too often. */
const minInnerLength = 6;
/**
 * In characters: `base64`, `openssl` and MIME break lines behind 64 or 76, so a line end has as many of a text beside it,
 * or all of it up to its end. A piece of this length is no accident.
 */
const pieceLength = 16;
/** Base64 is broken between its groups of four. */
const groupLength = 4;

/**
 * The forms in which programs print a text: as it is; base64 and its URL-safe variant, with and without padding, and as
 * it looks inside the base64 of a longer text (`user:text`), also broken into lines; URL-encoded as a component and as a
 * form; inside a JSON string.
 */
export function secretForms(text: string): ReadonlySet<string> {
  const forms = new Set([text]);
  const bytes = new TextEncoder().encode(text);
  for (const form of base64Forms(bytes)) {
    forms.add(form);
    forms.add(form.replaceAll("+", "-").replaceAll("/", "_"));
  }
  // A lone surrogate can't be URL-encoded.
  const component = encodeURIComponent(text.toWellFormed());
  const form = component
    .replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
  for (const encoded of [component, form]) {
    forms.add(encoded);
    forms.add(encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  }
  forms.add(JSON.stringify(text).slice(1, -1));
  return forms;
}

function base64Forms(bytes: Uint8Array): string[] {
  const whole = bytes.toBase64();
  const unpadded = whole.replace(/=+$/, "");
  const forms = [whole, unpadded];
  for (const shift of [0, 1, 2]) {
    const inner = innerBase64(bytes, shift);
    if (inner.length >= minInnerLength)
      forms.push(inner, ...brokenForms(inner, (groupLength - firstInner(shift)) % groupLength));
  }
  return forms;
}

/**
 * What stands in the output when lines end anywhere in `text`, whose first group begins at `firstGroup`: around line ends
 * near its start and its end what is there on both sides, and else pieces, of which every longer part of it consists.
 */
function brokenForms(text: string, firstGroup: number): string[] {
  const forms: string[] = [];
  for (let at = firstGroup; at < text.length; at += groupLength) {
    const behind = text.slice(at, at + pieceLength);
    if (at > 0 && (at < pieceLength || text.length - at < pieceLength))
      forms.push(`${text.slice(Math.max(0, at - pieceLength), at)}\n${behind}`);
    if (behind.length === pieceLength) forms.push(behind);
  }
  if (text.length > pieceLength) forms.push(text.slice(0, pieceLength), text.slice(-pieceLength));
  return forms;
}

/**
 * The base64 characters that depend on `bytes` alone when they follow some text of `shift` bytes modulo three: six
 * bits a character, so those that share bits with what comes before or after are left out.
 */
function innerBase64(bytes: Uint8Array, shift: number): string {
  const shifted = new Uint8Array(bytes.length + shift);
  shifted.set(bytes, shift);
  return shifted.toBase64().slice(firstInner(shift), Math.floor((shifted.length * 8) / 6));
}

/** The first base64 character that has no bits of the `shift` bytes in front. */
const firstInner = (shift: number): number => Math.ceil((shift * 8) / 6);
