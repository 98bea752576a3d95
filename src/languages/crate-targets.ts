import { isTable, listAt, textAt, valueAt } from "#base/value-at";

/** Folders in which Cargo looks for targets that a manifest names without a path. */
const FOLDERS: Readonly<Record<string, string>> = {
  bin: "src/bin",
  example: "examples",
  test: "tests",
  bench: "benches",
};

const USUAL = /^(?:src\/(?:main|lib|bin\/[^/]+|bin\/[^/]+\/main)|build)\.rs$/;

/**
 * Whether Cargo asks for a file of a crate before it reads the manifest at all, by its path in the crate: what it finds
 * by itself and what the manifest names.
 */
export function crateTargets(manifest: string): (path: string) => boolean {
  const named = new Set(namedTargets(parse(manifest)));
  return (path) => USUAL.test(path) || named.has(path);
}

function namedTargets(manifest: unknown): readonly string[] {
  const single = [textAt(manifest, "lib", "path"), textAt(manifest, "package", "build")];
  const listed = Object.entries(FOLDERS).flatMap(([kind, folder]) =>
    listAt(manifest, kind).flatMap((target) => {
      const [path, name] = [textAt(target, "path"), textAt(target, "name")];
      if (path !== undefined) return [path];
      return name === undefined ? [] : [`${folder}/${name}.rs`, `${folder}/${name}/main.rs`];
    }),
  );
  return [...single, ...listed].flatMap((path) => path?.replace(/^\.\//, "") ?? []);
}

function parse(text: string): unknown {
  try {
    const value: unknown = Bun.TOML.parse(text);
    return isTable(valueAt(value, "package")) ? value : undefined;
  } catch {
    return undefined;
  }
}
