/** `bun scripts/lsp-session.ts`: plays the session of Neovim with `zr lsp` and writes its transcript into docs/lsp.md. */
import { join } from "node:path";
import { ensureBinary } from "#tests/support/binary";
import { NVIM_PROJECT, playNvimSession } from "#tests/support/nvim-session";
import { makeProject } from "#tests/support/project";
import { projectRoot } from "./project";

const page = join(projectRoot, "docs", "lsp.md");
await using project = await makeProject(NVIM_PROJECT);
const transcript = await playNvimSession(project, await ensureBinary());
const text = await Bun.file(page).text();
const block = /(<!-- nvim session -->\n+```text\n)[\s\S]*?```/;
await Bun.write(
  page,
  text.replace(block, (_, start: string) => `${start}${transcript}\n\`\`\``),
);
