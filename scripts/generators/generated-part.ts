import { join } from "node:path";
import { projectRoot } from "#scripts/project";
import type { GeneratedFile } from "./generated-file";

/**
 * A page of which one part is derived: what stands between `<!-- NAME -->` and `<!-- end -->` is replaced, the rest stays.
 * Throws where the page lacks the marks.
 */
export async function generatedPart(
  path: string,
  name: string,
  lines: readonly string[],
): Promise<GeneratedFile> {
  const text = await Bun.file(join(projectRoot, path)).text();
  const start = text.indexOf(`<!-- ${name} -->\n`);
  const end = text.indexOf("<!-- end -->", start);
  if (start === -1 || end === -1) throw new Error(`${path} has no part <!-- ${name} --> … <!-- end -->`);
  const head = text.slice(0, start);
  return { path, text: `${head}<!-- ${name} -->\n${lines.join("\n")}\n${text.slice(end)}` };
}
