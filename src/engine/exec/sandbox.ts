import { dirname, isInside, relativeTo } from "#base/path";
import type { Result } from "#base/result";
import type { Failure, Outcome } from "#core/model/outcome";
import type { Instance } from "#core/model/plan";
import type { SandboxRule } from "#core/model/sandbox";
import type { OutputPlace } from "#engine/cache/cache-store";
import { cleanOutputs } from "#engine/cache/clean-outputs";
import { collectOutputs } from "#engine/cache/collect-outputs";
import { outputPatterns } from "#engine/cache/output-patterns";
import { ruleOf } from "#engine/cache/task-keys";
import { removeFolder } from "#system/fs/run-files";
import { pathExists } from "#system/fs/path-exists";
import { copyTree, ensureFolder, moveBetween } from "#system/sandbox/sandbox-tree";
import { sandboxWords } from "#system/sandbox/sandbox-words";
import { which } from "#system/which";
import type { Command } from "./command";
import type { FilesFor, RunContext } from "./run-context";
import { NO_PLACE } from "./run-folder";

interface SandboxOf {
  readonly instance: Instance;
  readonly rule: SandboxRule;
  readonly context: RunContext;
}

let made = 0;

/** One attempt's part of the file system: a copy of what the instance declares, in the place of the workspace. */
export class Sandbox {
  readonly #of: SandboxOf;
  readonly #folder: string;
  readonly #writable: readonly string[] | undefined;
  #started = 0;

  private constructor(of: SandboxOf, folder: string, writable: readonly string[] | undefined) {
    this.#of = of;
    this.#folder = folder;
    this.#writable = writable;
  }

  /** Copies what the instance may read. */
  static async make(of: SandboxOf, filesFor: FilesFor): Promise<Result<Sandbox, Failure>> {
    const { instance, rule, context } = of;
    const { root } = context.plan;
    // A process that has begun at the root goes on seeing what lies below a mount there.
    if (root === "/") return { ok: false, error: failure("the workspace is the root of the file system") };
    const files = await filesFor(instance);
    if (!files.ok) return { ok: false, error: failure(files.error) };
    const runFolder = await context.folder.path();
    if (runFolder === undefined) return { ok: false, error: failure(NO_PLACE) };
    const folder = `${runFolder}/sandbox-${(made += 1)}`;
    const tree = `${folder}/tree`;
    const patterns = outputPatterns(placeOf(instance, root));
    if (!patterns.ok) return { ok: false, error: failure(patterns.error) };
    const folders = patterns.value.wanted.map(({ text, base, matches }) =>
      // `app`, as opposed to `app/**`, may mean a file, which nobody could write where a folder stands.
      matches === undefined && /[^*/]$/.test(text) ? dirname(base) : base,
    );
    try {
      await copyTree(
        [...files.value].filter((path) => isInside(root, path)),
        root,
        tree,
      );
      for (const path of [instance.environment, instance.cwd, runFolder, ...folders])
        if (isInside(root, path)) await ensureFolder(`${tree}/${relativeTo(root, path)}`);
      await ensureFolder(`${folder}/tmp`);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      return { ok: false, error: failure(error.message) };
    }
    return { ok: true, value: new Sandbox(of, folder, rule.writesOutputsOnly ? folders : undefined) };
  }

  /** What to start instead. A program that can't be found is left as it is: its start is to fail as always. */
  command(command: Command, env: Readonly<Record<string, string>>): Command {
    const { instance, rule, context } = this.#of;
    const [program = ""] = command.argv;
    const path = env["PATH"] ?? "";
    if (which(program, { path, cwd: instance.cwd }) === undefined) return command;
    this.#started += 1;
    const words = (argv: readonly string[]): readonly string[] =>
      sandboxWords(
        {
          tree: `${this.#folder}/tree`,
          root: context.plan.root,
          shared: dirname(this.#folder),
          cwd: instance.cwd,
          entered: this.#entered(),
          net: rule.net,
          temporary: `${this.#folder}/tmp`,
          ...(this.#writable === undefined ? {} : { writable: this.#writable }),
        },
        argv,
      );
    // The shell inside runs a script without `#!` itself.
    const { fallback: _fallback, ...rest } = command;
    return { ...rest, argv: words(["/bin/sh", "-c", 'exec "$@"', "zr", ...command.argv]) };
  }

  /** Why the last command was never started; undefined where it was. */
  async obstacle(): Promise<Failure | undefined> {
    if (this.#started === 0 || (await pathExists(this.#entered()))) return undefined;
    return failure(
      "it needs 'unshare' and 'mount' of util-linux 2.38, and a system that lets users make namespaces (what was tried says more above)",
    );
  }

  /** Puts the outputs in the place of those that are there, and removes the rest; a failure where that can't be done. */
  async finish(): Promise<Failure | undefined> {
    const { instance, context } = this.#of;
    const { root } = context.plan;
    const tree = `${this.#folder}/tree`;
    const inTree = (path: string): string => (path === root ? tree : `${tree}/${relativeTo(root, path)}`);
    const place = placeOf(instance, root);
    try {
      const found = await collectOutputs(
        { ...place, root: tree, packageDir: inTree(instance.environment) },
        { strict: false },
      );
      if (!found.ok) return failure(found.error);
      const cleaned = await cleanOutputs(place, { isKept: () => false, isDry: false });
      if (!cleaned.ok) return failure(cleaned.error);
      for (const { absolute } of found.value.outputs.values()) await moveBetween(absolute, tree, root);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      return failure(error.message);
    }
    return undefined;
  }

  remove(): Promise<void> {
    return removeFolder(this.#folder);
  }

  #entered(): string {
    return `${this.#folder}/entered-${this.#started}`;
  }
}

const placeOf = (instance: Instance, root: string): OutputPlace => ({
  packageDir: instance.environment,
  root,
  outputs: ruleOf(instance).outputs,
});

const failure = (message: string): Failure => ({ kind: "sandbox", message });

/**
 * Runs the commands of an instance in a sandbox. Outputs are taken out after a success, and after commands that failed by
 * themselves, whose reports are worth having.
 */
export async function runSandboxed(
  of: SandboxOf,
  filesFor: FilesFor,
  run: (sandbox: Sandbox) => Promise<Outcome>,
): Promise<Outcome> {
  const sandbox = await Sandbox.make(of, filesFor);
  if (!sandbox.ok) return { state: "failed", failure: sandbox.error };
  try {
    const outcome = await run(sandbox.value);
    const obstacle = await sandbox.value.obstacle();
    if (obstacle !== undefined && outcome.state === "failed") return { state: "failed", failure: obstacle };
    const { state, failure: why } = outcome;
    if (state !== "success" && why?.kind !== "exit" && why?.kind !== "signal") return outcome;
    const problem = await sandbox.value.finish();
    return state === "success" && problem !== undefined ? { state: "failed", failure: problem } : outcome;
  } finally {
    await sandbox.value.remove();
  }
}
