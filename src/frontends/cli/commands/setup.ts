import { timeoutMs } from "#frontends/cli/timeout-option";
import { setUp } from "#app/operations/setup";
import type { SetupOutcome } from "#app/operations/setup";
import type { UnitResult } from "#engine/onboard/setup-unit";
import { jsonDocument } from "#frontends/output/json-document";
import { createChecklist, setupSummary } from "#frontends/output/setup-checklist";
import { loadLook } from "#frontends/output/look";
import type { CommandBody } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { monotonicMs } from "#system/clock/clock";
import { onEndSignals } from "#system/signals";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";

const INTERRUPTED = 130;

/** `zr setup [STEP…]`. */
export const body: CommandBody = {
  async run({ options, words }, line) {
    const session = openSession(options, line);
    const isJson = formatOption(options) === "json";
    const isCheck = isOn(options, "check");
    const color = resolveColor(options, session.host.env, isTerminal(1));
    const look = await loadLook({ color, unicode: hasUnicode(session.host.env) });
    const checklist = createChecklist({
      look,
      isTerminal: isTerminal(2),
      sharesStdout: isTerminal(1),
      columns: () => windowSize(2)?.columns ?? 80,
      isQuiet: isOn(options, "quiet"),
      now: monotonicMs,
      print,
    });
    const ended = new AbortController();
    const signals = onEndSignals(() => ended.abort());
    const limitMs = timeoutMs(options);
    const signal =
      limitMs === undefined ? ended.signal : AbortSignal.any([ended.signal, AbortSignal.timeout(limitMs)]);
    const jobs = textOption(options, "jobs");
    const began = monotonicMs();
    const made = await setUp({
      load: session.load,
      host: session.host,
      only: words,
      isDry: isCheck || isOn(options, "dry-run"),
      isForced: isOn(options, "force"),
      ...(jobs === undefined ? {} : { jobs }),
      signal,
      report: isJson ? () => undefined : checklist.report,
      onWait: () => void print("stderr", "waits for another zr setup\n"),
    });
    await checklist.done();
    signals[Symbol.dispose]();
    if (!made.ok) return ended.signal.aborted ? INTERRUPTED : refuse(session, made.error);
    const durationMs = monotonicMs() - began;
    if (isJson) await print("stdout", jsonDocument(setupJson(made.value, durationMs)));
    else if (!isOn(options, "quiet"))
      await print("stdout", setupSummary({ ...made.value, durationMs }, look));
    if (ended.signal.aborted) return INTERRUPTED;
    return isFine(made.value.results, isCheck) ? 0 : 1;
  },
};

const isFine = (results: readonly UnitResult[], isCheck: boolean): boolean =>
  !results.some(
    ({ state }) =>
      state === "failed" ||
      state === "blocked" ||
      state === "interrupted" ||
      (isCheck && (state === "todo" || state === "warning")),
  );

const setupJson = ({ results, next }: SetupOutcome, durationMs: number) => ({
  ok: isFine(results, false),
  durationMs: Math.round(durationMs),
  steps: results.map(({ next: _next, durationMs: took, ...result }) => ({
    ...result,
    durationMs: Math.round(took),
  })),
  next,
});
