import type { FolderFiles } from "./folder-view";
import type { FoundImport, InstallCommand, LanguageProject } from "./language-project";
import { tomlTextSpan } from "./manifest-version";
import { isTable, valueAt } from "#base/value-at";
import { rustToolchain } from "./rust-toolchain";
import { packageTarget, scanImports } from "./scan-imports";
import type { ImportForm } from "./scan-imports";

const MANIFEST = "Cargo.toml";
const LOCK = "Cargo.lock";

/** Crates of Cargo. */
export const rustProject: LanguageProject = {
  inputs: ["$default", "!target/**"],
  outputs: ["target/release/**"],
  versionFiles: rustToolchain.versionFiles ?? [],
  looksFor: [LOCK],
  install,
  // A crate that inherits its version has the root's, in the root's manifest.
  versionIn: (name, text) =>
    name === MANIFEST
      ? (tomlTextSpan(text, ["package", "version"]) ??
        tomlTextSpan(text, ["workspace", "package", "version"]))
      : undefined,
  imports: { files: ["**/*.rs"], scan },
};

/** Members are fetched with their workspace, which has the lock file. */
function install(folder: FolderFiles, root: FolderFiles): InstallCommand | undefined {
  const place = isTable(valueAt(root.value(MANIFEST), "workspace")) ? root : folder;
  if (!place.names.has(MANIFEST)) return undefined;
  const isLocked = place.names.has(LOCK);
  return {
    cmds: [["cargo", "fetch", ...(isLocked ? ["--locked"] : [])]],
    cwd: place.dir,
    reads: [MANIFEST, ...(isLocked ? [LOCK] : [])],
    makes: [],
  };
}

// What follows a single quote may be a lifetime, so it begins no text.
const GRAMMAR = { line: ["//"], block: [["/*", "*/"]] as const, nests: true, longQuotes: ['"'] };
const OWN = new Set(["crate", "self", "super", "Self", "std", "core", "alloc", "proc_macro", "test"]);

/** A crate may be named with the other sign; names of modules of the crate itself fit no package. */
const crate = (name: string) =>
  OWN.has(name) || /^[A-Z]/.test(name)
    ? undefined
    : packageTarget(...new Set([name, name.replaceAll("_", "-"), name.replaceAll("-", "_")]));

/** Paths name crates where they begin, in `use` and anywhere else (doc.rust-lang.org/reference, "Paths"). */
const FORMS: readonly ImportForm[] = [
  { pattern: /\bextern\s{1,99}crate\s{1,99}(\w+)/dg, target: crate },
  { pattern: /\buse\s{1,99}(\w+)\s{0,99};/dg, target: crate },
  { pattern: /(?<![\w:.$'"]|::\s)\b([a-z_]\w*)\s{0,9}::/dg, target: crate },
];

function scan(text: string): readonly FoundImport[] {
  return scanImports(text, GRAMMAR, FORMS);
}
