import { loadWorkspace } from "#app/load-workspace";
import { findLiveRuns, followRun } from "#app/operations/live-runs";
import type { FollowedRun, LiveRunPlace } from "#app/operations/live-runs";
import { usageProblem } from "#app/problems";
import type { CommandBody } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { hasUnicode } from "#frontends/cli/terminal-facts";
import { jsonDocument } from "#frontends/output/json-document";
import { LiveView } from "#frontends/output/live-view";
import { loadLook } from "#frontends/output/look";
import { visibleControls } from "#frontends/output/visible-text";
import { toLiveRecord, LIVE_PROTOCOL } from "#core/model/live-protocol";
import { onEndSignals } from "#system/signals";
import { isTerminal, windowSize } from "#system/stdio/is-terminal";
import { openKeyReader } from "#system/stdio/key-reader";
import { print } from "#system/stdio/print";
import { createByteWriter } from "#system/stdio/writer";

const CTRL_C = "\x03";

/** `zr monitor [RUN]`: what a run in progress does and takes, until it ends or the user leaves it. */
export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [wanted, surplus] = words;
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: "zr monitor", value: surplus }));
    const loaded = await loadWorkspace(session.load);
    if (!loaded.ok) return refuse(session, loaded.error);
    const runs = await findLiveRuns(loaded.value.workspace.root);
    if (isOn(options, "list")) return list(session, runs);
    const chosen = wanted === undefined ? runs : runs.filter(({ run }) => run.startsWith(wanted));
    const exact = runs.find(({ run }) => run === wanted);
    const [run] = exact === undefined ? chosen : [exact];
    if (run === undefined)
      return refuse(
        session,
        wanted === undefined ? usageProblem("E300", {}) : usageProblem("E301", { run: wanted }),
      );
    if (wanted !== undefined && exact === undefined && chosen.length > 1)
      return refuse(session, usageProblem("E301", { run: wanted }));
    if (wanted === undefined && runs.length > 1)
      await print("stderr", `${runs.length} runs are in progress; this is the newest:\n${listing(runs)}`);
    const followed = await followRun(run);
    if (!followed.ok) {
      await print("stderr", `run ${visibleControls(run.run)} can't be followed: ${followed.error}\n`);
      return 1;
    }
    return formatOption(options) === "json" ? streamJson(followed.value) : show(session, followed.value);
  },
};

async function list({ options }: Session, runs: readonly LiveRunPlace[]): Promise<number> {
  if (formatOption(options) === "json") {
    const shown = runs.map(({ run, wallMs, request }) => ({ run, wallMs, request }));
    await print("stdout", jsonDocument({ runs: shown }));
    return 0;
  }
  await print("stdout", runs.length === 0 ? "no run is in progress\n" : listing(runs));
  return 0;
}

const listing = (runs: readonly LiveRunPlace[]): string =>
  runs.map(({ run, request }) => `${visibleControls(run)}  ${visibleControls(request.join(" "))}\n`).join("");

/** The protocol as it comes: the greeting, then every event. */
async function streamJson({ record, events, close }: FollowedRun): Promise<number> {
  const leaving = onEndSignals(() => close());
  const hello = { type: "hello", v: LIVE_PROTOCOL, zr: record.zr, record: toLiveRecord(record) };
  await print("stdout", `${JSON.stringify(hello)}\n`);
  for await (const event of events) await print("stdout", `${JSON.stringify(event)}\n`);
  leaving[Symbol.dispose]();
  return 0;
}

async function show(session: Session, { record, events, close }: FollowedRun): Promise<number> {
  const writer = createByteWriter();
  const look = await loadLook({ color: session.color, unicode: hasUnicode(session.host.env) });
  const view = new LiveView(record, {
    look,
    write: (bytes) => void writer.write("stdout", bytes),
    window: () => windowSize(1),
    hasKeys: isTerminal(0) && isTerminal(1),
  });
  let isLeft = false;
  const leave = (): void => {
    isLeft = true;
    close();
  };
  const signals = onEndSignals(leave);
  const keys = openKeyReader((key) => {
    if (key === "q" || key === CTRL_C) leave();
  });
  for await (const event of events) view.event(event);
  keys?.[Symbol.dispose]();
  signals[Symbol.dispose]();
  const isComplete = view.finish(isLeft);
  await writer.flush();
  return isComplete || isLeft ? 0 : 1;
}
