/** All of stdin as text, to its end. */
export const readStdin = (): Promise<string> => Bun.stdin.text();
