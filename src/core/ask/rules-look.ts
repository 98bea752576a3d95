import type { IntentRule, IntentView } from "./intent";
import { based } from "./said-options";

const first = ({ tasks }: IntentView): string => tasks[0] ?? "";
const taskOption = ({ taskNames, mentions }: IntentView): string[] => {
  const [name = mentions("workflow")[0]] = taskNames;
  return name === undefined ? [] : ["--task", name];
};
const LOOKING = ["show", "what", "list", "run", "get"] as const;
const TIME = [
  "sinceDays",
  "sinceHours",
  "sinceMinutes",
  "sinceToday",
  "sinceYesterday",
  "sinceWeek",
  "sinceMonth",
] as const;

/** Commands that show something and change nothing. */
export const LOOK_RULES: readonly IntentRule[] = [
  {
    needs: ["last", ["show", "what", "status"]],
    uses: [...LOOKING, "status"],
    effect: "looks",
    options: "look",
    words: ({ has, text }) => (has("run") ? ["history", ...lastRuns(text)] : undefined),
  },
  {
    needs: [["task", "list"]],
    uses: [...LOOKING, "task", "list", "zr", "everything"],
    effect: "looks",
    options: "look",
    words: () => ["list"],
  },
  {
    needs: ["what"],
    uses: ["task", "show"],
    effect: "looks",
    options: "look",
    words: ({ text }) => (/can i do|할/iu.test(text) ? ["list"] : undefined),
  },
  {
    needs: ["list", "workflow"],
    uses: [...LOOKING, "workflow"],
    effect: "looks",
    options: "look",
    words: () => ["list"],
  },
  {
    needs: [["list", "show", "task"]],
    uses: [...LOOKING, "task", "tagged", "list"],
    names: ["tag"],
    needsName: "tag",
    effect: "looks",
    options: "look",
    words: ({ mentions }) => ["list", "--tags", mentions("tag").join(",")],
  },
  {
    needs: [["details"]],
    uses: [...LOOKING, "task", "details"],
    task: "one",
    effect: "looks",
    options: "look",
    words: (view) => ["show", first(view)],
  },
  {
    needs: ["where"],
    uses: [...LOOKING, "task"],
    task: "one",
    effect: "looks",
    options: "look",
    words: (view) => ["which", first(view)],
  },
  {
    needs: ["why"],
    uses: ["run", "negation", "cache", "again", "what", "where", "force"],
    task: "one",
    effect: "looks",
    options: "look",
    words: (view) => ["explain", first(view)],
  },
  {
    needs: ["why", "failed"],
    uses: ["run", "last", "what", "log", "show"],
    task: "may",
    effect: "looks",
    words: ({ tasks }) => logsOf(tasks),
  },
  {
    needs: ["log"],
    uses: [...LOOKING, "last", "history", "output"],
    task: "may",
    effect: "looks",
    words: ({ tasks }) => logsOf(tasks),
  },
  {
    needs: [["graph", "depends"]],
    uses: [...LOOKING, "task"],
    task: "may",
    effect: "looks",
    options: "look",
    words: ({ tasks }) => ["graph", ...tasks],
  },
  {
    needs: ["reverse"],
    uses: [...LOOKING, "task", "graph"],
    task: "one",
    effect: "looks",
    options: "look",
    words: (view) => ["graph", first(view), "--reverse"],
  },
  {
    needs: ["graph", "browser"],
    uses: [...LOOKING, "depends"],
    task: "may",
    effect: "changes",
    words: ({ tasks }) => ["graph", ...tasks, "--open"],
  },
  {
    needs: ["graph", "package"],
    uses: [...LOOKING, "depends"],
    effect: "looks",
    options: "look",
    words: () => ["workspace", "graph"],
  },
  { needs: ["package"], uses: LOOKING, effect: "looks", options: "look", words: () => ["workspace", "list"] },
  {
    needs: ["package", "changed"],
    uses: [...LOOKING, "base"],
    effect: "looks",
    options: "look",
    words: (view) => ["affected", "--list", ...based(view)],
  },
  {
    needs: ["changed"],
    uses: [...LOOKING, "task", "base"],
    effect: "looks",
    options: "look",
    words: (view) =>
      view.has("what") || view.has("list") || view.has("show") || /^what\b|뭐/iu.test(view.text)
        ? ["affected", "--list", ...based(view)]
        : undefined,
  },
  {
    needs: ["environment"],
    uses: [...LOOKING, "variable"],
    task: "one",
    effect: "looks",
    words: (view) => ["env", first(view)],
  },
  {
    needs: ["variable", "where"],
    uses: [...LOOKING, "environment"],
    effect: "looks",
    words: ({ text }) => resolveVariable(text),
  },
  { needs: ["environment"], uses: [...LOOKING, "variable"], effect: "looks", words: () => ["env"] },
  {
    needs: ["validate", "config"],
    uses: ["strict", "show"],
    effect: "looks",
    options: "look",
    words: ({ has }) => ["validate", ...(has("strict") ? ["--strict"] : [])],
  },
  {
    needs: ["validate"],
    uses: ["strict", "show"],
    effect: "looks",
    options: "look",
    words: ({ text, has }) =>
      /valid/i.test(text) ? ["validate", ...(has("strict") ? ["--strict"] : [])] : undefined,
  },
  {
    needs: ["schema"],
    uses: [...LOOKING, "json", "config"],
    effect: "looks",
    options: "none",
    words: () => ["schema"],
  },
  {
    needs: ["help"],
    uses: ["show", "run", "what", "task"],
    effect: "looks",
    options: "none",
    words: ({ text }) => helpTopic(text),
  },
  {
    needs: ["code"],
    uses: ["what", "details", "show", "help", "why"],
    effect: "looks",
    options: "none",
    words: ({ value }) => ["help", (value("code") ?? "").toUpperCase()],
  },
  {
    needs: ["version"],
    uses: [...LOOKING, "zr", "what"],
    effect: "looks",
    options: "look",
    words: () => ["version"],
  },
  {
    needs: ["version", "newer"],
    uses: ["zr", "what"],
    effect: "looks",
    options: "none",
    words: () => ["upgrade", "--check"],
  },
  {
    needs: ["newer"],
    uses: ["version", "zr", "what"],
    effect: "looks",
    options: "none",
    words: ({ has }) => (has("zr") ? ["upgrade", "--check"] : undefined),
  },
  {
    needs: [["newer", "old"], "tool"],
    uses: [...LOOKING],
    effect: "looks",
    options: "look",
    words: () => ["tools", "outdated"],
  },
  {
    needs: ["tool"],
    uses: [...LOOKING, "install"],
    effect: "looks",
    options: "look",
    words: ({ has, text }) => (has("list") || /installed/i.test(text) ? ["tools"] : undefined),
  },
  {
    needs: ["cache"],
    uses: [...LOOKING, "status"],
    effect: "looks",
    options: "look",
    words: ({ has }) => (has("show") || has("status") || has("what") ? ["cache"] : undefined),
  },
  {
    needs: ["cache", "verify"],
    uses: ["validate"],
    effect: "looks",
    options: "look",
    words: () => ["cache", "verify"],
  },
  {
    needs: ["artifact"],
    uses: [...LOOKING, "last"],
    effect: "looks",
    options: "look",
    words: () => ["artifacts"],
  },
  {
    needs: ["secret"],
    uses: [...LOOKING, "failed"],
    effect: "looks",
    options: "look",
    words: () => ["secrets"],
  },
  {
    needs: ["flaky"],
    uses: [...LOOKING, "history", "task"],
    effect: "looks",
    options: "look",
    words: () => ["history", "--flaky"],
  },
  {
    needs: ["history"],
    uses: [...LOOKING, "last", "what"],
    task: "may",
    names: ["workflow"],
    effect: "looks",
    options: "past",
    words: (view) => ["history", ...taskOption(view)],
  },
  {
    needs: [TIME],
    uses: [...LOOKING, "history", "last", "everything"],
    task: "may",
    names: ["workflow"],
    effect: "looks",
    options: "past",
    words: (view) =>
      view.has("show") || view.has("what") || view.has("history") || view.has("list")
        ? ["history", ...taskOption(view)]
        : undefined,
  },
  {
    needs: ["last"],
    uses: [...LOOKING, "history", "what"],
    task: "one",
    effect: "looks",
    options: "past",
    words: (view) => (view.has("what") || view.has("history") ? ["history", ...taskOption(view)] : undefined),
  },
  {
    needs: ["failed"],
    uses: [...LOOKING, "history", "last", "everything", "task"],
    task: "may",
    effect: "looks",
    options: "past",
    words: (view) => ["history", ...taskOption(view)],
  },
  { needs: ["now"], uses: [...LOOKING, "task"], effect: "looks", words: () => ["monitor"] },
  {
    needs: ["estimate"],
    uses: ["what", "run", "show"],
    task: "many",
    effect: "looks",
    options: "look",
    words: ({ tasks }) => ["estimate", ...tasks],
  },
  {
    needs: ["repository", ["details", "context", "show"]],
    uses: ["context", "show", "details"],
    effect: "looks",
    words: () => ["context"],
  },
  { needs: ["context"], uses: ["repository", "show", "details"], effect: "looks", words: () => ["context"] },
  {
    needs: ["clean"],
    uses: ["dryRun", "output"],
    task: "may",
    effect: "looks",
    options: "none",
    words: ({ has, tasks }) => (has("dryRun") ? ["clean", ...tasks, "--dry-run"] : undefined),
  },
];

/** Of a task in its newest run, else of everything in the last one. */
const logsOf = ([task]: readonly string[]): string[] => ["logs", task ?? "last"];

/** "the last 3 runs", "최근 실행 3개": so many; else the last one. */
function lastRuns(text: string): string[] {
  const said = /\b(\d{1,3}) runs\b|실행 ?(\d{1,3}) ?개|(\d{1,3}) ?개의? ?실행/i.exec(text);
  const count = said?.slice(1).find((one) => one !== undefined);
  return count === undefined ? ["last"] : ["--limit", count];
}

/** The name of a variable as it stands in a sentence: capitals with an underscore, or behind the word. */
function resolveVariable(text: string): string[] | undefined {
  const name = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z]{3,}\b/.exec(text)?.[0];
  return name === undefined ? undefined : ["env", "--resolve", name];
}

/** "help with the run command": the word that stands before "command", or behind "with". */
function helpTopic(text: string): string[] {
  const topic = /(?:with|of|on|about)\s+(?:the\s+)?([a-z][\w-]*)|([a-z][\w-]*)\s+command/i.exec(text);
  const name = topic?.[1] ?? topic?.[2];
  return name === undefined ? ["help"] : ["help", name.toLowerCase()];
}
