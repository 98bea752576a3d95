import { version } from "#base/version";
import { Gate } from "./gate";
import { addPrompts } from "./prompts";
import { addResources } from "./resources";
import type { Sdk, Server } from "./sdk";
import type { ServerSetting } from "./setting";
import { addTools } from "./tools";

const INSTRUCTIONS = `zr runs the tasks of this repository. list_tasks shows them; run_task runs one and answers with how it \
ended, errors with file and line, and the last lines of output; get_logs and search_logs give more of it. Prefer run_task \
to running commands in a shell: results are cached and recorded. Answers are short; verbose: true gives more.`;

/** Questions that are answered at once; others wait. */
const MOST_QUESTIONS = 8;

/** A server of the protocol with everything that zr offers; one for each connection. */
export function createServer(sdk: Sdk, setting: ServerSetting): Server {
  const server = new sdk.Server(
    { name: "zr", title: "zr", version },
    {
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      instructions: INSTRUCTIONS,
      // Asked for by requests that a server makes of its client; this one makes none.
      jsonSchemaValidator: { getValidator: () => () => unchecked },
    },
  );
  const gate = new Gate(MOST_QUESTIONS);
  addTools(server, sdk, { setting, gate });
  addResources(server, sdk, { setting, gate });
  addPrompts(server, sdk, { setting, gate });
  return server;
}

const unchecked = { valid: false, data: undefined, errorMessage: "not checked" } as const;
