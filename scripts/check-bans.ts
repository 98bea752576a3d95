/** Checks that what the project's style forbids, and a pattern can find, is not in the repository. */
import { languageProviders } from "#languages/index";
import { isTest, isTypeScript, type SourceFile, type Violation } from "./source-files";
import { lineOf } from "./source-text";

interface Ban {
  readonly name: string;
  readonly reason: string;
  readonly appliesTo: (path: string) => boolean;
  /** Which view of the file is searched: code without strings and comments, code with strings, or everything. */
  readonly view: "code" | "uncommented" | "text";
  readonly pattern: RegExp;
}

const isProduct = (path: string) => path.startsWith("src/") && isTypeScript(path) && !isTest(path);
const isTypeScriptFile = (path: string) => isTypeScript(path);
const isInSource = (path: string) => path.startsWith("src/") && isTypeScript(path);
const isOutside =
  (...places: readonly string[]) =>
  (path: string) =>
    isProduct(path) && !places.some((place) => path === place || path.startsWith(`${place}/`));
const isTestFile = (path: string) => isTypeScript(path) && isTest(path);
const isAnyFile = () => true;

/**
 * Languages whose names mean something else as well: words, a task runner, what a task's command can be read by, what
 * runs services. Of these only the files count, and of the last two not even those.
 */
const NAMED_ELSEWHERE = new Set(["node", "go", "bun", "make", "docker"]);
const FILES_ELSEWHERE = new Set(["make", "docker"]);

/** File names of all languages, and their names where they stand alone in quotes. */
function languagePattern(): RegExp {
  const escaped = (texts: readonly string[]): string =>
    [...new Set(texts)].map((text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|");
  const files = languageProviders
    .filter(({ name }) => !FILES_ELSEWHERE.has(name))
    .flatMap(({ manifests, rootManifests = [], marks = [] }) => [...manifests, ...rootManifests, ...marks]);
  const whole = escaped(files.filter((file) => !file.startsWith("*")));
  const endings = escaped(files.flatMap((file) => (file.startsWith("*") ? file.slice(1) : [])));
  const names = escaped(
    languageProviders.flatMap(({ name, displayName }) =>
      NAMED_ELSEWHERE.has(name) ? [] : [name, displayName],
    ),
  );
  return new RegExp(`(?<![\\w.-])(?:${whole})(?![\\w-])|(?:${endings})(?!\\w)|(["'\`])(?:${names})\\1`, "g");
}

/** The patterns are written so that they do not match themselves. */
const BANS: readonly Ban[] = [
  {
    name: "exit",
    reason: "only src/main.ts ends the process",
    appliesTo: isOutside("src/main.ts"),
    view: "code",
    pattern: /\bprocess\s*\.\s*exit\b/g,
  },
  {
    name: "process",
    reason: "only src/system and src/main.ts touch the process",
    appliesTo: isOutside("src/system", "src/main.ts"),
    view: "code",
    pattern: /(?<![\w$.])process\s*[.[](?!\s*exit\b)/g,
  },
  {
    name: "bun-io",
    reason: "files, processes, sockets and the environment are reached through src/system",
    appliesTo: isOutside("src/system", "src/main.ts", "src/worker.ts"),
    view: "code",
    pattern:
      /\bBun\s*\.\s*(?:spawn|spawnSync|file|mmap|env|argv|stdin|serve|connect|listen|udpSocket|dns|sql|redis|s3|sleep|sleepSync|which|secrets|cron|\$)(?![\w$])/g,
  },
  {
    // The frontends print by it: `Bun.write(Bun.stdout, text)`.
    name: "bun-write",
    reason: "only src/system writes files and only src/frontends print",
    appliesTo: isOutside("src/system", "src/frontends", "src/main.ts", "src/worker.ts"),
    view: "code",
    pattern: /\bBun\s*\.\s*(?:write|stdout|stderr)\b/g,
  },
  {
    name: "console",
    reason: "only src/frontends and src/main.ts print",
    appliesTo: isOutside("src/frontends", "src/main.ts"),
    view: "code",
    pattern: /(?<![\w$.])console\s*\./g,
  },
  {
    name: "clock",
    reason: "time comes through the clock of src/system",
    appliesTo: (path) => isInSource(path) && !path.startsWith("src/system/"),
    view: "code",
    pattern: /\b(?:Date\.now|performance\.now|Bun\.nanoseconds)\b|\bnew\s+Date\s*\(\s*\)/g,
  },
  {
    name: "chance",
    reason: "random numbers come through src/system",
    appliesTo: (path) => isInSource(path) && !path.startsWith("src/system/"),
    view: "code",
    pattern: /\bMath\.random\b|\bcrypto\.(?:randomUUID|getRandomValues)\b|\bBun\.randomUUIDv\d/g,
  },
  {
    // Only where it cannot be a value called so; the linter knows types and finds the rest.
    name: "any",
    reason: "use a real type, or unknown",
    appliesTo: isTypeScriptFile,
    view: "code",
    pattern: /\bas\s+any\b(?!\s*[(.])|<\s*any\s*>|\bany\s*\[\]/g,
  },
  {
    name: "suppression",
    reason: "solve the type error instead of hiding it",
    appliesTo: isTypeScriptFile,
    view: "text",
    pattern: /@ts-(?:ignore|expect-error|nocheck)\b/g,
  },
  {
    name: "empty-catch",
    reason: "say which error is expected and what follows from it",
    appliesTo: isTypeScriptFile,
    view: "code",
    pattern: /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/g,
  },
  {
    name: "ignored-rejection",
    reason: "say which error is expected and what follows from it",
    appliesTo: isProduct,
    view: "code",
    pattern: /\.catch\s*\(\s*\(\s*\w*\s*\)\s*=>\s*\{\s*\}\s*\)/g,
  },
  {
    name: "leftover",
    reason: "finish it, or write it down where work is planned",
    appliesTo: isAnyFile,
    view: "text",
    pattern: /\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b(?!-)/g,
  },
  {
    name: "focused-test",
    reason: "the whole suite runs",
    appliesTo: isTestFile,
    view: "code",
    pattern: /\b(?:test|it|describe)\s*\.\s*only\b|\bxtest\s*\(|\bfit\s*\(/g,
  },
  {
    name: "skipped-test",
    // The one place from which the reason gets into the title.
    reason: "assert what is, or use testUnless with the reason why it can't be tried here",
    appliesTo: (path) => isTestFile(path) && path !== "tests/support/left-out.ts",
    view: "code",
    pattern: /\b(?:test|it|describe)\s*\.\s*(?:skip|skipIf|if|todo|todoIf)\b/g,
  },
  {
    // The rig in tests/support owns the one deadline of a wait.
    name: "sleep-in-test",
    reason: "wait for an event, a line or a state",
    appliesTo: (path) => isTestFile(path) && !path.startsWith("tests/support/"),
    view: "code",
    pattern: /(?<![\w$.])(?:setTimeout|setInterval|sleep)\s*\(|\bBun\s*\.\s*sleep(?:Sync)?\b/g,
  },
  {
    name: "machine-path",
    reason: "paths of one machine mean nothing on another",
    appliesTo: isAnyFile,
    view: "text",
    pattern: /(?<![\w.$}-])\/(?:work|root)\//g,
  },
  {
    name: "default-export",
    reason: "exports have names",
    appliesTo: isTypeScriptFile,
    view: "code",
    pattern: /\bexport\s+default\b|\bas\s+default\b/g,
  },
  {
    name: "enum",
    reason: "use a union of literals",
    appliesTo: isTypeScriptFile,
    view: "code",
    pattern: /(?:^|[;\n}]|\bexport\s|\bconst\s|\bdeclare\s)[ \t]*enum\s+\w+\s*\{/g,
  },
  {
    name: "namespace",
    reason: "a file is the module",
    appliesTo: isTypeScriptFile,
    view: "code",
    pattern: /(?:^|[;\n}]|\bexport\s|\bdeclare\s)[ \t]*namespace\s+\w+\s*\{/g,
  },
  {
    name: "barrel",
    reason: "import from the file that has it: a barrel hides edges and loads everything",
    // There the whole point is which parts of a library are put into its file.
    appliesTo: (path) => isTypeScriptFile(path) && !path.startsWith("src/libraries/"),
    view: "code",
    pattern: /\bexport\s*\*|\bexport\s+(?:type\s+)?\{[^}]*\}\s*from\b/g,
  },
  {
    name: "catch-all-name",
    reason: "name the file after the one thing in it",
    appliesTo: (path) =>
      /(^|\/)(utils?|helpers?|common|misc|manager)(\/|\.\w+$)/.test(path) && isTypeScript(path),
    view: "text",
    pattern: /^/g,
  },
  {
    // Lock files and minimal copies are looked at by name; their formats stay with the languages.
    name: "language",
    reason: "only src/languages knows the files of a language: ask its providers",
    appliesTo: isOutside(
      "src/languages",
      "src/base/version.ts",
      "src/core/affected/lock-names.ts",
      "src/core/model/package-manager.ts",
      // A registry's own program is run by the language that it is of.
      "src/engine/toolchain/pypi-backend.ts",
      // An example of what `infer` may hold.
      "src/core/config/schema/sections.ts",
      // What other tools leave behind is named there too.
      "src/core/migrate",
      "src/app/converters.ts",
      "src/core/expr/functions.ts",
      "src/app/operations/prune.ts",
      "src/frontends/cli/commands/definitions-periphery.ts",
    ),
    view: "uncommented",
    pattern: languagePattern(),
  },
  {
    name: "registry-name",
    reason: "the lock file names versions and digests only; remove the resolved lines",
    appliesTo: (path) => path === "package-lock.json",
    view: "text",
    pattern: /"resolved":/g,
  },
];

/** Finds every place in the files that a ban forbids. */
export function checkBans(files: readonly SourceFile[]): readonly Violation[] {
  const violations: Violation[] = [];
  for (const file of files) {
    for (const ban of BANS) {
      if (!ban.appliesTo(file.path)) continue;
      for (const match of file[ban.view].matchAll(ban.pattern)) {
        // A pattern may start on the line break before what it finds.
        const offset = match.index + (match[0].length - match[0].trimStart().length);
        violations.push({
          path: file.path,
          line: lineOf(file.text, offset),
          rule: ban.name,
          reason: match[0].trim() === "" ? ban.reason : `${match[0].trim()}: ${ban.reason}`,
        });
      }
    }
  }
  return violations;
}
