import { fileSystem } from "./runtime-modules";

/** Whether programs here are linked with musl: its loader is there, and that of glibc is not. */
export async function usesMusl(arch: string): Promise<boolean> {
  const [musl, glibc] =
    arch === "arm64" ? ["aarch64", "/lib/ld-linux-aarch64.so.1"] : ["x86_64", "/lib64/ld-linux-x86-64.so.2"];
  const exists = (path: string): Promise<boolean> =>
    fileSystem()
      .access(path)
      .then(() => true)
      .catch(() => false);
  return (await exists(`/lib/ld-musl-${musl}.so.1`)) && !(await exists(glibc));
}
