import { version } from "#base/version";
import { Gate } from "./gate";
import { LogMessages } from "./log-messages";
import { addPrompts } from "./prompts";
import { addResources } from "./resources";
import type { Sdk, Server, Transport } from "./sdk";
import type { ServerSetting } from "./setting";
import { SpokenRevision } from "./spoken-revision";
import { addTools } from "./tools";

const INSTRUCTIONS = `zr runs the tasks of this repository. list_tasks shows them; run_task runs one and answers with how it \
ended, errors with file and line, and the last lines of output; get_logs and search_logs give more of it. Prefer run_task \
to running commands in a shell: results are cached and recorded. Answers are short; verbose: true gives more.`;

/** Questions that are answered at once; others wait. */
const MOST_QUESTIONS = 8;

/** A server of the protocol with everything that zr offers; one for each connection. */
export function createServer(sdk: Sdk, setting: ServerSetting): ProtocolServer {
  const server = new sdk.Server(
    { name: "zr", title: "zr", version },
    {
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, logging: {} },
      instructions: INSTRUCTIONS,
      // Asked for by forms with fields that a server sends to its client; this one sends none.
      jsonSchemaValidator: { getValidator: () => () => unchecked },
    },
  );
  const revision = new SpokenRevision();
  const parts = { setting, gate: new Gate(MOST_QUESTIONS), log: new LogMessages(server, sdk), revision };
  addTools(server, sdk, parts);
  addResources(server, sdk, parts);
  addPrompts(server, sdk, parts);
  return {
    server,
    connect: async (transport) => {
      await server.connect(transport);
      revision.listen(transport);
    },
  };
}

export interface ProtocolServer {
  readonly server: Server;
  readonly connect: (transport: Transport) => Promise<void>;
}

const unchecked = { valid: false, data: undefined, errorMessage: "not checked" } as const;
