import { callOperation } from "#app/catalogue/call-operation";
import type { CallResult } from "#app/catalogue/call-operation";
import { catalogue, findOperation } from "#app/catalogue/catalogue";
import type { Operation } from "#app/catalogue/operation";
import { userAsker } from "./ask-user";
import { listPage } from "./list-page";
import { ProgressSender } from "./progress";
import type { Progress } from "./progress";
import type { Sdk, Server } from "./sdk";
import { logLinks } from "./log-links";
import { LONG_BUDGET } from "./setting";
import type { ServerParts } from "./setting";

const PAGE = 50;

/** The operations of the catalogue as tools. */
export function addTools(server: Server, sdk: Sdk, { setting, gate, log, revision }: ServerParts): void {
  const { types } = sdk;
  const offered = catalogue.filter(({ effects }) => !setting.limits.readOnly || effects.readOnly);
  server.setRequestHandler(types.ListToolsRequestSchema, ({ params }) => {
    const { items, nextCursor } = listPage(offered.map(toolOf), params?.cursor, { size: PAGE, types });
    return { tools: items, ...nextCursor };
  });
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }, extra) => {
    const operation = findOperation(params.name);
    if (operation === undefined)
      throw new types.McpError(
        types.ErrorCode.InvalidParams,
        `there is no tool '${params.name.slice(0, 80)}'`,
      );
    const token = extra["_meta"]?.progressToken;
    const sender =
      token === undefined
        ? undefined
        : new ProgressSender((progress: Progress) =>
            extra.sendNotification({
              method: "notifications/progress",
              params: { progressToken: token, ...progress },
            }),
          );
    const { arguments: given } = params;
    const ask = userAsker(server, sdk, extra);
    let isAnswered = false;
    const work = (): Promise<CallResult> =>
      callOperation(operation, given, {
        ...setting,
        budget: given?.["verbose"] === true ? LONG_BUDGET : setting.budget,
        signal: extra.signal,
        progress: (progress, total, message) => sender?.tell({ progress, total, message }),
        // What goes on in the background belongs to no request any more.
        log: (entry) =>
          log.tell(entry, (message) =>
            isAnswered ? server.notification(message) : extra.sendNotification(message),
          ),
        ...(ask === undefined ? {} : { ask }),
      });
    try {
      // What runs tasks waits for them, and must not keep questions waiting.
      const isQuestion = operation.effects.readOnly && given?.["wait"] !== true;
      const result = isQuestion ? await gate.pass(extra.signal, work) : await work();
      return result === undefined ? { content: [] } : toolResult(result, revision.knowsLinks);
    } finally {
      sender?.end();
      isAnswered = true;
    }
  });
}

// The shape of an answer is plain JSON.
const toolOf = ({ name, title, description, input, output, effects }: Operation) => ({
  name,
  title,
  description,
  inputSchema: input as { type: "object" },
  outputSchema: output as { type: "object" },
  annotations: {
    title,
    readOnlyHint: effects.readOnly,
    destructiveHint: effects.destructive,
    idempotentHint: effects.idempotent,
    openWorldHint: effects.openWorld,
  },
});

function toolResult(result: CallResult, isLinked: boolean) {
  if (result.kind === "refused")
    return { content: [{ type: "text" as const, text: result.reasons }], isError: true };
  return {
    content: [
      { type: "text" as const, text: JSON.stringify(result.value) },
      ...(isLinked ? logLinks(result.value) : []),
    ],
    structuredContent: result.value,
    ...(result.failed ? { isError: true } : {}),
  };
}
