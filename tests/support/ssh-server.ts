import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "./binary";

/** An SSH server on loopback, reached as host `box` by the program `ssh`. */
export interface SshServer {
  /** A program for `ZR_SSH`: the system's ssh with the server's configuration and nothing of the tester's. */
  readonly ssh: string;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts `scripts/servers/sshd`, or says why there can't be a server. It ends with this process at the latest, which
 * closes its input.
 */
export async function startSshServer(): Promise<SshServer | { readonly unavailable: string }> {
  if (process.platform === "win32") return { unavailable: "there is no sshd for it on Windows" };
  const folder = mkdtempSync(join(tmpdir(), "zr-sshd-"));
  const server = Bun.spawn([join(REPOSITORY, "scripts", "servers", "sshd"), folder], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const line = await firstLine(server.stdout);
  if (!line.startsWith("ready ")) {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
    return { unavailable: line.replace("unavailable: ", "") || "the server did not start" };
  }
  const ssh = join(folder, "ssh");
  writeFileSync(ssh, `#!/bin/sh\nexec ssh -F ${folder}/ssh_config "$@"\n`);
  chmodSync(ssh, 0o755);
  return {
    ssh,
    folder,
    stop: async () => {
      await server.stdin.end();
      await server.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
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
