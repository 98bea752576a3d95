/** A text as one word of a POSIX shell, as it would be typed: in quotes where it needs some. NUL can't be part of it. */
export const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : quotedWord(text));

/** The same, always in quotes. */
export const quotedWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
