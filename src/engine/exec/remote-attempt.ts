import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { Failure } from "#core/model/outcome";
import type { Instance, RemoteHost, Step } from "#core/model/plan";
import { parseExpansion } from "#engine/env/expand";
import type { ResolvedEnvironment } from "#engine/env/resolved-environment";
import { remoteProgram } from "#engine/remote/remote-program";
import type { RemoteCommand, RemoteWord } from "#engine/remote/remote-program";
import { RemoteRun } from "#engine/remote/remote-run";
import { sshEnvironment } from "#engine/remote/ssh-environment";
import { remoteVariables } from "#engine/remote/remote-variables";
import { askingSshCommand, sshCommand } from "#engine/remote/ssh-command";
import { randomKey } from "#system/random-key";
import { interpreterOf, shellCommand } from "./command";
import type { Command } from "./command";
import type { RemoteStart, StartOptions } from "./remote-transfer";

type Variables = Readonly<Record<string, string>>;

export interface RemoteAttemptOptions {
  readonly instance: Instance;
  readonly remote: RemoteHost;
  /** The instance's environment, as it would be here. */
  readonly env: Pick<ResolvedEnvironment, "values" | "trace">;
  /** That with zr's own variables. */
  readonly local: Variables;
  /** The environment in which zr was started: what ssh itself needs. */
  readonly system: Variables;
}

type StepCommand = RemoteCommand & { readonly env?: Variables };

/** The commands of one attempt that run on another machine. */
export class RemoteAttempt {
  readonly #options: RemoteAttemptOptions;
  readonly #variables: Variables;

  private constructor(options: RemoteAttemptOptions, variables: Variables) {
    this.#options = options;
    this.#variables = variables;
  }

  static of(options: RemoteAttemptOptions): Result<RemoteAttempt, Failure> {
    const variables = remoteVariables(options.env, options.instance, options.local);
    return variables.ok
      ? ok(new RemoteAttempt(options, variables.value))
      : err({
          kind: "environment",
          message: `no shell on ${options.remote.host} could take a variable called '${variables.error}'`,
        });
  }

  /** What to start here for a step. */
  command(step: Exclude<Step, { kind: "call" }>): Command | Promise<Command> {
    const { instance } = this.#options;
    return instance.interactive
      ? this.#onTerminal(this.#stepCommand(step))
      : this.#command(this.#stepCommand(step));
  }

  async #onTerminal({ env, ...command }: StepCommand): Promise<Command> {
    const { commandOnTerminal } = await import("./remote-terminal");
    return commandOnTerminal(command, { ...this.#variables, ...env }, { ...this.#options, attempt: this });
  }

  #stepCommand(step: Exclude<Step, { kind: "call" }>): StepCommand {
    const { instance } = this.#options;
    switch (step.kind) {
      case "exec":
        return { words: step.argv.map(expandedWord) };
      case "shell":
        return this.#shellWords(step.text, instance.args);
      case "script":
        return this.#script(step.text);
    }
  }

  /** What to start here for a text of the instance's shell there. */
  shellCommand(text: string): Command {
    return this.#command(this.#shellWords(text, []));
  }

  #shellWords(text: string, args: readonly string[]): StepCommand {
    const { argv, env } = shellCommand(text, { ...this.#options.instance.shell, explicit: true }, args);
    return { words: argv.map(textWord), ...(env === undefined ? {} : { env }) };
  }

  #script(text: string): StepCommand {
    const { shell, args } = this.#options.instance;
    const before =
      interpreterOf(text) ??
      (shell.dialect === "posix" ? shell.argv.slice(0, -1) : shell.dialect === "fish" ? ["fish"] : undefined);
    if (before === undefined) return this.#shellWords(text, args);
    const words = [...before.map(textWord), { kind: "script" as const }, ...args.map(textWord)];
    return { words, script: text };
  }

  /** What to start here to run a command there with the task's variables. */
  #command({ env, ...command }: StepCommand): Command {
    return this.start(command, { env: { ...this.#variables, ...env } });
  }

  /** What to start here to run a command there. */
  start(command: RemoteCommand, { env = {}, takesInput = false }: StartOptions): RemoteStart {
    const { instance, remote, local, system } = this.#options;
    const key = randomKey();
    const program = remoteProgram(command, {
      key,
      cwd: remote.cwd,
      env,
      graceMs: Math.min(instance.graceMs, 1000),
      takesInput,
    });
    return {
      argv: instance.interactive ? askingSshCommand(remote.host, system) : sshCommand(remote.host, system),
      replaceEnv: sshEnvironment(system, local),
      remote: new RemoteRun({ host: remote.host, cwd: remote.cwd, key, program, takesInput }),
    };
  }
}

const textWord = (text: string): RemoteWord => ({ kind: "text", text });

/** Variables in a word of an argv are those of the machine where the command runs. */
const expandedWord = (word: string): RemoteWord =>
  word.includes("$")
    ? { kind: "expanded", parts: parseExpansion(word, { commands: false }).parts }
    : textWord(word);
