import { contextOf } from "#app/catalogue/call-operation";
import type { CallSetting } from "#app/catalogue/call-operation";
import { listTasks } from "#app/operations/list";
import { lastFailure } from "./last-failure";
import { listPage } from "./list-page";
import { recentRuns } from "./recent-runs";
import type { Sdk, Server } from "./sdk";
import { quietSetting } from "./setting";
import type { ServerParts } from "./setting";

interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
  }[];
  readonly text: (values: Readonly<Record<string, string>>) => string;
  /** The log of this argument's last failure goes before the text. */
  readonly startsAt?: "task";
}

const PAGE = 20;
const MOST_COMPLETIONS = 100;
const TASK = { name: "task", description: "The task", required: true };

const PROMPTS: readonly Prompt[] = [
  {
    name: "fix_task",
    title: "Fix a failing task",
    description: "Run a task, read what is wrong, fix it, until it succeeds.",
    arguments: [TASK],
    text: ({ task = "" }) =>
      `Run the task "${task}" with run_task. Where it fails, look at the files and lines under "problems", or read more with get_logs, fix the cause in the source, and run it again. Stop when it succeeds, or when the same error comes back twice; then say what you found.`,
    startsAt: "task",
  },
  {
    name: "explain_repository",
    title: "Explain this repository",
    description: "What is built here, from what, and how to work on it.",
    arguments: [],
    text: () =>
      "Use list_packages, list_tasks and show_graph to find out what this repository consists of and how it is built and tested. Then explain it in at most twenty lines to somebody who starts to work on it today, with the three commands that they need first.",
  },
  {
    name: "why_slow",
    title: "Why is a task slow?",
    description: "Where the time of a task goes and what could be saved.",
    arguments: [TASK],
    text: ({ task = "" }) =>
      `Use estimate_duration with verbose: true, explain_task and cache_status to find out where the time of the task "${task}" goes. Say which tasks are on its critical path, which of them are not cached and could be, and what could run at the same time.`,
  },
];

/** Prompts, and the completion of their arguments and of those of resources. */
export function addPrompts(server: Server, { types }: Sdk, { setting, gate }: ServerParts): void {
  server.setRequestHandler(types.ListPromptsRequestSchema, ({ params }) => {
    const listed = PROMPTS.map(({ text: _text, startsAt: _startsAt, arguments: given, ...prompt }) => ({
      ...prompt,
      arguments: [...given],
    }));
    const { items, nextCursor } = listPage(listed, params?.cursor, { size: PAGE, types });
    return { prompts: items, ...nextCursor };
  });
  server.setRequestHandler(types.GetPromptRequestSchema, async ({ params }, extra) => {
    const prompt = PROMPTS.find(({ name }) => name === params.name);
    const wrong = (reason: string): Error => new types.McpError(types.ErrorCode.InvalidParams, reason);
    if (prompt === undefined) throw wrong(`there is no prompt '${params.name.slice(0, 80)}'`);
    const missing = prompt.arguments.find(({ name, required }) => required && !params.arguments?.[name]);
    if (missing !== undefined) throw wrong(`the argument '${missing.name}' is missing`);
    const values = params.arguments ?? {};
    const task = prompt.startsAt === undefined ? undefined : values[prompt.startsAt];
    const log =
      task === undefined
        ? undefined
        : await gate.pass(extra.signal, () => lastFailure(task, quietSetting(setting, extra.signal)));
    const parts = [
      ...(log === undefined ? [] : [{ type: "resource" as const, resource: { ...log } }]),
      { type: "text" as const, text: prompt.text(values) },
    ];
    return {
      description: prompt.description,
      messages: parts.map((content) => ({ role: "user" as const, content })),
    };
  });
  server.setRequestHandler(types.CompleteRequestSchema, async ({ params }, extra) => {
    const asked = quietSetting(setting, extra.signal);
    const names = await gate.pass(extra.signal, () => valuesOf(params.argument.name, asked));
    const fitting = (names ?? []).filter((name) => name.startsWith(params.argument.value));
    return {
      completion: {
        values: fitting.slice(0, MOST_COMPLETIONS),
        total: fitting.length,
        hasMore: fitting.length > MOST_COMPLETIONS,
      },
    };
  });
}

async function valuesOf(argument: string, setting: CallSetting): Promise<readonly string[]> {
  if (argument === "run") return (await recentRuns(setting)).map(({ run }) => run);
  if (argument !== "task") return [];
  const loaded = await contextOf(setting).load();
  if (!loaded.ok) return [];
  return listTasks(loaded.value.workspace, { tags: [], all: false }).map(({ name }) => name);
}
