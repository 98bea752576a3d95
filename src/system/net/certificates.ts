const BLOCK = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** Whether a text holds certificates in PEM form (RFC 7468), and each of them can be read. */
export function holdsCertificates(text: string): boolean {
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  const blocks = text.match(BLOCK) ?? [];
  try {
    return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).subject !== undefined);
  } catch {
    return false;
  }
}
