const blank = (found: string): string => found.replaceAll(/[^\n\r]/g, " ");

/** A JSON text with blanks for its comments; everything stays in its place. */
export const withoutJsonComments = (text: string): string =>
  text.replaceAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('"') ? found : blank(found),
  );

/**
 * What editors allow in their files as JSON: blanks for comments, for commas behind a last entry and for a byte order
 * mark. Everything stays in its place.
 */
export const plainJson = (text: string): string =>
  withoutJsonComments(text)
    .replaceAll(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found === "," ? " " : found))
    .replace(/^\ufeff/, " ");
