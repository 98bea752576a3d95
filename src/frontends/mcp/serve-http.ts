import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { serveHttp } from "#system/net/http-server";
import { HttpSessions } from "./http-sessions";
import type { HttpOptions } from "./http-sessions";
import { MOST_MESSAGE_BYTES } from "./stdio-transport";

/** A server that listens. */
export interface ListeningServer {
  /** `http://127.0.0.1:8080/mcp`. */
  readonly url: string;
  /** Lets all clients go and ends what was started for them. */
  readonly stop: () => Promise<void>;
}

/** Listens on a port of this machine, for programs of this machine. The error is the system's reason. */
export async function serveMcpHttp(
  port: number,
  options: HttpOptions,
): Promise<Result<ListeningServer, string>> {
  const sessions = await HttpSessions.open(options);
  const served = serveHttp({
    hostname: "127.0.0.1",
    port,
    maxBody: MOST_MESSAGE_BYTES,
    answer: (request) => sessions.answer(request),
  });
  if (!served.ok) return err(served.error);
  return ok({
    url: `${served.value.address}/mcp`,
    stop: async () => {
      await sessions.close();
      await options.setting.runs.close();
      await served.value.stop();
    },
  });
}
