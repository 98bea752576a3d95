/**
 * What `--json` prints: one document with `v`, the version of its shape, first. New fields don't raise it; what goes or
 * gets another meaning does.
 */
export const jsonDocument = (document: object): string =>
  `${JSON.stringify({ v: SHAPE, ...document }, undefined, 2)}\n`;

const SHAPE = 1;
