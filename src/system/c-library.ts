import { dlopen } from "bun:ffi";
import type { FFIFunction, Library } from "bun:ffi";

/** Functions of this system's C library; undefined where it has none that we know (Windows), or lacks one of them. */
export function openCLibrary<Symbols extends Record<string, FFIFunction>>(
  symbols: Symbols,
): Library<Symbols>["symbols"] | undefined {
  for (const name of libraryNames()) {
    try {
      return dlopen(name, symbols).symbols;
    } catch {
      // Another C library then.
      continue;
    }
  }
  return undefined;
}

function libraryNames(): readonly string[] {
  if (process.platform === "darwin") return ["libSystem.B.dylib"];
  if (process.platform !== "linux") return [];
  const musl = process.arch === "arm64" ? "aarch64" : "x86_64";
  return ["libc.so.6", `libc.musl-${musl}.so.1`];
}
