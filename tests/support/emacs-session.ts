import { join } from "node:path";
import { REPOSITORY } from "./binary";
import { without } from "./left-out";
import type { Absence } from "./left-out";
import type { Project } from "./project";

/** Why there is no Emacs that speaks the protocol: Debian has Eglot in a package of its own, elpa-eglot. */
export const noEglot = (): Absence =>
  without("emacs") ?? (hasEglot() ? undefined : "Emacs has no Eglot here");

const hasEglot = (): boolean =>
  Bun.spawnSync(["emacs", "--batch", "--eval", "(kill-emacs (if (require 'eglot nil t) 0 1))"]).exitCode ===
  0;

/** The settings for Emacs that docs/lsp.md gives. */
export async function emacsSetup(): Promise<string> {
  const page = await Bun.file(join(REPOSITORY, "docs", "lsp.md")).text();
  return /```elisp\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
}

/** Plays the session of `emacs-session.el` in a project, with the settings of the guide; gives its transcript. */
export async function playEmacsSession(project: Project, program: readonly string[]): Promise<string> {
  const out = project.path("transcript.txt");
  const setup = project.path("setup.el");
  const words = [...program, "lsp"].map((word) => JSON.stringify(word)).join(" ");
  project.write(
    "setup.el",
    (await emacsSetup()).replace('"zr" "lsp"', () => words),
  );
  const child = Bun.spawn(["emacs", "--batch", "-l", join(REPOSITORY, "tests/support/emacs-session.el")], {
    cwd: project.root,
    env: { ...project.environment(), SETUP: setup, ROOT: project.root, OUT: out },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [, said] = await Promise.all([child.exited, child.stderr.text()]);
  const transcript = await Bun.file(out)
    .text()
    .catch(() => said);
  return transcript.trim();
}
