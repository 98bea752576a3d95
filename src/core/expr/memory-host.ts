import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import type { GitField } from "#core/model/plan";
import type { ExprHost, FinishedFacts, HostFailure, ShellOutcome } from "./host";

/** The world of a `memoryHost`: whatever is absent is not there. */
export interface MemoryFacts {
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly arch?: string;
  readonly ci?: boolean;
  readonly tty?: boolean;
  readonly git?: Readonly<Partial<Record<GitField, string | boolean | null>>>;
  readonly affected?: boolean;
  /** By `tasks/build`, `stages/test`. */
  readonly finished?: Readonly<Record<string, FinishedFacts>>;
  readonly output?: Readonly<Record<string, unknown>>;
  /** Content by path; the later a path stands, the newer it is. */
  readonly files?: Readonly<Record<string, string>>;
  readonly changed?: readonly string[];
  readonly shell?: Readonly<Record<string, ShellOutcome>>;
  readonly shellRefusal?: string;
  readonly tools?: Readonly<Record<string, string>>;
  /** Answer later, as a host that asks processes does. */
  readonly later?: boolean;
}

/**
 * A host of facts that are given, without touching anything. Patterns mean the path itself, or with a `*` at the end
 * every path that begins like it. `asked` is told of each question.
 */
export function memoryHost(facts: MemoryFacts = {}, asked: (question: string) => void = () => {}): ExprHost {
  const files = Object.keys(facts.files ?? {});
  function answer<T>(question: string, value: Result<T, HostFailure>) {
    asked(question);
    return facts.later === true ? Promise.resolve(value) : value;
  }
  return {
    env: (name) => own(facts.env, name) ?? null,
    platform: facts.platform ?? "linux",
    arch: facts.arch ?? "x86_64",
    ci: facts.ci ?? false,
    tty: facts.tty ?? false,
    git: (field) => answer(`git ${field}`, ok(facts.git?.[field] ?? null)),
    affected: () => answer("affected", ok(facts.affected ?? false)),
    finished: (group, name) =>
      answer(`${group} ${name}`, ok(own(facts.finished, `${group}/${name}`) ?? null)),
    output: (task) => answer(`output ${task}`, ok(own(facts.output, task))),
    fileExists: (path) => answer(`exists ${path}`, ok(files.includes(path))),
    fileChanged: (patterns) =>
      answer(
        `changed ${patterns.join(" ")}`,
        ok((facts.changed ?? []).some((path) => matchesAny(path, patterns))),
      ),
    fileNewer: (target, source) =>
      answer(`newer ${target} ${source}`, ok(files.indexOf(target) > files.indexOf(source))),
    fileHash: (pattern) => answer(`hash ${pattern}`, ok(own(facts.files, pattern) ?? null)),
    fileRead: (path) => answer(`read ${path}`, found(own(facts.files, path), "the file does not exist")),
    glob: (pattern) =>
      answer(`glob ${pattern}`, ok(files.filter((path) => matchesAny(path, [pattern])).sort())),
    shellRefusal: facts.shellRefusal ?? null,
    shell: (command) => answer(`shell ${command}`, found(own(facts.shell, command), "timed out after 10 s")),
    which: (tool) =>
      answer(`which ${tool}`, ok(own(facts.tools, tool) === undefined ? null : `/bin/${tool}`)),
    toolVersion: (tool) => answer(`version ${tool}`, ok(own(facts.tools, tool) ?? null)),
  };
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function found<T>(value: T | undefined, reason: string): Result<T, HostFailure> {
  return value === undefined ? err({ reason }) : ok(value);
}

function matchesAny(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
  );
}
