import { KEY_MAP } from "#frontends/tui/key-map";
import type { Action } from "#frontends/tui/key-map";
import { until } from "#tests/support/deadline";
import type { Project } from "#tests/support/project";
import { cmd } from "#tests/support/scripted-command";
import type { TerminalRun } from "#tests/support/terminal";

/** Tasks of each kind. */
export const CONFIG = {
  "zr.toml": `
    [tasks]
    build = { cmd = "${cmd("build")}", description = "Compile all", tags = ["ci"] }
    lint = "${cmd("lint")}"
    test = { cmd = "${cmd("test")}", deps = ["build"] }
    deploy = { cmd = "${cmd("deploy")} \${args.where}", args = [{ name = "where", required = true }] }
    ask = { cmd = "${cmd("ask")}", confirm = "really?" }
    _hidden = "${cmd("hidden")}"
    shown = { deps = ["_hidden"] }
    [workflows.release]
    stages = [{ name = "first", tasks = ["lint"] }]
  `,
};

/** What terminals send for keys that are no characters. */
const BYTES: Readonly<Record<string, string>> = {
  Up: "\x1b[A",
  Down: "\x1b[B",
  Left: "\x1b[D",
  Right: "\x1b[C",
  PageUp: "\x1b[5~",
  PageDown: "\x1b[6~",
  Home: "\x1b[H",
  End: "\x1b[F",
  Tab: "\t",
  "Shift-Tab": "\x1b[Z",
  Enter: "\r",
  Escape: "\x1b",
  "Ctrl-C": "\x03",
  "Ctrl-L": "\f",
  "Ctrl-Z": "\x1a",
};

/** What has been pressed. */
export const tried = new Set<Action>();

/** Presses the first of the keys that the help names for an action, or another of them. */
export function press(terminal: TerminalRun, action: Action, which = 0): void {
  tried.add(action);
  const key = KEY_MAP.find((binding) => binding.action === action)?.keys[which];
  if (key === undefined) throw new Error(`no key for ${action}`);
  terminal.type(BYTES[key] ?? key);
}

/** `zr tui` on a screen of usual size. */
export async function openTui(project: Project, ...words: readonly string[]): Promise<TerminalRun> {
  const terminal = await project.terminal({ cols: 80, rows: 20 }, "tui", ...words);
  await terminal.waitForScreen(/tasks .*│/);
  return terminal;
}

/** Waits until a line of the list is the chosen one. */
export const chosen = (terminal: TerminalRun, name: string): Promise<readonly string[]> =>
  terminal.waitForScreen(new RegExp(`▸. ${name}\\b`));

/** Waits until a text is no more on the screen. */
export const gone = (terminal: TerminalRun, text: string): Promise<void> =>
  until(
    () => !terminal.screen().join("\n").includes(text),
    `the screen to be without ${text}`,
    () => terminal.transcript(),
  );

/** Goes to a line of the list of `CONFIG`. */
export async function choose(terminal: TerminalRun, name: string): Promise<void> {
  const names = ["build", "lint", "test", "deploy", "ask", "shown", "release"];
  press(terminal, "first");
  await chosen(terminal, "build");
  for (let step = 0; step < names.indexOf(name); step += 1) press(terminal, "down");
  await chosen(terminal, name);
}
