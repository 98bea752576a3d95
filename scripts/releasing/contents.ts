/** What is in the archive of a release. */
import { join } from "node:path";
import { projectRoot, runCommand } from "#scripts/project";
import { executableSuffix, targetName, type Target } from "#scripts/targets";
import { tarGz, zip, type ArchiveFile } from "./archive";

const COMPLETIONS = { bash: "zr.bash", zsh: "_zr", fish: "zr.fish", pwsh: "zr.ps1" } as const;

export interface PackedProgram {
  readonly version: string;
  readonly target: Target;
  readonly program: Uint8Array;
  /** As `filesBeside` gives them. */
  readonly beside: readonly ArchiveFile[];
  /** Of everything in it; in seconds since 1970. */
  readonly time: number;
}

/** The archive of one target, and what it is called. */
export function packProgram({ version, target, program, beside, time }: PackedProgram): {
  readonly name: string;
  readonly bytes: Uint8Array;
} {
  const folder = `zr-${version}-${targetName(target)}`;
  const files = [{ name: `zr${executableSuffix(target)}`, bytes: program, isExecutable: true }, ...beside];
  const inside = files.map((file) => ({ ...file, name: `${folder}/${file.name}` }));
  return target.os === "windows"
    ? { name: `${folder}.zip`, bytes: zip(inside, time) }
    : { name: `${folder}.tar.gz`, bytes: tarGz(inside, time) };
}

/** README, licence, and the completions that a program of this machine prints. Throws where it doesn't. */
export async function filesBeside(program: string): Promise<readonly ArchiveFile[]> {
  const texts = ["README.md", "LICENSE"].map(async (name) => ({
    name,
    bytes: await Bun.file(join(projectRoot, name)).bytes(),
    isExecutable: false,
  }));
  const completions = Object.entries(COMPLETIONS).map(async ([shell, name]) => {
    const printed = await runCommand([program, "completion", shell]);
    if (printed.exitCode !== 0) throw new Error(`zr completion ${shell}: ${printed.stderr}`);
    return {
      name: `completions/${name}`,
      bytes: new TextEncoder().encode(printed.stdout),
      isExecutable: false,
    };
  });
  return Promise.all([...texts, ...completions]);
}

/**
 * The text of an installer that checks signatures by this key.
 *
 * @param key as minisign writes it; undefined for a release that nobody signs.
 */
export async function installerWith(
  name: "install.sh" | "install.ps1",
  key: string | undefined,
): Promise<string> {
  const text = await Bun.file(join(projectRoot, "scripts", name)).text();
  return key === undefined ? text : text.replace(KEY_LINE, `$1$2${key}$2`);
}

/** The key that an installer of the repository has; empty where it has none. */
export async function keyOfInstaller(name: "install.sh" | "install.ps1"): Promise<string> {
  const text = await Bun.file(join(projectRoot, "scripts", name)).text();
  return KEY_LINE.exec(text)?.[3] ?? "";
}

const KEY_LINE = /(ZR_KEY\s*=\s*)(['"])([\w+/=]*)['"]/;
