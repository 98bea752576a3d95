import type { RunnablePlan } from "#app/operations/plan-run";
import type { Confirm } from "#engine/exec/run-context";
import type { RendererMode } from "#frontends/output/create-renderer";
import { LateProgress } from "#frontends/output/late-progress";
import type { QuestionLine } from "#frontends/output/question-line";
import type { RendererOptions } from "#frontends/output/renderer-options";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { isOn } from "./session";
import type { Session } from "./session";
import { isCi } from "./terminal-facts";

/** Ways of showing output that leave room for a live view. */
const PROGRESS_MODES: ReadonlySet<RendererMode> = new Set(["grouped", "errors-only", "interleaved"]);

export interface ProgressSetting {
  readonly mode: RendererMode;
  readonly write: RendererOptions["write"];
  /** Asked only where there is something to draw. */
  readonly look: Pick<RendererOptions, "color" | "unicode" | "background">;
  /** Others draw on the terminal too. */
  readonly isShared: boolean;
}

/** The live view of a run on a terminal; undefined where there is none to draw on, or where nobody wants it. */
export function progressOf(
  { plan, settings }: RunnablePlan,
  { options, host }: Session,
  { mode, write, look, isShared }: ProgressSetting,
): LateProgress | undefined {
  // A pipe may lead to the same terminal by way of another program.
  if (isShared || !isTerminal(2) || !isTerminal(1) || host.env["TERM"] === "dumb") return undefined;
  if (isOn(options, "quiet") || isOn(options, "monitor")) return undefined;
  const { progress: asked = "auto" } = settings.ui;
  if (asked === false) return undefined;
  if (asked === "auto" && (isCi(host.env) || isOn(options, "raw") || !PROGRESS_MODES.has(mode)))
    return undefined;
  // A command that draws, and is shown as it draws, moves the cursor as it likes.
  if (mode === "interleaved" && plan.instances.some(({ pty }) => pty === true)) return undefined;
  return new LateProgress({
    write,
    renderer: look,
    window: () => windowSize(2),
    expected: async () => (await import("#app/expected-durations")).expectedDurations(plan.root),
  });
}

/** Keeps the questions of a run below what its other tasks print; undefined where none can come. */
export async function questionLineFor(
  { plan }: RunnablePlan,
  { host }: Session,
  write: RendererOptions["write"],
): Promise<QuestionLine | undefined> {
  if (!plan.instances.some(({ confirm }) => confirm !== undefined) || !isTerminal(2)) return undefined;
  const { QuestionLine: Made } = await import("#frontends/output/question-line");
  return new Made({
    write,
    columns: () => windowSize(2)?.columns ?? 80,
    sharesStdout: isTerminal(1),
    canErase: host.env["TERM"] !== "dumb",
  });
}

export interface AskingSetting {
  readonly aside?: <T>(question: () => Promise<T>) => Promise<T>;
  readonly progress: LateProgress | undefined;
  readonly line: QuestionLine | undefined;
}

/** Asks on the terminal, which is nobody else's meanwhile but for what tasks print. */
export function confirmOf({ options }: Session, { aside, progress, line }: AskingSetting): Confirm {
  const ask: Confirm = async (question, over) =>
    (await import("./confirm")).confirm(question, options, { line, over });
  const askAside: Confirm = aside === undefined ? ask : (question, over) => aside(() => ask(question, over));
  return progress === undefined
    ? askAside
    : (question, over) => progress.during(() => askAside(question, over));
}
