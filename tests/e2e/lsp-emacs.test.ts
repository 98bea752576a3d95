import { expect } from "bun:test";
import { join } from "node:path";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { EDITOR_PROJECT } from "#tests/support/editor-project";
import { noEglot, playEmacsSession } from "#tests/support/emacs-session";
import { testUnless } from "#tests/support/left-out";
import { makeProject } from "#tests/support/project";

/** The guide shows what this test has seen, with the settings that it gives. */
testUnless(noEglot())(
  "a session of Emacs goes as docs/lsp.md shows it",
  async () => {
    await using project = await makeProject(EDITOR_PROJECT);
    const transcript = await playEmacsSession(project, await ensureBinary());
    const page = await Bun.file(join(REPOSITORY, "docs", "lsp.md")).text();
    const shown = /<!-- emacs session -->\n+```text\n([\s\S]*?)\n```/.exec(page)?.[1];
    expect(shown).toBe(transcript);
  },
  60_000,
);
