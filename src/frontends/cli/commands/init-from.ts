import type { ConvertResult } from "#app/operations/convert";
import type { VerifiedTask } from "#app/operations/verify-conversion";
import type { Problems } from "#app/problems";
import type { Result } from "#base/result";
import { convertProject } from "#app/operations/convert";
import { basename, resolveFrom } from "#base/path";
import { formatSize } from "#base/size";
import type { ReportItem, SourceTool } from "#core/migrate/conversion";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, type Session, textOption } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";
import { fileLines, seenFrom } from "./init-files";

export interface ConvertCommand {
  readonly session: Session;
  readonly tool: SourceTool;
  /** Absolute. */
  readonly folder: string;
}

/**
 * `zr init --from-…`. The report goes to stderr, line by line in the form that editors can follow. Exit code 0 where
 * everything was converted, 1 where something was left out (with `--strict` also where something is approximate).
 */
export async function convertCommand({ session, tool, folder }: ConvertCommand): Promise<number> {
  const { cwd, options, load, host } = session;
  const source = textOption(options, "source");
  const dryRun = isOn(options, "dry-run");
  const made = await convertProject({
    tool,
    folder,
    ...(source === undefined ? {} : { source: resolveFrom(cwd, source) }),
    wrap: isOn(options, "wrap"),
    force: isOn(options, "force"),
    dryRun,
    load,
    host,
  });
  if (!made.ok)
    return refuse(session, {
      ...made.error,
      diagnostics: made.error.diagnostics.map((problem) => seenFrom(cwd, problem)),
    });
  let code = exitCode(made.value, isOn(options, "strict"));
  const verified =
    isOn(options, "verify") && !dryRun
      ? await verify({ session, tool, folder }, made.value.names)
      : undefined;
  if (verified !== undefined && !verified.ok) return refuse(session, verified.error);
  if (verified?.value.some(({ verdict }) => verdict === "different") === true) code = 1;
  if (formatOption(options) === "json") {
    await print(
      "stdout",
      jsonDocument({
        ...made.value,
        ...(verified === undefined ? {} : { verified: verified.value }),
        written: !dryRun,
      }),
    );
    return code;
  }
  const said = fileLines(made.value.files, cwd, dryRun) + reportText(made.value) + sizeText(made.value, tool);
  if (!isOn(options, "quiet") || code !== 0) await print("stderr", said);
  if (verified !== undefined) await print("stderr", verifiedText(verified.value, tool));
  if (dryRun) await print("stdout", made.value.files[0]?.text ?? "");
  return code;
}

async function verify(
  { session, tool, folder }: ConvertCommand,
  names: Readonly<Record<string, string>>,
): Promise<Result<readonly VerifiedTask[], Problems>> {
  const source = textOption(session.options, "source");
  if (tool === "turbo" || tool === "nx" || tool === "moon") {
    const { verifyGraph } = await import("#app/operations/verify-graph");
    return verifyGraph({ tool, folder, host: session.host });
  }
  if (tool === "npm") {
    const { verifyScripts } = await import("#app/operations/verify-scripts");
    return verifyScripts({ folder, host: session.host });
  }
  const { verifyConversion } = await import("#app/operations/verify-conversion");
  return verifyConversion({
    tool,
    folder,
    host: session.host,
    names,
    ...(source === undefined ? {} : { source: resolveFrom(session.cwd, source) }),
  });
}

/** Each difference with the lines that only one of the tools has. */
function verifiedText(tasks: readonly VerifiedTask[], tool: SourceTool): string {
  const lines = tasks.flatMap(({ task, verdict, reason, missing, added }) => {
    if (verdict === "same") return [];
    const said = reason === undefined ? "" : `: ${reason}`;
    const head = verdict === "open" ? `${task}: not compared${said}` : `${task}: different${said}`;
    return [
      head,
      ...missing.map((line) => `  only ${tool}: ${line}`),
      ...added.map((line) => `  only zr: ${line}`),
    ];
  });
  const same = tasks.filter(({ verdict }) => verdict === "same").length;
  const isOne = tasks.length === 1;
  const does =
    tool === "turbo" || tool === "nx" || tool === "moon"
      ? `${isOne ? "task waits" : "tasks wait"} for the same tasks as with ${tool}`
      : `${isOne ? "task runs" : "tasks run"} the same commands as ${tool}`;
  return `${[...lines, `${same} of ${tasks.length} ${does}`].join("\n")}\n`;
}

function exitCode({ report }: ConvertResult, strict: boolean): number {
  const fails = ({ severity }: ReportItem): boolean =>
    severity === "left-out" || (strict && severity === "approximated");
  return report.some(fails) ? 1 : 0;
}

function reportText({ report, total, converted, sources }: ConvertResult): string {
  const lines = report.map(
    ({ file, line, severity, what, why }) =>
      `${file}:${line}: ${severity.replace("-", " ")}: ${what === "" ? "" : `${oneLine(what)}: `}${why}\n`,
  );
  const count = (severity: ReportItem["severity"]): number =>
    report.filter((item) => item.severity === severity).length;
  const parts = [
    count("approximated") > 0 ? `${count("approximated")} approximated` : "",
    count("left-out") > 0 ? `${count("left-out")} left out` : "",
  ].filter((part) => part !== "");
  const tail = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  return `${lines.join("")}converted ${converted} of ${total} ${total === 1 ? "task" : "tasks"} of ${sources[0] ?? ""}${tail}\n`;
}

/** Nobody reads or edits more than this by hand. */
const LARGE = 100_000;

/** A word on files in which every combination of conditions had to be written out. */
const sizeText = ({ files }: ConvertResult, tool: SourceTool): string =>
  files
    .filter(({ text }) => text.length > LARGE)
    .map(
      ({ path, text }) =>
        `${basename(path)} has ${formatSize(text.length)}: --wrap --force writes short tasks that call ${tool} instead\n`,
    )
    .join("");

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
