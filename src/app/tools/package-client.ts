import type { Result } from "#base/result";
import { toolLabel } from "#core/toolchain/tool-name";
import type { ToolName } from "#core/toolchain/tool-name";
import { cargoBackend } from "#engine/toolchain/cargo-backend";
import { goBackend } from "#engine/toolchain/go-backend";
import { npmBackend } from "#engine/toolchain/npm-backend";
import { findClient } from "#engine/toolchain/package-backend";
import type { PackageBackend, PackageClient } from "#engine/toolchain/package-backend";
import { pypiBackend } from "#engine/toolchain/pypi-backend";
import type { ToolFailure } from "#engine/toolchain/tool-failure";
import { placeOf } from "./tool-work";
import type { ToolWork } from "./tool-work";

const BACKENDS: Readonly<Record<string, PackageBackend>> = {
  npm: npmBackend,
  pypi: pypiBackend,
  cargo: cargoBackend,
  go: goBackend,
};

export const packageBackend = ({ backend }: ToolName): PackageBackend | undefined => BACKENDS[backend];

/** The registry's client, with the project's own tools in front of PATH. */
export function packageClient(
  tool: ToolName,
  backend: PackageBackend,
  { work, path }: { readonly work: ToolWork; readonly path: readonly string[] },
): Result<PackageClient, ToolFailure> {
  const { host } = work.setting;
  const separator = host.os === "windows" ? ";" : ":";
  const env = { ...host.env, PATH: [...path, host.env["PATH"] ?? ""].join(separator) };
  return findClient(backend, toolLabel(tool), {
    env,
    cwd: placeOf(work).folder,
    signal: work.fetch.signal,
    silenceMs: work.fetch.timeoutMs,
    isWindows: host.os === "windows",
  });
}
