import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { delimiter, join } from "node:path";
import { withDeadline } from "./deadline";
import { ScriptedChild } from "./scripted-child-handle";
import { JsonLines } from "./scripted-protocol";
import type { Hello, Report } from "./scripted-protocol";

const LAUNCHER = "scripted";

/**
 * The shell text of the scripted command of that name, for `cmd` in `zr.toml`. It works in any
 * project of the rig, whose PATH holds the launcher. Arguments may follow.
 */
export function cmd(name: string): string {
  if (!/^[\w.:/@-]+$/.test(name))
    throw new Error(`a scripted command can't be named ${JSON.stringify(name)}`);
  return `${LAUNCHER} ${name}`;
}

/** The starts of one scripted command. */
export type ScriptedCommand = {
  /** The next start nobody has claimed yet, waited for where there is none. */
  started(): Promise<ScriptedChild>;
  /** How often it was started so far. */
  readonly count: number;
};

type Record = { readonly unclaimed: ScriptedChild[]; readonly claims: Claim[]; count: number };
type Claim = PromiseWithResolvers<ScriptedChild>;

/** Listens for the scripted children of one project. */
export class ScriptedCommands implements AsyncDisposable {
  /** The folder of the launcher, for PATH. */
  readonly bin: string;
  readonly #socketPath: string;
  readonly #server: Server;
  readonly #records = new Map<string, Record>();
  readonly #connections = new Set<Socket>();
  readonly #transcript: () => string;

  private constructor(folder: string, transcript: () => string) {
    this.bin = join(folder, "bin");
    this.#socketPath = join(folder, "rig.sock");
    this.#transcript = transcript;
    this.#server = createServer((connection) => this.#welcome(connection));
    mkdirSync(this.bin, { recursive: true });
    this.#writeLauncher(LAUNCHER, '"$@"');
  }

  /** Opens the socket in `folder`; `transcript` is shown under the error of a wait that took too long. */
  static async listen(folder: string, transcript: () => string): Promise<ScriptedCommands> {
    const commands = new ScriptedCommands(folder, transcript);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    commands.#server.once("error", reject).listen(commands.#socketPath, resolve);
    await promise;
    return commands;
  }

  command(name: string): ScriptedCommand {
    const record = this.#record(name);
    return {
      started: () => withDeadline(claim(record), `the start of "${name}"`, this.#transcript),
      get count() {
        return record.count;
      },
    };
  }

  /** Puts an executable of that name on PATH, for programs found by name such as `cargo`. */
  installTool(name: string): ScriptedCommand {
    this.#writeLauncher(name, `${name} "$@"`);
    return this.command(name);
  }

  /** Fails all who wait for a start, at once. */
  abandonClaims(reason: () => string): void {
    for (const [name, record] of this.#records) {
      for (const waiting of record.claims.splice(0)) {
        waiting.reject(new Error(`"${name}" was not started: ${reason()}\n${this.#transcript()}`));
      }
    }
  }

  /** One line per command: how often it was started, which starts nobody claimed. */
  summary(): string {
    return [...this.#records]
      .filter(([, record]) => record.count > 0)
      .map(
        ([name, { count, unclaimed }]) => `${name}: started ${count}, of these unclaimed ${unclaimed.length}`,
      )
      .join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }

  #writeLauncher(name: string, rest: string): void {
    const words = [
      process.execPath,
      "--no-env-file",
      "--no-install",
      join(import.meta.dir, "scripted-child.ts"),
      this.#socketPath,
    ];
    const path = join(this.bin, name);
    writeFileSync(path, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(" ")} ${rest}\n`);
    chmodSync(path, 0o755);
  }

  #record(name: string): Record {
    const known = this.#records.get(name);
    if (known !== undefined) return known;
    const record: Record = { unclaimed: [], claims: [], count: 0 };
    this.#records.set(name, record);
    return record;
  }

  #welcome(connection: Socket): void {
    const lines = new JsonLines<Report>();
    let child: ScriptedChild | undefined;
    this.#connections.add(connection);
    // A child that is killed resets its connection: "close" follows and says all there is to say.
    connection.on("error", () => {});
    connection.on("close", () => {
      this.#connections.delete(connection);
      child?.disconnected();
    });
    connection.on("data", (bytes) => {
      for (const report of lines.feed(typeof bytes === "string" ? Buffer.from(bytes) : bytes)) {
        if (report.type === "hello") child = this.#admit(report, connection);
        else child?.receive(report);
      }
    });
  }

  #admit(hello: Hello, connection: Socket): ScriptedChild {
    const child = new ScriptedChild(hello, {
      send: (order) => void connection.write(`${JSON.stringify(order)}\n`),
      started: (name) => this.command(name).started(),
      transcript: this.#transcript,
    });
    const record = this.#record(hello.name);
    record.count += 1;
    const waiting = record.claims.shift();
    if (waiting === undefined) record.unclaimed.push(child);
    else waiting.resolve(child);
    return child;
  }
}

/** The folder put before a PATH. */
export function prependToPath(folder: string, path: string | undefined): string {
  return path === undefined || path === "" ? folder : `${folder}${delimiter}${path}`;
}

function claim(record: Record): Promise<ScriptedChild> {
  const child = record.unclaimed.shift();
  if (child !== undefined) return Promise.resolve(child);
  const waiting: Claim = Promise.withResolvers();
  record.claims.push(waiting);
  return waiting.promise;
}
