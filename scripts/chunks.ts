/** What of a bundle is compiled beforehand, from the bundler's own account of it. */

/** As the bundler writes it: by output file (`./main-1a2b.js`). */
export interface Metafile {
  readonly outputs: Readonly<Record<string, Chunk>>;
}

interface Chunk {
  /** By source file: how much of the output is its. */
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
  /** The source file that somebody imports by `import()`, or that the bundle starts with. */
  readonly entryPoint?: string;
}

/** Names of files. */
export interface Division {
  readonly compiled: readonly string[];
  readonly text: readonly string[];
  /** Those of `compiled` that some text imports, so that they have to keep their names. */
  readonly shared: readonly string[];
}

/** Compiled are the chunks that begin with one of the source files, and what those can't be without; the others stay text. */
export function divideChunks({ outputs }: Metafile, beginnings: ReadonlySet<string>): Division {
  const chunks = new Map<string, Chunk>();
  for (const [path, chunk] of Object.entries(outputs))
    if (path.endsWith(".js")) chunks.set(nameOf(path), chunk);
  const compiled = new Set<string>();
  const add = (name: string): void => {
    const chunk = chunks.get(name);
    if (chunk === undefined || compiled.has(name)) return;
    compiled.add(name);
    for (const { path, kind } of chunk.imports) if (kind === "import-statement") add(nameOf(path));
  };
  for (const [name, { entryPoint }] of chunks)
    if (entryPoint !== undefined && beginnings.has(entryPoint)) add(name);
  const text = [...chunks.keys()].filter((name) => !compiled.has(name));
  const wanted = new Set(
    text.flatMap((name) => chunks.get(name)?.imports.map(({ path }) => nameOf(path)) ?? []),
  );
  return {
    compiled: [...compiled].toSorted(),
    text: text.toSorted(),
    shared: [...compiled].filter((name) => wanted.has(name)).toSorted(),
  };
}

/** The bundler says where a file lies from the folder that it wrote to. */
export const nameOf = (path: string): string => path.replace(/^\.\//, "");
