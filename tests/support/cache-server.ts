import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "./binary";

/** A server of a shared cache on loopback; see `scripts/servers/cache`, which also says what it asks of a client. */
export interface CacheServer {
  readonly name: CacheServerName;
  readonly port: number;
  readonly tlsPort: number;
  /** Holds `ca.pem` of a server with TLS, and `data`. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

export type CacheServerName =
  "nginx" | "buildbox" | "s3rver" | "versitygw" | "azurite" | "fake-gcs" | "turbo";

/** Those that have to be compiled first are only started where `ZR_CACHE_SERVERS` is `all`. */
const COMPILED: ReadonlySet<CacheServerName> = new Set(["versitygw", "fake-gcs"]);

export const AZURITE_ACCOUNT = "devstoreaccount1";
/** The documented key of the emulator's only account, the same everywhere. */
export const AZURITE_KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Starts a server, or says why there can't be one. It ends with this process at the latest, which closes its input. */
export async function startCacheServer(
  name: CacheServerName,
  env: Readonly<Record<string, string>> = {},
): Promise<CacheServer | { readonly unavailable: string }> {
  if (process.platform === "win32") return { unavailable: "the servers are started by a shell script" };
  if (COMPILED.has(name) && process.env["ZR_CACHE_SERVERS"] !== "all")
    return { unavailable: `${name} is only tried by ./scripts/servers/all` };
  const folder = mkdtempSync(join(tmpdir(), "zr-cache-server-"));
  const child = Bun.spawn([join(REPOSITORY, "scripts", "servers", "cache"), name, folder], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    env: { ...process.env, ...env },
  });
  const stop = async (): Promise<void> => {
    await child.stdin.end();
    await child.exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const line = await firstLine(child.stdout);
  const [, port, tlsPort] = /^ready (\d+) (\d+)/.exec(line) ?? [];
  if (port === undefined) {
    await stop();
    return { unavailable: line.replace("unavailable: ", "") || "the server did not start" };
  }
  const server = { name, port: Number(port), tlsPort: Number(tlsPort), folder, stop };
  if (name === "azurite") await makeAzureContainer(server.port);
  if (name === "fake-gcs") await makeGoogleBucket(server.port);
  return server;
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const reader = stream.getReader();
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  return text.split("\n", 1)[0] ?? "";
}

async function makeGoogleBucket(port: number): Promise<void> {
  const made = await fetch(`http://127.0.0.1:${port}/storage/v1/b?project=zr`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "zr-cache" }),
  });
  if (!made.ok) throw new Error(`the server made no bucket: ${made.status} ${await made.text()}`);
}

async function makeAzureContainer(port: number): Promise<void> {
  const date = new Date().toUTCString();
  const path = `/${AZURITE_ACCOUNT}/zr-cache`;
  const signed = [
    "PUT",
    ...Array.from({ length: 11 }, () => ""),
    `x-ms-date:${date}`,
    "x-ms-version:2021-12-02",
    `/${AZURITE_ACCOUNT}${path}`,
    "restype:container",
  ].join("\n");
  const signature = createHmac("sha256", Buffer.from(AZURITE_KEY, "base64")).update(signed).digest("base64");
  const made = await fetch(`http://127.0.0.1:${port}${path}?restype=container`, {
    method: "PUT",
    headers: {
      "x-ms-date": date,
      "x-ms-version": "2021-12-02",
      Authorization: `SharedKey ${AZURITE_ACCOUNT}:${signature}`,
    },
  });
  if (!made.ok) throw new Error(`the server made no container: ${made.status} ${await made.text()}`);
}
