import { join } from "node:path";
import { REPOSITORY } from "./binary";
import type { Project } from "./project";

/** The project of the session: one mistake, and something that nothing uses. */
export const NVIM_PROJECT = {
  "zr.toml": '[workspace]\nmembers = ["packages/*"]\n',
  "packages/lib/zr.toml": '[package]\nname = "lib"\n\n[tasks.build]\ncmd = "make"\n',
  "packages/web/zr.toml":
    '[package]\nname = "web"\ndeps = ["lib"]\n\n[vars]\nport = "8080"\n\n[tasks.build]\ndescription = "Bundle the site"\n' +
    'cmd="vite build"\ndeps = ["^build"]\n\n[tasks.test]\ncmd = "vitest run"\ndeps = ["buld"]\n',
} as const;

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
