import { embeddedJson, escaped } from "./markup";

export interface PageParts {
  readonly title: string;
  /** Text of the style sheet, of the script, and of what stands in the body before it. Ours, so put in as it is. */
  readonly style: string;
  readonly script: string;
  readonly body: string;
  readonly data: unknown;
  /** The page may ask the server it came from. */
  readonly isServed?: boolean;
}

/**
 * A page in one file. Its policy lets it load nothing, and run only the script and the style that are in it, known by
 * their digests (W3C Content Security Policy Level 3, 6.7).
 */
export function pageDocument({ title, style, script, body, data, isServed }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    ...(isServed === true ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${embeddedJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

const digest = (text: string): string =>
  `sha256-${new Bun.CryptoHasher("sha256").update(text).digest("base64")}`;
