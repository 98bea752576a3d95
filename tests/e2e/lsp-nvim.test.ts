import { expect, test } from "bun:test";
import { join } from "node:path";
import { ensureBinary, REPOSITORY } from "#tests/support/binary";
import { NVIM_PROJECT, playNvimSession } from "#tests/support/nvim-session";
import { makeProject } from "#tests/support/project";

const hasNvim = Bun.which("nvim") !== null;

/** The guide shows what this test has seen. */
test.skipIf(!hasNvim)("a session of Neovim goes as docs/lsp.md shows it (skipped without nvim)", async () => {
  await using project = await makeProject(NVIM_PROJECT);
  const transcript = await playNvimSession(project, await ensureBinary());
  const page = await Bun.file(join(REPOSITORY, "docs", "lsp.md")).text();
  const shown = /<!-- nvim session -->\n+```text\n([\s\S]*?)\n```/.exec(page)?.[1];
  expect(shown).toBe(transcript);
});
