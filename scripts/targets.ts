/** The platforms a zr binary is built for. */
export interface Target {
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "x64" | "arm64";
}

export const ALL_TARGETS: readonly Target[] = [
  { os: "linux", arch: "x64" },
  { os: "linux", arch: "arm64" },
  { os: "darwin", arch: "x64" },
  { os: "darwin", arch: "arm64" },
  { os: "windows", arch: "x64" },
  { os: "windows", arch: "arm64" },
];

/** `linux-arm64`, as in file names and in the compiler's `--target=bun-<name>`. */
export function targetName(target: Target): string {
  return `${target.os}-${target.arch}`;
}

/** `zr-windows-x64.exe`: the file in `dist/` for one target of a full build. */
export function targetFileName(target: Target): string {
  return `zr-${targetName(target)}${executableSuffix(target)}`;
}

/** `.exe` on Windows, else nothing. */
export function executableSuffix(target: Target): string {
  return target.os === "windows" ? ".exe" : "";
}

/** The npm package that carries the bare runtime of a target, which calls arm64 by its other name. */
export function runtimePackage(target: Target): string {
  return `@oven/bun-${target.os}-${target.arch === "arm64" ? "aarch64" : target.arch}`;
}

/** The target this script runs on, or undefined where zr is not built for it. */
export function hostTarget(): Target | undefined {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return ALL_TARGETS.find((target) => target.os === os && target.arch === process.arch);
}
