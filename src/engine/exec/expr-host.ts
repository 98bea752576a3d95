import { definedOnly } from "#base/defined-only";
import { resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Answer, ExprHost, FinishedFacts, ResultGroup } from "#core/expr/host";
import { pathExists } from "#system/fs/path-exists";
import { hashFiles, isNewer, matchesPatterns, matchingFiles, placeOf, readFile } from "./expr-host-files";
import { changedFiles, gitField } from "./expr-host-git";
import { findTool, runShell, toolVersion } from "./expr-host-tools";

/** What was asked in one run, with the answers, also those on their way. */
export interface ExprMemo {
  /** The answer to a question that is asked for the first time, else the one it got then. */
  readonly once: <T>(question: readonly string[], ask: () => Answer<T>) => Answer<T>;
}

export interface ExprHostOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** The package that relative paths start from: absolute, or relative to the root. */
  readonly packageDir: string;
  /** The environment of the task. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly arch: string;
  readonly ci: boolean;
  readonly tty: boolean;
  readonly shellRefusal: string | null;
  readonly memo: ExprMemo;
  readonly finished: (group: ResultGroup, name: string) => FinishedFacts | null;
  /** Undefined where the task has shared nothing. */
  readonly output: (task: string) => unknown;
  /** The argv of the shell for `shell()`, which ends where the text goes. */
  readonly shell?: readonly string[];
  /** How long `shell()` may take, in milliseconds. */
  readonly shellLimitMs?: number;
  /** What git compares with: `--base` or what stands for it. */
  readonly base?: string;
  /** The environment in which zr was started: where no base is given, it says which; the task's where not given. */
  readonly startEnv?: Readonly<Record<string, string | undefined>>;
  readonly defaultBranch?: string;
  /** Whether the package in a folder is affected by what has changed. */
  readonly affected?: (packageDir: string) => Answer<boolean>;
}

const SHELL_LIMIT_MS = 10_000;

export function createExprMemo(): ExprMemo {
  const answers = new Map<string, Answer<unknown>>();
  return {
    once: <T>(question: readonly string[], ask: () => Answer<T>): Answer<T> => {
      const key = JSON.stringify(question);
      const known = answers.get(key);
      // A question begins with the name of what is asked, which decides the type of its answer.
      if (known !== undefined) return known as Answer<T>;
      const answer = ask();
      answers.set(key, answer);
      return answer;
    },
  };
}

/** The world as the expressions of one package see it. */
export function createExprHost(options: ExprHostOptions): ExprHost {
  const { root, memo } = options;
  const packageDir = resolveFrom(root, options.packageDir);
  const env = definedOnly(options.env);
  return {
    env: (name) => (Object.hasOwn(env, name) ? (env[name] ?? null) : null),
    platform: options.platform,
    arch: options.arch,
    ci: options.ci,
    tty: options.tty,
    affected: () =>
      options.affected === undefined
        ? err({ reason: "it is not known here" })
        : memo.once(["affected", packageDir], () => options.affected?.(packageDir) ?? ok(false)),
    finished: (group, name) => ok(options.finished(group, name)),
    output: (task) => ok(options.output(task)),
    shellRefusal: options.shellRefusal,
    ...gitAnswers(options, env, packageDir),
    ...fileAnswers(memo, { root, packageDir }),
    ...toolAnswers(options, env, packageDir),
  };
}

type Environment = Readonly<Record<string, string>>;

function gitAnswers(
  options: ExprHostOptions,
  env: Environment,
  packageDir: string,
): Pick<ExprHost, "git" | "fileChanged"> {
  const { root, memo, defaultBranch } = options;
  const git = { folder: root, env, base: options.base, defaultBranch };
  const start = options.startEnv === undefined ? env : definedOnly(options.startEnv);
  const since = { ...git, env: start };
  return {
    git: (field) => memo.once(["git", field], () => gitField(field === "base" ? since : git, field)),
    fileChanged: async (patterns) => {
      const changed = await memo.once(["changed files"], () => changedFiles(since));
      return changed.ok ? ok(matchesPatterns({ root, packageDir }, patterns, changed.value)) : changed;
    },
  };
}

type FileQuestions = "fileExists" | "fileNewer" | "fileHash" | "fileRead" | "glob";

function fileAnswers(
  memo: ExprMemo,
  place: { readonly root: string; readonly packageDir: string },
): Pick<ExprHost, FileQuestions> {
  const here = place.packageDir;
  return {
    fileExists: (path) =>
      memo.once(["file.exists", here, path], async () => ok(await pathExists(placeOf(place, path)))),
    fileNewer: (target, source) =>
      memo.once(["file.newer", here, target, source], () => isNewer(place, target, source)),
    fileHash: (pattern) => memo.once(["file.hash", here, pattern], () => hashFiles(place, pattern)),
    fileRead: (path) => memo.once(["file.read", here, path], () => readFile(place, path)),
    glob: (pattern) => memo.once(["glob", here, pattern], () => matchingFiles(place, pattern)),
  };
}

function toolAnswers(
  { memo, platform, shell, shellLimitMs, shellRefusal }: ExprHostOptions,
  env: Environment,
  packageDir: string,
): Pick<ExprHost, "shell" | "which" | "toolVersion"> {
  const place = { cwd: packageDir, env };
  const shellPlace = {
    ...place,
    shell: shell ?? (platform === "windows" ? ["cmd", "/D", "/S", "/C"] : ["sh", "-c"]),
    limitMs: shellLimitMs ?? SHELL_LIMIT_MS,
  };
  // The same name means another program under another PATH.
  const where = [packageDir, env["PATH"] ?? ""];
  return {
    shell: (command) =>
      shellRefusal === null
        ? memo.once(["shell", packageDir, command], () => runShell(shellPlace, command))
        : err({ reason: shellRefusal }),
    which: (tool) => ok(findTool(place, tool)),
    toolVersion: (tool) => memo.once(["tool.version", ...where, tool], () => toolVersion(place, tool)),
  };
}
