import { readValues } from "#core/config/toml/read-values";
import type { Conversion, Converter, SourceReader } from "#core/migrate/conversion";
import { writeConversion } from "#core/migrate/write-conversion";

/** A reader over files by path, relative to `/repo`. */
export function memorySource(files: Readonly<Record<string, string>>): SourceReader {
  return {
    readText: async (path) => {
      const name = path.replace(/^\/repo\//, "");
      const text = Object.hasOwn(files, name) ? files[name] : undefined;
      return text === undefined ? { kind: "missing" } : { kind: "text", text };
    },
    glob: async (pattern, folder) => {
      const glob = new Bun.Glob(pattern);
      const start = folder === "/repo" ? "" : `${folder.slice("/repo/".length)}/`;
      return Object.keys(files)
        .filter((path) => path.startsWith(start) && glob.match(path.slice(start.length)))
        .sort()
        .map((path) => `/repo/${path}`);
    },
  };
}

export interface Converted {
  readonly conversion: Conversion;
  /** What would be written, by path. */
  readonly texts: Readonly<Record<string, string>>;
  /** The report, an item a line. */
  readonly report: readonly string[];
}

/** Converts files and writes them out. A text that is no TOML is an error of the test. */
export async function convertFiles(
  convert: Converter,
  files: Readonly<Record<string, string>>,
  wrap = false,
): Promise<Converted> {
  const made = await convert({ folder: "/repo", wrap, reader: memorySource(files) });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const texts: Record<string, string> = {};
  for (const file of made.value.files) {
    const text = writeConversion(file);
    const read = readValues(text);
    if (!read.ok) throw new Error(`${file.path} is no TOML: ${JSON.stringify(read.error)}\n${text}`);
    texts[file.path] = text;
  }
  return {
    conversion: made.value,
    texts,
    report: made.value.report.map(
      ({ file, line, severity, what, why }) => `${file}:${line}: ${severity}: ${what}: ${why}`,
    ),
  };
}
