import { expect } from "bun:test";
import { join } from "node:path";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { EDITOR_PROJECT } from "#tests/support/editor-project";
import { playNvimSession } from "#tests/support/nvim-session";
import { makeProject } from "#tests/support/project";
import { testUnless, without } from "#tests/support/left-out";

/** The guide shows what this test has seen. */
testUnless(without("nvim"))("a session of Neovim goes as docs/lsp.md shows it", async () => {
  await using project = await makeProject(EDITOR_PROJECT);
  const transcript = await playNvimSession(project, await ensureBinary());
  const page = await Bun.file(join(REPOSITORY, "docs", "lsp.md")).text();
  const shown = /<!-- nvim session -->\n+```text\n([\s\S]*?)\n```/.exec(page)?.[1];
  expect(shown).toBe(transcript);
});
