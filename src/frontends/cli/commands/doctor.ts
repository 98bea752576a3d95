import { diagnose } from "#app/operations/doctor";
import { timeoutMs } from "#frontends/cli/timeout-option";
import type { Diagnosis } from "#app/operations/doctor";
import { doctorText } from "#frontends/output/doctor-text";
import { jsonDocument } from "#frontends/output/json-document";
import { loadLook } from "#frontends/output/look";
import type { CommandBody } from "#frontends/cli/command";
import { resolveColor } from "#frontends/cli/environment-options";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { onEndSignals } from "#system/signals";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";

const INTERRUPTED = 130;

/** `zr doctor [CHECK…]`. */
export const body: CommandBody = {
  async run({ options, words }, line) {
    const session = openSession(options, line);
    const ended = new AbortController();
    const signals = onEndSignals(() => ended.abort());
    const limitMs = timeoutMs(options);
    const signal =
      limitMs === undefined ? ended.signal : AbortSignal.any([ended.signal, AbortSignal.timeout(limitMs)]);
    const found = await diagnose({
      load: session.load,
      host: session.host,
      only: words,
      isFix: isOn(options, "fix") && !isOn(options, "dry-run"),
      signal,
    });
    signals[Symbol.dispose]();
    if (!found.ok) return refuse(session, found.error);
    if (formatOption(options) === "json") await print("stdout", jsonDocument(doctorJson(found.value)));
    else {
      const color = resolveColor(options, session.host.env, isTerminal(1));
      const look = await loadLook({ color, unicode: hasUnicode(session.host.env) });
      await print("stdout", doctorText(found.value, { look, isQuiet: isOn(options, "quiet") }));
    }
    if (ended.signal.aborted) return INTERRUPTED;
    return found.value.findings.some(({ state }) => state === "failed") ? 1 : 0;
  },
};

const doctorJson = ({ findings, mended }: Diagnosis) => ({
  ok: !findings.some(({ state }) => state === "failed"),
  findings: findings.map(({ mend, ...finding }) => ({ ...finding, canFix: mend !== undefined })),
  mended,
});
