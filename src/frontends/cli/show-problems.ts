import type { Diagnostic } from "#base/diagnostic";
import { locateDiagnostics } from "#app/locate-diagnostics";
import { diagnosticCodes } from "#app/diagnostic-codes";
import type { Problems } from "#app/problems";
import { diagnosticsJson } from "#frontends/output/diagnostic-json";
import { renderDiagnostics } from "#frontends/output/diagnostic-text";
import { jsonDocument } from "#frontends/output/json-document";
import { loadLook } from "#frontends/output/look";
import { print } from "#system/stdio/print";
import { windowSize } from "#system/stdio/is-terminal";
import { readText } from "#system/fs/read-text";
import { hasUnicode, isGithubStep } from "./terminal-facts";
import { formatOption } from "./session";
import type { Session } from "./session";

function exitCodeOf({ code, place }: Diagnostic): number {
  const entry = diagnosticCodes[code];
  return (place === undefined ? undefined : entry?.exitInFile) ?? entry?.exit ?? 3;
}

/** For the log of GitHub Actions, which shows them beside the files; elsewhere none. */
async function annotations(
  located: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  { host, cwd }: Session,
): Promise<string> {
  if (!isGithubStep(host.env)) return "";
  const { githubDiagnostics } = await import("#frontends/output/report-github");
  const problems = diagnosticsJson(located, { texts, codes: diagnosticCodes });
  return githubDiagnostics(problems, host.env["GITHUB_WORKSPACE"] ?? cwd);
}

async function withHints(problems: readonly Diagnostic[]): Promise<readonly Diagnostic[]> {
  if (!problems.some(({ code }) => code === "E338")) return problems;
  const { withDotenvHints } = await import("#app/unread-dotenv");
  return withDotenvHints(problems);
}

/** Prints problems as text to stderr or, with `--json`, as data to stdout. Gives the exit code that they mean. */
export async function showProblems(session: Session, problems: Problems): Promise<number> {
  const texts = new Map(problems.texts);
  for (const { place } of problems.diagnostics) {
    if (place === undefined || texts.has(place.file)) continue;
    const read = await readText(place.file);
    // Lines of a dotenv file may be secrets: only configuration is ever shown.
    if (read.kind === "text" && place.file.endsWith(".toml")) texts.set(place.file, read.text);
  }
  const located = locateDiagnostics(await withHints(problems.diagnostics), problems.unread, texts);
  const look = await loadLook({ color: session.color, unicode: hasUnicode(session.host.env) });
  const options = {
    texts,
    codes: diagnosticCodes,
    root: session.cwd,
    cwd: session.cwd,
    look,
    columns: windowSize(2)?.columns ?? 100,
  };
  if (formatOption(session.options) === "json")
    await print("stdout", jsonDocument({ diagnostics: diagnosticsJson(located, options) }));
  else
    await print("stderr", renderDiagnostics(located, options) + (await annotations(located, texts, session)));
  const codes = located.filter((diagnostic) => diagnostic.severity === "error").map(exitCodeOf);
  const [first = 0] = codes;
  return codes.every((code) => code === first) ? first : 3;
}
