import type { Finding, FindingState } from "#engine/onboard/finding";
import type { Mended } from "#app/operations/doctor";
import type { Look } from "./look";
import { visibleControls } from "./visible-text";

export interface DoctorTextOptions {
  readonly look: Look;
  /** Only what is wrong. */
  readonly isQuiet: boolean;
}

const NAME_WIDTH = 12;

/** What was found, a block for each check, with the way out of what is wrong below it; a count at the end. */
export function doctorText(
  { findings, mended }: { readonly findings: readonly Finding[]; readonly mended: readonly Mended[] },
  { look, isQuiet }: DoctorTextOptions,
): string {
  const { theme, symbols } = look;
  const lines: string[] = mended.map(
    ({ check, name, isDone, detail }) =>
      `${isDone ? theme.good(symbols.state.success) : theme.bad(symbols.state.failed)} ${isDone ? "mended" : "can't mend"} ${check} ${name}: ${visibleControls(detail)}\n`,
  );
  if (mended.length > 0) lines.push("\n");
  const shown = isQuiet
    ? findings.filter(({ state }) => state === "failed" || state === "warning")
    : findings;
  for (const [check, some] of Map.groupBy(shown, (finding) => finding.check)) {
    lines.push(`${theme.strong(check)}\n`);
    for (const finding of some) lines.push(...findingLines(finding, look));
  }
  const count = (wanted: FindingState): number => findings.filter(({ state }) => state === wanted).length;
  const failed = count("failed");
  const warnings = count("warning");
  const said = [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`]),
  ].join(", ");
  const paint = failed > 0 ? theme.bad : warnings > 0 ? theme.warn : theme.good;
  if (!(isQuiet && said === "")) lines.push(`\n${paint(said === "" ? "all is well" : said)}\n`);
  const mendable = findings.filter(({ mend, state }) => mend !== undefined && state !== "ok").length;
  if (mendable > 0 && mended.length === 0) lines.push(`zr doctor --fix mends ${mendable} of them\n`);
  return lines.join("");
}

const WORDS: Readonly<Record<FindingState, string>> = {
  ok: "ok",
  warning: "warning",
  failed: "failed",
  skipped: "skipped",
};

function findingLines(
  { name, state, detail, hint, fix }: Finding,
  { theme, symbols }: Look,
): readonly string[] {
  const { success, failed, skipped } = symbols.state;
  const [sign, paint] =
    state === "ok"
      ? [success, theme.good]
      : state === "failed"
        ? [failed, theme.bad]
        : state === "warning"
          ? ["!", theme.warn]
          : [skipped, theme.dim];
  const line = `${visibleControls(name).padEnd(NAME_WIDTH)} ${WORDS[state].padEnd(8)} ${visibleControls(detail)}`;
  const way = [hint, fix === undefined ? undefined : `run: ${fix}`].filter((text) => text !== undefined);
  return [
    `  ${paint(sign)} ${line.trimEnd()}\n`,
    ...(state === "ok" ? [] : way.map((text) => `    ${symbols.arrow} ${visibleControls(text)}\n`)),
  ];
}
