import { codeGroups } from "#app/diagnostic-codes";
import type { CodeEntry } from "#core/model/diagnostic-codes";
import { codeSpan } from "./code-span";
import type { GeneratedFile } from "./generated-file";
import { generatedPart } from "./generated-part";

/** The list of all codes in docs/troubleshooting.md, from the tables of codes. */
export function troubleshootingPage(): Promise<GeneratedFile> {
  const lines = codeGroups.flatMap(({ title, codes }) => [
    "",
    `### ${title}`,
    "",
    "| code | message |",
    "|---|---|",
    ...Object.entries<CodeEntry>(codes).map(
      ([code, { message }]) =>
        `| [${code}](errors.md#${code.toLowerCase()}) | ${codeSpan(message.replaceAll("|", "\\|"))} |`,
    ),
  ]);
  return generatedPart("docs/troubleshooting.md", "codes", [...lines.slice(1), ""]);
}
