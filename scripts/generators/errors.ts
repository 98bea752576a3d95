import { codeGroups } from "#app/diagnostic-codes";
import type { CodeEntry } from "#core/model/diagnostic-codes";
import type { GeneratedFile } from "./generated-file";

/** docs/errors.md, from the tables of codes. */
export function errorsPage(): GeneratedFile {
  const lines = [
    "# Errors",
    "",
    "Every problem that can be fixed has a code. `zr help CODE` shows what is written here. A code keeps its meaning for ever.",
    "",
    "In messages `{name}` stands for what it is about. Problems of the configuration end a command with exit code 3, those of the command line with 2.",
  ];
  for (const { title, codes } of codeGroups) {
    lines.push("", `## ${title}`);
    for (const [code, entry] of Object.entries<CodeEntry>(codes)) lines.push("", ...entryLines(code, entry));
  }
  return { path: "docs/errors.md", text: `${lines.join("\n")}\n` };
}

const MAX_EXAMPLE = 500;

function entryLines(code: string, entry: CodeEntry): string[] {
  const lines = [`### ${code}`, "", `\`\`${entry.message}\`\``, "", entry.doc];
  if (entry.exit === 2) lines.push("", "Exit code 2.");
  const example = entry.example.trimEnd();
  if (example === "" || example.length > MAX_EXAMPLE) return lines;
  // A file may be followed by the command line that stumbles over it.
  for (const part of example.split(/\n\n(?=\$ )/)) lines.push("", `\`\`\`${fenceOf(part)}`, part, "```");
  return lines;
}

function fenceOf(text: string): string {
  if (text.startsWith("$ ")) return "console";
  return /^[\w."-]+ = |^\[/m.test(text) ? "toml" : "text";
}
