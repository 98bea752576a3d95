import { relativeTo } from "#base/path";
import { contextOf } from "#app/catalogue/call-operation";
import type { CallSetting } from "#app/catalogue/call-operation";
import { fitAnswer } from "#app/catalogue/fit";
import { listPage } from "./list-page";
import { operationValue } from "./operation-value";
import { recentRuns } from "./recent-runs";
import { resourceName } from "./resource-uri";
import type { Sdk, Server } from "./sdk";
import { LONG_BUDGET, quietSetting } from "./setting";
import type { ServerParts } from "./setting";
import { Subscriptions } from "./subscriptions";

const PAGE = 20;

const FIXED = [
  {
    uri: "zr://config",
    name: "config",
    title: "Configuration",
    description: "The files of the configuration.",
    mimeType: "application/toml",
  },
  {
    uri: "zr://graph",
    name: "graph",
    title: "Task graph",
    description: "All tasks and what they need.",
    mimeType: "application/json",
  },
  {
    uri: "zr://packages",
    name: "packages",
    title: "Package map",
    description: "Packages, folders, dependencies.",
    mimeType: "application/json",
  },
  {
    uri: "zr://runs/last",
    name: "last-run",
    title: "Last run",
    description: "How the last run ended.",
    mimeType: "application/json",
  },
];

const TEMPLATES = [
  {
    uriTemplate: "zr://runs/{run}",
    name: "run",
    title: "Run",
    description: "How a run ended.",
    mimeType: "application/json",
  },
  {
    uriTemplate: "zr://runs/{run}/logs/{task}",
    name: "log",
    title: "Log",
    description: "The end of what a task printed in a run.",
    mimeType: "text/plain",
  },
];

/** Configuration, graph, package map, runs and their logs. */
export function addResources(server: Server, { types }: Sdk, { setting, gate }: ServerParts): void {
  server.setRequestHandler(types.ListResourcesRequestSchema, async ({ params }, extra) => {
    const runs = await gate.pass(extra.signal, () => recentRuns(asked(extra.signal)));
    const listed = (runs ?? []).map(({ run, what }) => ({
      uri: `zr://runs/${run}`,
      name: run,
      title: what,
      mimeType: "application/json",
    }));
    const { items, nextCursor } = listPage([...FIXED, ...listed], params?.cursor, { size: PAGE, types });
    return { resources: items, ...nextCursor };
  });
  server.setRequestHandler(types.ListResourceTemplatesRequestSchema, ({ params }) => {
    const { items, nextCursor } = listPage(TEMPLATES, params?.cursor, { size: PAGE, types });
    return { resourceTemplates: items, ...nextCursor };
  });
  server.setRequestHandler(types.ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const found = await gate.pass(extra.signal, () => read(uri, asked(extra.signal)));
    if (found === undefined) throw notFound(uri);
    return { contents: [{ uri, ...found }] };
  });
  const asked = (signal: AbortSignal): CallSetting => ({
    ...quietSetting(setting, signal),
    budget: LONG_BUDGET,
  });
  const news = new Subscriptions(asked(new AbortController().signal), (uri) => {
    // It fails where the client has gone, which is found out elsewhere: nobody waits for it.
    void server.sendResourceUpdated({ uri }).catch(() => undefined);
  });
  server.setRequestHandler(types.SubscribeRequestSchema, async ({ params: { uri } }) => {
    if (!(await news.add(uri))) throw notFound(uri);
    return {};
  });
  server.setRequestHandler(types.UnsubscribeRequestSchema, ({ params: { uri } }) => {
    news.remove(uri);
    return {};
  });
  server.onclose = () => news.close();
  const notFound = (uri: string): Error =>
    new types.McpError(RESOURCE_NOT_FOUND, `there is no resource ${uri.slice(0, 200)}`);
}

/** The protocol's own code. */
const RESOURCE_NOT_FOUND = -32_002;

interface Content {
  readonly mimeType: string;
  readonly text: string;
}

/** What a resource shows, in the budget of the setting; undefined where there is no such. */
export async function read(uri: string, setting: CallSetting): Promise<Content | undefined> {
  const name = resourceName(uri);
  switch (name?.kind) {
    case undefined:
      return undefined;
    case "config":
      return config(setting);
    case "graph":
      return answer("show_graph", {}, setting);
    case "packages":
      return answer("list_packages", { verbose: true }, setting);
    case "run":
      return answer("get_run", { run: name.run, verbose: true }, setting);
    case "log": {
      const log = await operationValue("get_logs", { run: name.run, task: name.task, limit: 1000 }, setting);
      return log === undefined ? undefined : { mimeType: "text/plain", text: String(log["text"] ?? "") };
    }
  }
}

async function answer(name: string, given: object, setting: CallSetting): Promise<Content | undefined> {
  const value = await operationValue(name, given, setting);
  return value === undefined ? undefined : { mimeType: "application/json", text: JSON.stringify(value) };
}

/** The text of every file of the configuration, each under its name, secrets masked; also of one that is wrong. */
async function config(setting: CallSetting): Promise<Content> {
  const context = contextOf(setting);
  const loaded = await context.load();
  const texts = loaded.ok ? loaded.value.texts : loaded.error.texts;
  const mask = await context.masking();
  const parts = [...texts]
    .filter(([path]) => path.endsWith(".toml"))
    .map(([path, text]) => `# ${relativeTo(setting.cwd, path)}\n${mask(text)}`);
  const { text } = fitAnswer({ text: parts.join("\n") }, setting.budget);
  return { mimeType: "application/toml", text: String(text) };
}
