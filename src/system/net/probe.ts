const LIMIT_MS = 2000;

/** Whether `host:port` accepts a connection now. */
export async function canConnect(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(":");
  const hostname = address.slice(0, colon) || "127.0.0.1";
  const port = Number(address.slice(colon + 1));
  try {
    const socket = await Bun.connect({ hostname, port, socket: { data: () => undefined } });
    socket.end();
    return true;
  } catch {
    return false;
  }
}

/** Whether an address answers with 2xx or 3xx now. */
export async function httpAnswers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });
    await response.body?.cancel();
    return response.status >= 200 && response.status < 400;
  } catch {
    return false;
  }
}
