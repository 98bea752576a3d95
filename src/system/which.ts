export interface Lookup {
  /** The PATH to search. */
  readonly path: string;
  /** Where relative programs and relative parts of PATH start. */
  readonly cwd: string;
}

/** Absolute path of the program that a start under this name would run; undefined where there is none. */
export function which(program: string, { path, cwd }: Lookup): string | undefined {
  return Bun.which(program, { PATH: path, cwd }) ?? undefined;
}
