/** Operating systems and processors by the names that a configuration may use for them. */
export const PLATFORM_ALIASES: Readonly<Record<string, string>> = {
  linux: "linux",
  darwin: "darwin",
  macos: "darwin",
  windows: "windows",
  x64: "x64",
  x86_64: "x64",
  amd64: "x64",
  arm64: "arm64",
  aarch64: "arm64",
};
