import { CODE_MENDS } from "#app/code-mends";
import { codeGroups } from "#app/diagnostic-codes";
import { exampleCase } from "#app/example-case";
import type { CodeEntry } from "#core/model/diagnostic-codes";
import { codeSpan } from "./code-span";
import { exampleMessages } from "./example-messages";
import type { GeneratedFile } from "./generated-file";

/** docs/errors.md, from the tables of codes. */
export async function errorsPage(): Promise<GeneratedFile> {
  const messages = await exampleMessages();
  const lines = [
    "# Errors",
    "",
    "Every problem that can be fixed has a code. `zr help CODE` shows what is written here. A code keeps its meaning for ever.",
    "",
    "In messages `{name}` stands for what it is about. Problems of the configuration end a command with exit code 3, those of the command line with 2.",
  ];
  for (const { title, codes } of codeGroups) {
    lines.push("", `## ${title}`);
    for (const [code, entry] of Object.entries<CodeEntry>(codes))
      lines.push("", ...entryLines(code, entry, messages[code]));
  }
  return { path: "docs/errors.md", text: `${lines.join("\n")}\n` };
}

const MAX_EXAMPLE = 500;

function entryLines(code: string, entry: CodeEntry, message: string | undefined): string[] {
  const lines = [`### ${code}`, "", codeSpan(entry.message), "", entry.doc];
  if (entry.exit === 2 || entry.exit === 130) lines.push("", `Exit code ${entry.exit}.`);
  if (entry.example.trimEnd().length > MAX_EXAMPLE) return lines;
  lines.push(...exampleLines(code, entry, message));
  const mend = CODE_MENDS[code];
  if (mend !== undefined) lines.push("", "Mended:", "", ...fenced(mend));
  return lines;
}

/** The example, and what zr says about it. */
function exampleLines(code: string, entry: CodeEntry, message: string | undefined): string[] {
  const tried = message === undefined ? undefined : exampleCase(code, entry);
  if (tried === undefined) {
    const example = entry.example.trimEnd();
    // A file may be followed by the command line that stumbles over it.
    return example === "" ? [] : example.split(/\n\n(?=\$ )/).flatMap((part) => ["", ...fenced(part)]);
  }
  const files = Object.values(tried.files).flatMap((text) => ["", ...fenced(text.trimEnd())]);
  return [...files, "", ...fenced(`$ zr ${tried.command}\n${message?.trimEnd() ?? ""}`)];
}

const fenced = (text: string): string[] => [`\`\`\`${fenceOf(text)}`, text, "```"];

function fenceOf(text: string): string {
  if (text.startsWith("$ ")) return "console";
  return /^[\w."-]+ = |^\[/m.test(text) ? "toml" : "text";
}
