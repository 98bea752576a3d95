/** `bun scripts/lsp-session.ts`: plays the sessions of editors with `zr lsp` and writes their transcripts into docs/lsp.md. */
import { join } from "node:path";
import { ensureBinary } from "#tests/support/binary";
import { EDITOR_PROJECT } from "#tests/support/editor-project";
import { playEmacsSession } from "#tests/support/emacs-session";
import { playNvimSession } from "#tests/support/nvim-session";
import { makeProject } from "#tests/support/project";
import { projectRoot } from "./project";

const page = join(projectRoot, "docs", "lsp.md");
for (const [editor, play] of [
  ["nvim", playNvimSession],
  ["emacs", playEmacsSession],
] as const) {
  await using project = await makeProject(EDITOR_PROJECT);
  const transcript = await play(project, await ensureBinary());
  const text = await Bun.file(page).text();
  const block = new RegExp(`(<!-- ${editor} session -->\\n+\`\`\`text\\n)[\\s\\S]*?\`\`\``);
  await Bun.write(
    page,
    text.replace(block, (_, start: string) => `${start}${transcript}\n\`\`\``),
  );
}
