import { commandList } from "#base/command-list";
import { err, ok, type Result } from "#base/result";
import { planRun } from "#app/operations/plan-run";
import { plainProblems, type Problems } from "#app/problems";
import { compareCommands } from "#core/migrate/compare-commands";
import { captureCommand } from "#system/process/capture";
import { commandsOf, type VerifiedTask, type VerifyRequest } from "./verify-conversion";

const LIMIT_MS = 30_000;
/** Calls of scripts, which run nothing but what the shell of scripts is given. */
const CALL =
  /^(?:npm|pnpm|yarn|bun)\s+(?:-s\s+|--silent\s+)?(?:(?:run|run-script)\s+|(?=(?:test|start|stop|restart|t)\b))(.*)$/;
const RUNNER = /^(?:run-[sp]|npm-run-all)\s/;

/**
 * Compares the scripts of all packages, with the scripts that they call, as npm hands them to a shell: it gets `echo` for
 * one, so that nothing of them runs. The calls of scripts that stand between `&&` are followed on both sides.
 */
export async function verifyScripts({
  folder,
  host,
}: Pick<VerifyRequest, "folder" | "host">): Promise<Result<readonly VerifiedTask[], Problems>> {
  const request = { host, cwd: folder, extra: [], only: false, env: {}, vars: {}, isTerminal: false };
  const first = await planRun({ ...request, words: [], targets: [] });
  if (!first.ok) return first;
  const results: VerifiedTask[] = [];
  for (const pkg of first.value.workspace.packages.values()) {
    const cwd = `${first.value.workspace.root}/${pkg.path}`.replace(/\/\.?$/, "");
    const shell = new ScriptShell({ cwd, env: host.env });
    for (const entry of pkg.config.tasks.values()) {
      if (entry.name.includes("*") || entry.inferredFrom !== undefined) continue;
      const ref = `${pkg.prefix === "" ? "//" : pkg.prefix}:${entry.name}`;
      const task = pkg.prefix === "" ? entry.name : ref;
      const asked = await shell.run(["npm", "run", "--silent", entry.name]);
      if (asked === "not-found")
        return err(plainProblems({ code: "E484", severity: "error", data: { program: "npm" } }));
      const empty = { task, missing: [], added: [] };
      if (typeof asked === "string") {
        results.push({ ...empty, verdict: "open", reason: asked });
        continue;
      }
      const planned = await planRun({ ...request, words: [], targets: [{ ref, words: [], named: {} }] });
      if (!planned.ok) {
        const reason = planned.error.diagnostics.map(({ code }) => code).join(" ");
        results.push({ ...empty, verdict: "different", reason });
        continue;
      }
      const own = await commandsOf(planned.value, {}, { host, callText: undefined });
      const ours = await shell.expanded(own);
      const compared = compareCommands(asked.map(withoutCrossEnv), ours.map(withoutCrossEnv), {});
      const runner = asked.find((text) => RUNNER.test(text))?.split(/\s/)[0];
      results.push(
        compared.verdict === "different" && runner !== undefined
          ? { ...empty, verdict: "open", reason: `${runner} is not installed` }
          : { task, ...compared },
      );
    }
  }
  return ok(results);
}

/** What `cross-env A=b program` is in a task with variables of its own. */
const withoutCrossEnv = (text: string): string => text.replace(/^cross-env(?:\s+[A-Za-z_]\w*=\S*)+\s+/, "");

/** Asks npm what it would give to a shell. */
class ScriptShell {
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor({
    cwd,
    env,
  }: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  }) {
    this.#cwd = cwd;
    this.#env = env;
  }

  /** What it has said, since a start of npm takes its time. */
  readonly #known = new Map<string, Promise<readonly string[] | string>>();

  /** The commands that are no calls of scripts; a text says why there are none, `not-found` that the program is not here. */
  async run(
    argv: readonly string[],
    around: ReadonlySet<string> = new Set(),
  ): Promise<readonly string[] | string> {
    const key = argv.join(" ");
    const asked = this.#known.get(key) ?? this.#ask(argv);
    this.#known.set(key, asked);
    const texts = await asked;
    return typeof texts === "string" ? texts : this.expanded(texts, new Set([...around, key]));
  }

  /** What npm gives to the shell, text by text. */
  async #ask(argv: readonly string[]): Promise<readonly string[] | string> {
    const asked = await captureCommand({
      argv,
      cwd: this.#cwd,
      env: {
        ...this.#env,
        PATH: `${this.#cwd}/node_modules/.bin:${this.#env["PATH"] ?? ""}`,
        npm_config_script_shell: "echo",
        npm_config_update_notifier: "false",
        npm_config_loglevel: "silent",
      },
      limitMs: LIMIT_MS,
    });
    if (!asked.ok) return asked.error.kind === "not-found" ? "not-found" : asked.error.kind;
    if (asked.value.exitCode !== 0)
      return asked.value.stderr.trim().split("\n").at(-1) || "npm knows no such script";
    const texts = asked.value.stdout.split(/^-c /m).map((text) => text.trimEnd());
    return texts.filter((text) => text !== "");
  }

  /** The commands of some texts, with those of the scripts that they call, other than those that they are called by. */
  async expanded(
    texts: readonly string[],
    around: ReadonlySet<string> = new Set(),
  ): Promise<readonly string[]> {
    const result: string[] = [];
    for (const text of texts) {
      for (const part of commandList(text)?.map((command) => command.text.trim()) ?? [text]) {
        const words = callWords(part);
        const isCircular = words !== undefined && around.has(words.join(" "));
        const called = words === undefined || isCircular ? undefined : await this.run(words, around);
        result.push(...(called === undefined || typeof called === "string" ? [part] : called));
      }
    }
    return result;
  }
}

/** The words of a plain call of scripts; undefined where it is something else. */
function callWords(text: string): readonly string[] | undefined {
  if (!/^[\w\s:./*@=-]+$/.test(text)) return undefined;
  if (RUNNER.test(text)) return text.split(/\s+/);
  const rest = CALL.exec(text)?.[1];
  return rest === undefined ? undefined : ["npm", "run", "--silent", ...rest.trim().split(/\s+/)];
}
