/**
 * Finds the bare runtime of a target: the executable that a compiled program is appended to.
 *
 * The host's lies in node_modules. Another platform's is downloaded once as the runtime's npm package, with the
 * user's own npm configuration, and kept under `node_modules/.cache/zr-runtimes`.
 */
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "#base/result";
import { projectRoot, runCommand } from "./project";
import { executableSuffix, hostTarget, runtimePackage, targetName, type Target } from "./targets";

/**
 * The path of a target's runtime in the version of the running Bun. `undefined` in a result means that the compiler
 * has to fetch it by itself, because npm is not there.
 */
export async function findRuntime(target: Target): Promise<Result<string | undefined, string>> {
  const host = hostTarget();
  if (host !== undefined && targetName(host) === targetName(target)) return ok(process.execPath);
  const folder = join(projectRoot, "node_modules/.cache/zr-runtimes", `${targetName(target)}-${Bun.version}`);
  const executable = join(folder, `bun${executableSuffix(target)}`);
  if (await Bun.file(executable).exists()) return ok(executable);
  if (Bun.which("npm") === null) return ok(undefined);
  return await downloadRuntime(target, { folder, executable });
}

async function downloadRuntime(
  target: Target,
  place: { readonly folder: string; readonly executable: string },
): Promise<Result<string, string>> {
  const parent = join(place.folder, "..");
  await mkdir(parent, { recursive: true });
  const scratch = await mkdtemp(join(parent, "download-"));
  try {
    const name = `${runtimePackage(target)}@${Bun.version}`;
    const packed = await runCommand(["npm", "pack", name, "--ignore-scripts", "--silent"], { cwd: scratch });
    if (packed.exitCode !== 0) return err(`npm pack ${name} failed:\n${packed.stderr.trim()}`);
    const archive = packed.stdout.trim().split("\n").at(-1) ?? "";
    const unpacked = await runCommand(["tar", "-xzf", archive], { cwd: scratch });
    if (unpacked.exitCode !== 0) return err(`unpacking ${archive} failed:\n${unpacked.stderr.trim()}`);
    const found = join(scratch, "package/bin", `bun${executableSuffix(target)}`);
    if (!(await Bun.file(found).exists()))
      return err(`${name} carries no bin/bun${executableSuffix(target)}`);
    await mkdir(place.folder, { recursive: true });
    await rename(found, place.executable);
    return ok(place.executable);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
