import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { runCommand } from "#scripts/project";

/** What the shell of an empty root has, from busybox. */
const APPLETS =
  "sh cat chmod cp cut echo env grep gunzip gzip head id ln ls mkdir mktemp mv printf pwd readlink rm sed sha256sum sleep sort tail tar tr uname wc";

/** What a root can't be made with, or undefined. */
export async function unavailable(): Promise<string | undefined> {
  if (process.platform !== "linux") return "name spaces are Linux's";
  for (const name of ["busybox", "curl", "node", "npm", "unshare", "chroot", "ldd"])
    if (Bun.which(name) === null) return `there is no ${name} here`;
  const tried = await runCommand(["unshare", "--user", "--map-root-user", "--mount", "true"]);
  return tried.exitCode === 0 ? undefined : `no name spaces are allowed here: ${tried.stderr.trim()}`;
}

/**
 * Makes a folder into a root file system with a shell, as few programs of a shell as there may be, `programs` with the
 * libraries they need, and nothing else.
 *
 * @param programs names of programs in PATH.
 */
export async function makeEmptyRoot(root: string, programs: readonly string[]): Promise<void> {
  for (const folder of ["bin", "dev", "etc", "home/me", "proc", "project", "tmp", "usr/bin"])
    await mkdir(join(root, folder), { recursive: true });
  await copyProgram(root, "busybox");
  for (const name of APPLETS.split(" ")) await symlink("busybox", join(root, "bin", name));
  await symlink("/bin/env", join(root, "usr/bin/env"));
  for (const name of programs) await copyProgram(root, name);
  await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/home/me:/bin/sh\n");
}

async function copyProgram(root: string, name: string): Promise<void> {
  const found = Bun.which(name) ?? "";
  await copyFile(found, join(root, "bin", name));
  const libraries = await runCommand(["ldd", found]);
  // Each at the path that it is asked for.
  for (const [path] of libraries.stdout.matchAll(/\/[^\s()]+/g)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
}

export interface Session {
  readonly root: string;
  /** Folders of this machine that the root shows too, by the path in it. */
  readonly shown: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly script: string;
}

/** How a session ended, and all that it printed. */
export interface Said {
  readonly exitCode: number;
  readonly said: string;
}

/** Runs a script of `sh` in a root, as its own root, without rights outside of it. */
export async function runInside({ root, shown, env, script }: Session): Promise<Said> {
  const binds = Object.entries({ "/proc": "/proc", "/dev": "/dev", ...shown });
  for (const [inside] of binds) await mkdir(join(root, inside), { recursive: true });
  const mounts = binds.map(
    ([inside, outside]) => `mount --rbind '${resolve(outside)}' '${join(root, inside)}'`,
  );
  const variables = Object.entries(env).map(([name, value]) => `'${name}=${value}'`);
  await writeFile(join(root, "session"), script);
  const outer = [
    "set -e",
    ...mounts,
    `exec chroot '${root}' /bin/env -i ${variables.join(" ")} /bin/sh /session 2>&1`,
  ];
  const { exitCode, stdout, stderr } = await runCommand([
    "unshare",
    "--user",
    "--map-root-user",
    "--mount",
    "sh",
    "-c",
    outer.join("\n"),
  ]);
  return { exitCode, said: stdout + stderr };
}
