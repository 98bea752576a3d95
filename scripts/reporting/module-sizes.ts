/** What of a program comes from where, from the bundler's own account of it. */
import type { Metafile } from "#scripts/chunks";

/** A part of the program. */
export interface ModuleSize {
  /** `core/config`, `npm: yaml`. */
  readonly name: string;
  readonly files: number;
  /** Minified source in the program. */
  readonly bytes: number;
}

/** The parts of a program, the largest first: folders of `src` two deep, and packages of npm. */
export function moduleSizes({ outputs }: Metafile): readonly ModuleSize[] {
  const sizes = new Map<string, { files: Set<string>; bytes: number }>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = moduleOf(path);
      const size = sizes.get(name) ?? { files: new Set(), bytes: 0 };
      sizes.set(name, size);
      size.files.add(path);
      size.bytes += bytesInOutput;
    }
  }
  return [...sizes]
    .map(([name, { files, bytes }]) => ({ name, files: files.size, bytes }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

function moduleOf(path: string): string {
  const [, dependency] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  if (dependency !== undefined) return `npm: ${dependency}`;
  const parts = path.replace(/^(?:\.\/)?src\//, "").split("/");
  return parts.length === 1 ? "main" : parts.slice(0, Math.min(2, parts.length - 1)).join("/");
}
