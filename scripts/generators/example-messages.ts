import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "#scripts/project";
import type { GeneratedFile } from "./generated-file";

const GOLDENS = join(projectRoot, "tests/golden/diagnostics");
const PATH = "src/frontends/cli/example-messages.json";

/** What zr says about the example of each code, by code, as the tests have seen it: their goldens. */
export async function exampleMessages(): Promise<Readonly<Record<string, string>>> {
  const messages: Record<string, string> = {};
  for (const file of (await readdir(GOLDENS)).sort()) {
    const code = /^([EW]\d{3})\.txt$/.exec(file)?.[1];
    if (code === undefined) continue;
    const text = await Bun.file(join(GOLDENS, file)).text();
    const [, output = ""] = /^\$ zr .*\nexit \d+\n\n([^]*)$/.exec(text) ?? [];
    if (output !== "") messages[code] = named(output);
  }
  return messages;
}

/** For `zr help CODE`: the program carries them, since it can't try its own mistakes out on somebody's machine. */
export async function exampleMessagesFile(): Promise<GeneratedFile> {
  return { path: PATH, text: `${JSON.stringify(await exampleMessages(), undefined, 2)}\n` };
}

/** Folders by the names of somebody's machine. */
const named = (output: string): string =>
  output
    .replaceAll("<root>", "/home/you/project")
    .replaceAll("<home>", "/home/you")
    .replaceAll(/<(?:temp|cache|config|data|tmp)>/g, "/tmp")
    .replaceAll("<version>", "1.0.0");
