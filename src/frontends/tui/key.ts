/** A key by its name, such as `a`, `Enter`, `PageUp`, `Ctrl-C`. A character that has no other name is its own. */
export type Key = string;

/** What a person does at the terminal. */
export type InputEvent =
  | { readonly type: "key"; readonly key: Key }
  /** Text that was pasted: it is never taken for keys. */
  | { readonly type: "paste"; readonly text: string }
  /** Row and column from 0. */
  | {
      readonly type: "mouse";
      readonly action: "press" | "wheel-up" | "wheel-down";
      readonly row: number;
      readonly column: number;
    };

/** Keys that terminals send as sequences: of xterm, with what others send for the same (ECMA-48 CSI, SS3). */
const SEQUENCES: Readonly<Record<string, Key>> = {
  "[A": "Up",
  "[B": "Down",
  "[C": "Right",
  "[D": "Left",
  OA: "Up",
  OB: "Down",
  OC: "Right",
  OD: "Left",
  "[H": "Home",
  "[F": "End",
  OH: "Home",
  OF: "End",
  "[1~": "Home",
  "[4~": "End",
  "[7~": "Home",
  "[8~": "End",
  "[5~": "PageUp",
  "[6~": "PageDown",
  "[3~": "Delete",
  "[Z": "Shift-Tab",
};

const CONTROLS: Readonly<Record<string, Key>> = {
  "\r": "Enter",
  "\n": "Enter",
  "\t": "Tab",
  "\x7f": "Backspace",
  "\b": "Backspace",
  "\x1b": "Escape",
};

// oxlint-disable-next-line no-control-regex
const SEQUENCE = /\x1b(\[<\d+;\d+;\d+[Mm]|\[200~|\[[\d;?]*[A-Za-z~]|O[A-Za-z])/y;
const PASTE_END = "\x1b[201~";

/** What typed text means, in order. Sequences that mean nothing here are left out. */
export function inputEvents(text: string): readonly InputEvent[] {
  const events: InputEvent[] = [];
  let index = 0;
  while (index < text.length) {
    SEQUENCE.lastIndex = index;
    const match = SEQUENCE.exec(text);
    const body = match?.[1];
    if (body === undefined) {
      const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
      events.push({ type: "key", key: keyOf(character) });
      index += character.length;
      continue;
    }
    index = SEQUENCE.lastIndex;
    if (body === "[200~") {
      const end = text.indexOf(PASTE_END, index);
      events.push({ type: "paste", text: text.slice(index, end === -1 ? undefined : end) });
      index = end === -1 ? text.length : end + PASTE_END.length;
      continue;
    }
    const event = body.startsWith("[<") ? mouseEvent(body) : sequenceEvent(body);
    if (event !== undefined) events.push(event);
  }
  return events;
}

const sequenceEvent = (body: string): InputEvent | undefined => {
  const key = SEQUENCES[body];
  return key === undefined ? undefined : { type: "key", key };
};

/** `[<button;column;row` with `M` for a press and `m` for a release, from 1 (xterm's SGR mode). */
function mouseEvent(body: string): InputEvent | undefined {
  const [button = 0, column = 1, row = 1] = body.slice(2, -1).split(";").map(Number);
  const at = { row: row - 1, column: column - 1 };
  if (button === 64) return { type: "mouse", action: "wheel-up", ...at };
  if (button === 65) return { type: "mouse", action: "wheel-down", ...at };
  return button === 0 && body.endsWith("M") ? { type: "mouse", action: "press", ...at } : undefined;
}

function keyOf(character: string): Key {
  const named = CONTROLS[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  return code < 32 ? `Ctrl-${String.fromCodePoint(code + 64)}` : character;
}

/** Whether the key writes a character. */
export const isText = (key: Key): boolean => [...key].length === 1;
