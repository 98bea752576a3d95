import { ensureBinary } from "./binary";
import type { Project } from "./project";

/** Runs zr for what takes longer than anything else may: a compiler is unpacked or built. Gives what it prints; throws where it fails. */
export async function atLeisure(project: Project, ...args: readonly string[]): Promise<string> {
  const words = [...(await ensureBinary()), ...args];
  const child = Bun.spawn(words, {
    cwd: project.root,
    env: project.environment(),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, said, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`${args.join(" ")} exited with ${code}\n${out}${said}`);
  return `${out}${said}`;
}
