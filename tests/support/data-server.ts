import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "./binary";

/** A database on loopback. */
export interface DataServer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

export const DATA_SERVERS = join(REPOSITORY, "scripts", "servers", "data");

/** Starts `scripts/servers/data`, or says why there can't be a server. It ends with this process at the latest, which closes its input. */
export async function startDataServer(
  name: "postgres" | "redis",
  port?: number,
): Promise<DataServer | { readonly unavailable: string }> {
  const folder = mkdtempSync(join(tmpdir(), `zr-${name}-`));
  const server = Bun.spawn([DATA_SERVERS, name, folder, ...(port === undefined ? [] : [String(port)])], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const reader = server.stdout.getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  const end = async (): Promise<void> => {
    await server.stdin.end();
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const found = /^ready (\d+)/.exec(text);
  if (found !== null) return { port: Number(found[1]), stop: end };
  server.kill();
  await end();
  return { unavailable: text.replace("unavailable: ", "").trim() || "the server did not start" };
}
