import type { GraphPageData, LiveAddresses } from "#frontends/pages/graph/graph-data";
import type { GraphApp } from "./graph-app";

/** Shows what the program that serves the page tells of: each event says that there is something new. */
export function followChanges({ events, data }: LiveAddresses, app: GraphApp): void {
  const source = new EventSource(events);
  let [isAsking, isStale] = [false, false];
  const ask = async (): Promise<void> => {
    isStale = true;
    if (isAsking) return;
    isAsking = true;
    try {
      while (isStale) {
        isStale = false;
        const answer = await fetch(data);
        // The program's own answer, in the form that the page itself carries.
        if (answer.ok) app.replace((await answer.json()) as GraphPageData);
      }
    } catch {
      app.connected(false);
    } finally {
      isAsking = false;
    }
  };
  source.addEventListener("open", () => app.connected(true));
  source.addEventListener("error", () => app.connected(false));
  source.addEventListener("changed", () => void ask());
}
