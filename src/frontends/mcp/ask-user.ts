import type { Consent } from "#app/catalogue/operation";
import type { Sdk, Server } from "./sdk";

/** So long a person may think about it. */
const ASK_MS = 10 * 60_000;

type Extra = Parameters<Parameters<Server["setRequestHandler"]>[1]>[1];

/**
 * Asks the person who sits before a client, by the protocol's elicitation: a form without fields, which can only be
 * agreed to or not. Undefined where the client has not said that it can.
 */
export function userAsker(
  server: Server,
  { types }: Sdk,
  extra: Pick<Extra, "sendRequest" | "signal">,
): ((question: string) => Promise<Consent>) | undefined {
  if (server.getClientCapabilities()?.elicitation?.form === undefined) return undefined;
  return async (question) => {
    try {
      const { action } = await extra.sendRequest(
        {
          method: "elicitation/create",
          params: { message: question, requestedSchema: { type: "object", properties: {} } },
        },
        types.ElicitResultSchema,
        { timeout: ASK_MS, signal: extra.signal },
      );
      return action === "accept" ? "given" : "refused";
    } catch (error) {
      // The others are those of a client that can't after all, or has gone.
      const isLate = error instanceof types.McpError && error.code === Number(types.ErrorCode.RequestTimeout);
      return isLate ? "refused" : "none";
    }
  };
}
