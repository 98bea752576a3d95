import type { Key } from "./key";

/** What a key does where nothing is being typed or asked. */
export type Action =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "first"
  | "last"
  | "left"
  | "right"
  | "focus"
  | "run"
  | "run-with-arguments"
  | "cancel"
  | "cancel-all"
  | "retry"
  | "retry-failed"
  | "pause"
  | "find"
  | "next-match"
  | "previous-match"
  | "follow"
  | "wrap"
  | "failed-only"
  | "graph"
  | "history"
  | "copy"
  | "back"
  | "help"
  | "redraw"
  | "suspend"
  | "quit"
  | "interrupt";

export interface KeyBinding {
  readonly action: Action;
  readonly keys: readonly Key[];
  /** How the help calls the keys. */
  readonly shown: string;
  readonly does: string;
  readonly group: "move" | "run" | "look" | "leave";
}

/** Every key: the help is made of it, and so is what is done. */
export const KEY_MAP: readonly KeyBinding[] = [
  { action: "up", keys: ["Up", "k"], shown: "Up k", does: "one line up", group: "move" },
  { action: "down", keys: ["Down", "j"], shown: "Down j", does: "one line down", group: "move" },
  { action: "page-up", keys: ["PageUp"], shown: "PgUp", does: "one page up", group: "move" },
  { action: "page-down", keys: ["PageDown", " "], shown: "PgDn", does: "one page down", group: "move" },
  { action: "first", keys: ["Home", "<"], shown: "Home <", does: "to the beginning", group: "move" },
  { action: "last", keys: ["End", ">"], shown: "End >", does: "to the end", group: "move" },
  { action: "left", keys: ["Left"], shown: "Left", does: "a long line: to the left", group: "move" },
  { action: "right", keys: ["Right"], shown: "Right", does: "a long line: to the right", group: "move" },
  { action: "focus", keys: ["Tab", "Shift-Tab"], shown: "Tab", does: "between list and log", group: "move" },
  { action: "run", keys: ["Enter"], shown: "Enter", does: "run the task (history: log)", group: "run" },
  { action: "run-with-arguments", keys: ["a"], shown: "a", does: "run with arguments", group: "run" },
  { action: "cancel", keys: ["x"], shown: "x", does: "stop the task", group: "run" },
  { action: "cancel-all", keys: ["X"], shown: "X", does: "stop everything", group: "run" },
  { action: "retry", keys: ["r"], shown: "r", does: "run again, as the last time", group: "run" },
  { action: "retry-failed", keys: ["R"], shown: "R", does: "run again what failed", group: "run" },
  { action: "pause", keys: ["p"], shown: "p", does: "pause the task, let it go on", group: "run" },
  { action: "find", keys: ["/"], shown: "/", does: "filter the list, search a log", group: "look" },
  { action: "next-match", keys: ["n"], shown: "n", does: "next match", group: "look" },
  { action: "previous-match", keys: ["N"], shown: "N", does: "match before", group: "look" },
  { action: "follow", keys: ["f"], shown: "f", does: "follow the log", group: "look" },
  { action: "wrap", keys: ["w"], shown: "w", does: "break long lines", group: "look" },
  { action: "failed-only", keys: ["e"], shown: "e", does: "only what failed", group: "look" },
  { action: "graph", keys: ["g"], shown: "g", does: "what the task needs", group: "look" },
  { action: "history", keys: ["h"], shown: "h", does: "past runs", group: "look" },
  { action: "copy", keys: ["y"], shown: "y", does: "copy the log", group: "look" },
  { action: "back", keys: ["Escape"], shown: "Esc", does: "back; end a search", group: "look" },
  { action: "redraw", keys: ["Ctrl-L"], shown: "Ctrl-L", does: "draw anew", group: "leave" },
  { action: "help", keys: ["?"], shown: "?", does: "this help", group: "leave" },
  {
    action: "suspend",
    keys: ["Ctrl-Z"],
    shown: "Ctrl-Z",
    does: "to the shell; fg comes back",
    group: "leave",
  },
  { action: "quit", keys: ["q"], shown: "q", does: "leave", group: "leave" },
  {
    action: "interrupt",
    keys: ["Ctrl-C"],
    shown: "Ctrl-C",
    does: "stop everything and leave",
    group: "leave",
  },
];

const BY_KEY: ReadonlyMap<Key, Action> = new Map(
  KEY_MAP.flatMap(({ action, keys }) => keys.map((key) => [key, action] as const)),
);

export const actionOf = (key: Key): Action | undefined => BY_KEY.get(key);
