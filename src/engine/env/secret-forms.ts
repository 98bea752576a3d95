/** A shorter piece of base64 stands in ordinary text too often. */
const minInnerLength = 6;
/** Where `base64`, `openssl` and MIME break lines. */
const wrapWidths: readonly number[] = [64, 76];

/**
 * The forms in which programs print a text: as it is; base64 and its URL-safe variant, with and without padding,
 * broken into lines, and as it looks inside the base64 of a longer text (`user:text`); URL-encoded as a component and
 * as a form; inside a JSON string.
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
    if (inner.length >= minInnerLength) forms.push(inner);
  }
  for (const width of wrapWidths) {
    if (unpadded.length <= width) continue;
    for (let at = 0; at < unpadded.length; at += width) {
      const line = unpadded.slice(at, at + width);
      if (line.length >= minInnerLength) forms.push(line);
    }
  }
  return forms;
}

/**
 * The base64 characters that depend on `bytes` alone when they follow some text of `shift` bytes modulo three: six
 * bits a character, so those that share bits with what comes before or after are left out.
 */
function innerBase64(bytes: Uint8Array, shift: number): string {
  const shifted = new Uint8Array(bytes.length + shift);
  shifted.set(bytes, shift);
  const firstWhole = Math.ceil((shift * 8) / 6);
  const lastWhole = Math.floor((shifted.length * 8) / 6);
  return shifted.toBase64().slice(firstWhole, lastWhole);
}
