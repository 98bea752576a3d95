import { firstFile } from "#core/migrate/first-file";
import { basename, dirname, resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Conversion, Converter, SourceReader } from "#core/migrate/conversion";
import { wrappedTasks } from "#core/migrate/wrap";
import { conversionOf, MakeReadings } from "./make-conversion";
import type { Makefile } from "./makefile";
import { targetsOf } from "./target";

/** In the order in which make looks for them. */
const NAMES = ["GNUmakefile", "makefile", "Makefile"];

const MAX_ROUNDS = 24;

/** Turns a Makefile and what it includes into tasks. */
export const convertMakefile: Converter = async ({ folder, source, wrap, reader }) => {
  const found = source ?? (await firstFile(folder, NAMES, reader));
  const missing = { code: "E480", severity: "error", data: { what: "Makefile", path: folder } } as const;
  if (found === undefined) return err([missing]);
  const read = await reader.readText(found);
  if (read.kind === "missing") return err([missing]);
  if (read.kind !== "text") {
    const reason = read.kind === "folder" ? "it is a folder" : read.reason;
    return err([{ code: "E481", severity: "error", data: { path: found, reason } }]);
  }
  const base = dirname(found);
  const main = basename(found);
  const files = {
    texts: new Map<string, string | undefined>([[main, read.text]]),
    globs: new Map<string, readonly string[]>(),
  };
  const readings = new MakeReadings(main, files);
  await lookForFiles(readings, files, { base, reader });
  if (wrap) return ok(wrapMakefile(readings.usual(), main));
  return ok(conversionOf(main, readings));
};

/** Reads again and again, with the files that the last readings asked for. */
async function lookForFiles(
  readings: MakeReadings,
  { texts, globs }: FoundFiles,
  { base, reader }: { readonly base: string; readonly reader: SourceReader },
): Promise<void> {
  for (let round = 0; round <= MAX_ROUNDS; round += 1) {
    const wanted = readings.wanted();
    if (wanted.texts.size + wanted.globs.size === 0) return;
    for (const path of wanted.texts) {
      const text = await reader.readText(resolveFrom(base, path));
      texts.set(path, text.kind === "text" ? text.text : undefined);
    }
    for (const pattern of wanted.globs) globs.set(pattern, await filesLike(pattern, base, reader));
  }
}

/** Filled on the way. */
interface FoundFiles {
  readonly texts: Map<string, string | undefined>;
  readonly globs: Map<string, readonly string[]>;
}

async function filesLike(pattern: string, base: string, reader: SourceReader): Promise<readonly string[]> {
  if (pattern.startsWith("/") || pattern.includes("..") || pattern.includes("\0")) return [];
  const clean = pattern.replace(/^\.\//, "").replace(/\/$/, "");
  if (clean === "") return [];
  const found = await reader.glob(clean, base);
  return found.map((path) => (path.startsWith(`${base}/`) ? path.slice(base.length + 1) : path));
}

/** Tasks that call make: the first step of a migration. */
function wrapMakefile(makefile: Makefile, main: string): Conversion {
  const targets = targetsOf(makefile).filter(
    ({ isPattern, name }) =>
      !isPattern && !makefile.marks.isOpen(name) && (!name.startsWith(".") || name.includes("/")),
  );
  const flag = NAMES.includes(main) ? [] : ["-f", main];
  return wrappedTasks({
    sources: makefile.files,
    items: targets.map(({ name, rules, main: rule }) => ({
      name,
      argv: ["make", ...flag, name],
      description:
        rules.map(({ help }) => help).find((text) => text !== undefined) ??
        rule.comments.find((line) => /\w/.test(line)),
      line: rule.line,
    })),
  });
}
