import { join } from "node:path";
import { REPOSITORY } from "./binary";
import type { Project } from "./project";

/** Plays the session of `nvim-session.lua` in a project; gives its transcript. */
export async function playNvimSession(project: Project, program: readonly string[]): Promise<string> {
  const out = project.path("transcript.txt");
  const child = Bun.spawn(
    [
      "nvim",
      "--headless",
      "-u",
      "NONE",
      "-i",
      "NONE",
      "-n",
      "-S",
      join(REPOSITORY, "tests/support/nvim-session.lua"),
    ],
    {
      cwd: project.root,
      env: { ...project.environment(), ZR: [...program, "lsp"].join(" "), ROOT: project.root, OUT: out },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const [, said] = await Promise.all([child.exited, child.stderr.text()]);
  const transcript = await Bun.file(out)
    .text()
    .catch(() => said);
  return transcript.trim();
}
