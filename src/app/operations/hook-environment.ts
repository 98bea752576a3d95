import { LOCK_NAME } from "#core/toolchain/lock-file";
import { toolLabel } from "#core/toolchain/tool-name";
import { packageTools } from "#core/toolchain/tool-request";
import { sharedEnvironment } from "#core/plan/shared-environment";
import { sourceFiles } from "#engine/env/source-layers";
import { strippedVariables } from "#engine/env/system-environment";
import { loadWorkspace } from "#app/load-workspace";
import type { LoadOptions } from "#app/load-workspace";
import { findTools } from "#app/tools/find-tools";
import { trustFile, untrustedFile } from "#app/tools/trust";
import type { Host } from "#system/host";
import { resolvePackageEnvironment } from "./package-environment";

/** What the shell hook may make of a folder. `files` are all whose change may make something else of it. */
export type HookEnvironment =
  | { readonly kind: "faulty" }
  | { readonly kind: "untrusted"; readonly file: string; readonly files: readonly string[] }
  | { readonly kind: "impossible"; readonly files: readonly string[] }
  | {
      readonly kind: "ready";
      readonly env: Readonly<Record<string, string>>;
      readonly files: readonly string[];
      /** Tools that are asked for and not installed: the hook installs nothing. */
      readonly missing: readonly string[];
    };

/** The environment of the package in a folder, where the user trusts its files; nothing of them is run before that. */
export async function hookEnvironment(load: LoadOptions, host: Host): Promise<HookEnvironment> {
  const loaded = await loadWorkspace(load);
  if (!loaded.ok) return { kind: "faulty" };
  const { workspace, texts } = loaded.value;
  const { root, current } = workspace;
  const configs = current.config.files.map(({ path }) => path);
  const shared = sharedEnvironment(current, { root, os: host.os });
  const files = [...configs, ...sourceFiles(shared.sources), `${root}/${LOCK_NAME}`, trustFile(root, host)];
  const file = await untrustedFile(workspace, texts, host);
  if (file !== undefined) return { kind: "untrusted", file, files };
  const made = await resolvePackageEnvironment({
    workspace,
    pkg: current,
    host,
    flags: {},
    keepsSystem: true,
  });
  if (!made.ok) return { kind: "impossible", files };
  const found = await findTools(packageTools(current.config.files).requests, { host, root });
  const missing = found.ok
    ? found.value.missing.map(
        ({ request, locked }) => `${toolLabel(request.tool)} ${locked?.version ?? request.request}`,
      )
    : [];
  return { kind: "ready", env: { ...keptFrom(host.env), ...made.value.values }, files, missing };
}

/** Variables that tasks don't get, and that a shell keeps all the same. */
function keptFrom(env: Host["env"]): Record<string, string> {
  return Object.fromEntries(
    strippedVariables.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
