import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary } from "./binary";

/** `zr cache serve` on loopback, with the token `zr-test` and a folder of its own. */
export async function startOwnServer(): Promise<{
  readonly url: string;
  readonly stop: () => Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), "zr-own-cache-"));
  const words = [...(await ensureBinary()), "cache", "serve", "--listen", "127.0.0.1:0", "--dir", folder];
  const child = Bun.spawn([...words, "--token", "zr-test"], {
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  const address = / on (?:https?:\/\/)?(\S+)\n/.exec(text)?.[1];
  if (address === undefined) throw new Error(`the server said ${JSON.stringify(text)}`);
  return {
    url: `http://${address}`,
    stop: async () => {
      child.kill("SIGTERM");
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
