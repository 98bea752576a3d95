import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { InstalledTool } from "#core/toolchain/installed-tool";
import { toolLabel } from "#core/toolchain/tool-name";
import { fileSystem } from "#system/runtime-modules";
import { holdLock } from "./hold-lock";
import type { InstallContext, Installed } from "./install-archive";
import { installedAt, markInstalled } from "./installed-tools";
import type { PackageBackend, PackageClient } from "./package-backend";
import { systemFailure } from "./tool-failure";
import type { ToolFailure } from "./tool-failure";
import type { ToolVersionName } from "./tools-place";

export interface PackageInstallRequest extends ToolVersionName {
  readonly backend: PackageBackend;
  readonly client: PackageClient;
}

/**
 * Lets a registry's client install a tool. Its scripts may name their own folder, so it works in the final place; the
 * folder counts as an installation only when the client has ended well.
 */
export async function installPackage(
  { tool, version, backend, client }: PackageInstallRequest,
  context: InstallContext,
): Promise<Result<Installed, ToolFailure>> {
  const { place, fetch, report } = context;
  const label = toolLabel(tool);
  const home = place.home({ tool, version });
  const onWait = (): void => report({ kind: "waiting", tool: label, version });
  const held = await holdLock(place.lock({ tool, version }), { signal: fetch.signal, onWait }, async () => {
    const found = await installedAt(home);
    if (found !== undefined) return ok<Installed>({ home, tool: found });
    report({ kind: "building", tool: label, version });
    return install();
  });
  return held.ok
    ? held.value
    : err({ code: "E418", data: { tool: `${label} ${version}`, reason: held.error } });

  async function install(): Promise<Result<Installed, ToolFailure>> {
    const { mkdir, rm } = fileSystem();
    let isWhole = false;
    try {
      await rm(home, { recursive: true, force: true });
      await mkdir(home, { recursive: true });
      const bin = await backend.install({ name: tool.name, version, home }, { ...client, cwd: home });
      if (!bin.ok) return bin;
      const installed: InstalledTool = { v: 1, tool: label, version, bin: bin.value, env: {} };
      const marked = await markInstalled(home, installed);
      if (!marked.ok)
        return err({ code: "E418", data: { tool: `${label} ${version}`, reason: marked.error } });
      isWhole = true;
      return ok({ home, tool: installed });
    } catch (error) {
      return err(systemFailure(`${label} ${version}`, error));
    } finally {
      if (!isWhole) await rm(home, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
