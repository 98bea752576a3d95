import { within } from "#system/clock/within";
import { createServer } from "./create-server";
import { loadSdk } from "./sdk";
import type { ServerSetting } from "./setting";
import { StdioTransport } from "./stdio-transport";
import type { Pipe } from "./stdio-transport";

const LAST_ANSWERS_MS = 5000;

/**
 * Serves one client over a pair of pipes, until nothing more comes from it or `stop` settles. Then it stops the runs that
 * it has started, and answers what it was asked before.
 */
export async function serveStdio(
  setting: ServerSetting,
  pipe: Pipe,
  { stop, report }: { readonly stop: Promise<void>; readonly report: (text: string) => void },
): Promise<void> {
  const sdk = await loadSdk();
  const transport = new StdioTransport(pipe, sdk);
  const { server, connect } = createServer(sdk, setting);
  server.onerror = (error) => report(error.message);
  await connect(transport);
  await Promise.race([transport.ended, stop]);
  await setting.runs.close();
  // A client that reads no answers may still be there.
  await within(LAST_ANSWERS_MS, transport.answered());
  await server.close();
}
