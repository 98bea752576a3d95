import type { IntentRule, IntentView } from "./intent";
import { based } from "./said-options";
import type { Concept } from "./lexicon";

const RUNNING: readonly Concept[] = ["run", "task", "get"];
/** What says how a run is to be done. */
export const RUN_CONCEPTS: readonly Concept[] = [
  "base",
  "dryRun",
  "everything",
  "force",
  "jobs",
  "json",
  "keepGoing",
  "noCache",
  "profile",
  "timeoutHours",
  "timeoutMinutes",
  "timeoutSeconds",
];

/** Every package, where nothing narrower has been said. */
const inAll = ({ has, mentions }: IntentView): string[] =>
  has("everything") && mentions("package").length === 0 ? ["--all"] : [];

const choices = ({ mentions }: IntentView): readonly string[] => mentions("choice");

/** Commands that run tasks, and those that change something else. */
export const RUN_RULES: readonly IntentRule[] = [
  {
    needs: [],
    uses: [...RUNNING, "format"],
    task: "many",
    names: ["choice", "package"],
    effect: "works",
    options: "run",
    // The values of one task's parameters would be those of no other.
    words: (view) =>
      choices(view).length > 0 && view.tasks.length > 1
        ? undefined
        : ["run", ...view.tasks, ...choices(view), ...inAll(view)],
  },
  {
    needs: [["run", "everything", "tagged"]],
    uses: [...RUNNING, "tagged", "everything"],
    names: ["tag"],
    needsName: "tag",
    effect: "works",
    options: "run",
    words: ({ mentions }) => ["run", ...mentions("tag").flatMap((tag) => ["--tag", tag])],
  },
  {
    needs: ["changed"],
    uses: [...RUNNING, "package"],
    task: "many",
    effect: "works",
    options: "run",
    words: (view) => ["affected", ...view.taskNames, ...based(view)],
  },
  {
    needs: ["watch"],
    uses: [...RUNNING, "again"],
    task: "many",
    names: ["package"],
    effect: "works",
    options: "run",
    words: ({ tasks }) => ["watch", ...tasks],
  },
  {
    needs: ["untilFail"],
    uses: [...RUNNING, "again"],
    task: "many",
    effect: "works",
    options: "run",
    words: ({ tasks }) => ["run", ...tasks, "--until-fail"],
  },
  {
    needs: ["times"],
    uses: [...RUNNING, "again"],
    task: "many",
    effect: "works",
    options: "run",
    words: ({ tasks, value }) => ["run", ...tasks, "--repeat", countOf(value("times"))],
  },
  {
    needs: ["again"],
    uses: [...RUNNING],
    task: "many",
    effect: "works",
    options: "run",
    words: ({ tasks }) => ["run", ...tasks],
  },
  {
    needs: ["bench"],
    uses: [...RUNNING],
    task: "many",
    effect: "works",
    words: ({ tasks }) =>
      // A task that is called so is run.
      tasks.length === 1 && !/bench/i.test(tasks[0] ?? "") ? ["bench", ...tasks] : undefined,
  },
  {
    needs: ["workflow"],
    uses: [...RUNNING, "resume"],
    names: ["workflow", "choice"],
    needsName: "workflow",
    effect: "changes",
    options: "run",
    words: ({ mentions }) => ["workflow", ...mentions("workflow").slice(0, 1)],
  },
  {
    needs: [],
    uses: [...RUNNING],
    names: ["workflow"],
    needsName: "workflow",
    effect: "changes",
    options: "run",
    words: ({ mentions }) => ["workflow", ...mentions("workflow").slice(0, 1)],
  },
  {
    needs: [["again", "resume"], "failed"],
    uses: ["run", "last", "what", "again", "everything", "task"],
    effect: "changes",
    words: () => ["rerun", "--failed"],
  },
  {
    needs: [["again", "resume"]],
    uses: ["run", "last", "what"],
    effect: "changes",
    words: ({ has }) => (has("last") || has("run") ? ["rerun"] : undefined),
  },
  { needs: ["ci"], uses: ["run"], effect: "changes", words: () => ["ci", "run"] },
  {
    needs: ["cache", "clean"],
    uses: ["everything", "output"],
    task: "may",
    effect: "changes",
    // There is no way to clean that of one package or of several tasks, and nobody means the rest.
    names: ["package"],
    words: ({ tasks: [task, ...others], mentions, has }) =>
      others.length > 0 || (task === undefined ? mentions("package").length > 0 : has("everything"))
        ? undefined
        : ["cache", "clean", ...(task === undefined ? ["--all"] : ["--task", task])],
  },
  { needs: ["cache", "clean", "old"], uses: ["history"], effect: "changes", words: () => ["cache", "prune"] },
  {
    needs: ["clean", "output"],
    uses: ["everything"],
    task: "may",
    effect: "changes",
    words: (view) => ["clean", ...view.tasks, ...inAll(view)],
  },
  {
    needs: ["clean"],
    uses: ["everything", "repository"],
    effect: "changes",
    words: (view) => ["clean", ...inAll(view)],
  },
  { needs: ["install", "tool"], uses: ["everything"], effect: "changes", words: () => ["tools", "install"] },
  {
    needs: ["install", "completion"],
    uses: ["shell"],
    effect: "changes",
    words: ({ text }) => ["completion", "install", ...shellNamed(text)],
  },
  { needs: ["upgrade", "zr"], uses: ["newer", "version"], effect: "changes", words: () => ["upgrade"] },
  { needs: ["upgrade"], uses: ["tool"], effect: "changes", words: ({ text }) => toolUpgrade(text) },
  { needs: ["format", "config"], effect: "changes", words: () => ["fmt"] },
  {
    needs: ["analytics"],
    uses: ["show", "what", "get", "last"],
    effect: "changes",
    options: "time",
    words: () => ["analytics"],
  },
  { needs: ["mcp"], uses: ["run"], effect: "changes", words: () => ["mcp", "serve"] },
  {
    needs: ["shell"],
    uses: ["show", "run", "tool", "environment"],
    names: ["package"],
    effect: "changes",
    words: ({ mentions }) => [
      "shell",
      ...mentions("package")
        .slice(0, 1)
        .flatMap((name) => ["--package", name]),
    ],
  },
  { needs: ["import"], uses: ["task", "get"], effect: "changes", words: ({ text }) => importFrom(text) },
];

const NUMBERS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const KOREAN_NUMBERS = ["두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"];

/** A count as it was said, in digits; what says none means twice. */
function countOf(said = "two"): string {
  const at = Math.max(NUMBERS.indexOf(said), KOREAN_NUMBERS.indexOf(said));
  return at < 0 ? said : String(at + 2);
}

const SHELL_NAME = /\b(bash|zsh|fish|pwsh|powershell)\b/i;

function shellNamed(text: string): string[] {
  const name = SHELL_NAME.exec(text)?.[1]?.toLowerCase();
  return name === undefined ? [] : [name === "powershell" ? "pwsh" : name];
}

const TOOL_NAME = /\b(node(?:js)?|python|go|ruby|java|rust|deno|bun|zig|terraform|kubectl|pnpm|yarn|npm)\b/i;

function toolUpgrade(text: string): string[] | undefined {
  const name = TOOL_NAME.exec(text)?.[1]?.toLowerCase();
  if (name !== undefined) return ["tools", "upgrade", name === "nodejs" ? "node" : name];
  return /\btools\b|도구/i.test(text) ? ["tools", "upgrade"] : undefined;
}

const SOURCES: readonly (readonly [RegExp, string])[] = [
  [/make/i, "make"],
  [/justfile|\bjust\b/i, "just"],
  [/taskfile/i, "task"],
  [/package\.json|\bnpm\b/i, "npm"],
  [/turbo/i, "turbo"],
  [/\bnx\b/i, "nx"],
  [/\bmise\b/i, "mise"],
  [/\bmoon\b/i, "moon"],
];

function importFrom(text: string): string[] | undefined {
  const source = SOURCES.find(([pattern]) => pattern.test(text))?.[1];
  return source === undefined ? undefined : ["init", `--from-${source}`];
}

/** Words that rules read from the text themselves. */
export const READ_BY_RULES: readonly RegExp[] = [
  SHELL_NAME,
  TOOL_NAME,
  /[\w.]*make\w*|justfile|\bjust\b|taskfile|package\.json|turbo\w*|\bnx\b|\bmise\b|\bmoon\b/i,
  /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/,
  /\bcommand\b/i,
  /\bentries\b/i,
  /\binstalled\b/i,
  /\bmissing\b/i,
];
