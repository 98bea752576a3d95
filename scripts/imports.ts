import { lineOf } from "./source-text";
import type { SourceFile } from "./source-files";

/** One import, re-export or `import()` of a file. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly isTypeOnly: boolean;
  /** Written as `import("…")`, so loaded when reached. */
  readonly isDynamic: boolean;
}

// The masked code keeps the quotes and blanks what lies between them, so the specifier is cut from the text itself.
const STATIC_IMPORT =
  /(?:^|[;\n}])[ \t]*(?:import|export)\b(\s+type\b(?!\s*,|\s+from\b))?[\w*\s{},$]*?\bfrom\s*(["'])( *)\2/g;
const BARE_IMPORT = /(?:^|[;\n])[ \t]*import\s*(["'])( *)\1/g;
const DYNAMIC_IMPORT = /\bimport\s*\(\s*(["'])( *)\1/g;

/** All imports of a TypeScript file whose module is named by a literal, in the order of their kinds. */
export function importsOf(file: SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (
    match: RegExpMatchArray,
    kind: { readonly isTypeOnly: boolean; readonly isDynamic: boolean },
  ) => {
    const blanks = match.at(-1) ?? "";
    const end = (match.index ?? 0) + match[0].length - 1;
    found.push({
      specifier: file.text.slice(end - blanks.length, end),
      line: lineOf(file.text, end),
      ...kind,
    });
  };
  for (const match of file.code.matchAll(STATIC_IMPORT)) {
    add(match, { isTypeOnly: match[1] !== undefined, isDynamic: false });
  }
  for (const match of file.code.matchAll(BARE_IMPORT)) add(match, { isTypeOnly: false, isDynamic: false });
  for (const match of file.code.matchAll(DYNAMIC_IMPORT)) add(match, { isTypeOnly: false, isDynamic: true });
  return found;
}

/** The repository path an import leads to (`#base/x` and `./x`), or undefined for packages and built-in modules. */
export function importedPath(from: string, specifier: string): string | undefined {
  const room = /^#(\w+)\/(.+)$/.exec(specifier);
  if (room !== null)
    return `${isWorkshop(room[1] ?? "") ? "" : "src/"}${room[1]}/${room[2]}${extension(room[2] ?? "")}`;
  if (!specifier.startsWith("./")) return undefined;
  const folder = from.slice(0, from.lastIndexOf("/") + 1);
  const name = specifier.slice(2);
  return `${folder}${name}${extension(name)}`;
}

/** Modules are named without their ending; data files such as `.json` and `.html` with it. */
function extension(name: string): string {
  return /\.(json|html|css|txt|toml|wasm|svg)$/.test(name) ? "" : ".ts";
}

/** Folders beside `src/` that have import names of their own. */
export const isWorkshop = (name: string): boolean => name === "tests" || name === "scripts";
