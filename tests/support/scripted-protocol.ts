/** A child's output stream. */
export type OutputStream = "stdout" | "stderr";

/** What a scripted child is told, one JSON object a line. `bytes` of print are base64. */
export type Order = { readonly id: number } & (
  | { readonly op: "print"; readonly stream: OutputStream; readonly bytes: string }
  | { readonly op: "flood"; readonly stream: OutputStream; readonly size: number; readonly lines: boolean }
  | { readonly op: "exit"; readonly code: number }
  | { readonly op: "kill-self"; readonly signal: NodeJS.Signals }
  | { readonly op: "close"; readonly stream: OutputStream }
  | { readonly op: "trap"; readonly signals: readonly NodeJS.Signals[] }
  | { readonly op: "fork"; readonly name: string; readonly detached: boolean; readonly holdsOutput: boolean }
  | { readonly op: "hold"; readonly size: number }
  | { readonly op: "read"; readonly until: "line" | "end" }
);

/** Who a scripted child is, its first message. */
export type Hello = {
  readonly type: "hello";
  readonly name: string;
  readonly pid: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Which of stdin, stdout, stderr are terminals. */
  readonly terminals: readonly [stdin: boolean, stdout: boolean, stderr: boolean];
};

/** What a scripted child says, one JSON object a line. */
export type Report =
  | Hello
  /** The order was carried out, or failed with `error`; `text` is what a read gave. */
  | { readonly type: "done"; readonly id: number; readonly text?: string; readonly error?: string }
  | { readonly type: "signal"; readonly signal: NodeJS.Signals };

/** Cuts a stream of bytes into the JSON values on its lines, however the bytes are split. */
export class JsonLines<T> {
  readonly #decoder = new TextDecoder();
  #rest = "";

  feed(bytes: Uint8Array): T[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    // Both ends are the rig's own, so that a line is what its writer's type says.
    return lines.map((line) => JSON.parse(line) as T);
  }
}
