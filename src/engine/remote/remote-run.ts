import type { Failure } from "#core/model/outcome";
import type { Child, ExitStatus } from "#system/process/spawn";
import { forLoginCommand } from "./login-command";
import { RemoteSigns } from "./remote-signs";

export interface RemoteRunOptions {
  /** As `ssh` takes it. */
  readonly host: string;
  /** Folder there, for a failure that names it. */
  readonly cwd: string | undefined;
  /** Of the program, by which its signs are told from other output. */
  readonly key: string;
  readonly program: string;
  /** The input goes on behind the program, so that no signals can be sent by it. */
  readonly takesInput?: boolean;
}

/** One `ssh` with a remote program at its other end: what goes to it, comes from it, and how it ended. */
export class RemoteRun {
  readonly #options: RemoteRunOptions;
  readonly #signs: RemoteSigns;

  constructor(options: RemoteRunOptions) {
    this.#options = options;
    this.#signs = new RemoteSigns(options.key);
  }

  /** Hands the program over. What is returned prints what the command prints, and signals reach the command. */
  attach(child: Child): Child {
    const { input, stderr } = child;
    const { program, takesInput = false } = this.#options;
    void input?.write(forLoginCommand(program));
    const attached = { ...child, stderr: stderr === undefined ? undefined : this.#withoutSigns(stderr) };
    if (takesInput) return attached;
    return {
      ...attached,
      deliver: (signal) => {
        // Before the start there is nobody there to be told: ending ssh is all there is to do.
        if (!this.#signs.has("started")) return false;
        void input?.write(`${signal.replace(/^SIG/, "")}\n`);
        return true;
      },
    };
  }

  /** Why there is no result of the command, once all output has been read; undefined where there is one. */
  failure({ code, signal }: ExitStatus): Failure | undefined {
    const { host, cwd } = this.#options;
    const signs = this.#signs;
    if (signs.has("folder")) return { kind: "cwd", path: `${host}:${cwd ?? "~"}` };
    if (signal !== null) return undefined;
    if (!signs.has("started")) {
      // oxlint-disable-next-line no-control-regex
      const said = signs.lastLine.replaceAll(/[\0-\x1f\x7f-\x9f]/g, "").replace(/^ssh: /, "");
      const message = said === "" ? `ssh ended with exit code ${code}` : said;
      return { kind: "unreachable", host, message };
    }
    // The code is ssh's own, too: only the program can say that it was the command's.
    return code === 255 && !signs.has("ended")
      ? { kind: "unreachable", host, message: "the connection broke" }
      : undefined;
  }

  #withoutSigns(stderr: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const signs = this.#signs;
    return stderr.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (piece, controller) => {
          const output = signs.push(piece);
          if (output.length > 0) controller.enqueue(output);
        },
        flush: (controller) => {
          const output = signs.end();
          if (output.length > 0) controller.enqueue(output);
        },
      }),
    );
  }
}
