import type { RunEvent } from "#core/model/event";
import type { Run } from "#tests/support/run";

type Sample = Extract<RunEvent, { readonly type: "resources.sampled" }>;

/** The events that `--events -` or `zr monitor --json` has printed so far; the greeting of the latter is left out. */
export const eventsSoFar = (text: string): RunEvent[] =>
  text
    .split("\n")
    .slice(0, -1)
    // zr's own output: what its types say.
    .map((line) => JSON.parse(line) as RunEvent | { readonly type: "hello" })
    .filter((event) => event.type !== "hello");

const samplesIn = (text: string): Sample[] =>
  eventsSoFar(text).filter((event) => event.type === "resources.sampled");

/** Waits until so many samples have come that hold what is wanted, counted from now. */
export async function samplesAfter(
  run: Run,
  isWanted: (sample: Sample) => boolean,
  count: number,
): Promise<void> {
  const before = samplesIn(run.stdout()).length;
  for (let all = before; ; all += 1) {
    const wanted = samplesIn(run.stdout()).slice(before).filter(isWanted);
    if (wanted.length >= count) return;
    // One more than there are, whatever it says.
    await run.waitForOutput(
      new RegExp(`(?:"type":"resources\\.sampled"[^]*?\\n[^]*?){${all + 1}}`),
      "stdout",
    );
  }
}
