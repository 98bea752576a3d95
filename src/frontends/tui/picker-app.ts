import { interruptExitCode } from "#engine/exec/exit-code";
import { onEndSignals } from "#system/signals";
import { openFullScreen } from "#system/stdio/full-screen";
import { Frames } from "./frames";
import { inputEvents } from "./key";
import { loadPainter } from "./paint";
import { reducePicker, viewPicker } from "./picker";
import type { Picked, PickerEvent, PickerState } from "./picker";
import { ScreenDiff } from "./screen-diff";
import type { TaskItem } from "./task-item";

export interface PickerSetting {
  readonly items: readonly TaskItem[];
  readonly title: string;
  readonly hasColor: boolean;
  readonly hasUnicode: boolean;
  /** Writes to the terminal; settled when it has taken the text. */
  readonly write: (text: string) => Promise<void>;
}

/** What was chosen, or the exit code of a signal; undefined where there is no terminal to take over. */
export async function runPicker(setting: PickerSetting): Promise<Picked | number | undefined> {
  const { items, title, hasUnicode, hasColor, write } = setting;
  const paint = await loadPainter(hasColor);
  const diff = new ScreenDiff();
  const end = Promise.withResolvers<Picked | number>();
  let state: PickerState = {
    items,
    title,
    hasUnicode,
    columns: 80,
    rows: 24,
    filter: "",
    index: 0,
    top: 0,
    words: undefined,
  };
  const frames = new Frames(() => {
    const text = diff.next(viewPicker(state).map(paint));
    return text === "" ? undefined : write(text);
  });
  const redraw = (): void => {
    diff.forget();
    void write("\x1b[2J");
    frames.want();
  };
  const take = (event: PickerEvent): void => {
    const step = reducePicker(state, event);
    state = step.state;
    if (step.picked !== undefined) end.resolve(step.picked);
    if (step.isSuspended === true) void frames.sent.then(() => screen?.suspend());
    frames.want();
  };
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      end.reject(error);
    }
  };
  const screen = openFullScreen({
    input: (text) => guarded(() => inputEvents(text).forEach(take)),
    resized: (size) => {
      redraw();
      guarded(() => take({ type: "resize", ...size }));
    },
    entered: redraw,
    closed: () => end.resolve(interruptExitCode("SIGHUP")),
  });
  if (screen === undefined) return undefined;
  const signals = onEndSignals((signal) => end.resolve(interruptExitCode(signal)));
  try {
    take({ type: "resize", ...screen.size() });
    return await end.promise;
  } finally {
    frames.stop();
    await frames.sent;
    screen[Symbol.dispose]();
    signals[Symbol.dispose]();
  }
}
