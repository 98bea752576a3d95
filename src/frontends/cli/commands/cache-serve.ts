import { plainProblems, usageProblem } from "#app/problems";
import { serveCache } from "#app/operations/cache-serve";
import type { ServeSettings } from "#app/operations/cache-serve";
import { resolveFrom } from "#base/path";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { parseSize } from "#base/size";
import { localCacheFolder } from "#core/cache/cache-settings";
import { refuse } from "#frontends/cli/refuse";
import { textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { visibleControls } from "#frontends/output/visible-text";
import { onEndSignals } from "#system/signals";
import { print } from "#system/stdio/print";

const DEFAULT_ADDRESS = "127.0.0.1:9092";
const DEFAULT_SIZE = "10GB";

interface Wrong {
  readonly option: string;
  readonly value: string;
  readonly reason: string;
}

/** `zr cache serve`: serves until a signal ends it. */
export async function serve(session: Session): Promise<number> {
  const settings = settingsOf(session);
  if (!settings.ok) return refuse(session, usageProblem("E386", { ...settings.error }));
  const report = (text: string): void => void print("stderr", `zr: ${visibleControls(text)}\n`);
  const served = await serveCache(settings.value, report);
  if (!served.ok) return refuse(session, plainProblems(served.error));
  let end = (): void => {};
  const signals = onEndSignals(() => end());
  const ended = new Promise<void>((resolve) => (end = resolve));
  await print("stdout", `serving ${settings.value.dir} on ${served.value.address}\n`);
  await ended;
  signals[Symbol.dispose]();
  await served.value.stop();
  return 0;
}

function settingsOf({ options, host, cwd }: Session): Result<ServeSettings, Wrong> {
  const listen = textOption(options, "listen") ?? DEFAULT_ADDRESS;
  const address = parseAddress(listen);
  if (address === undefined) return err({ option: "--listen", value: listen, reason: "is no HOST:PORT" });
  const size = textOption(options, "max-size") ?? DEFAULT_SIZE;
  const maxBytes = parseSize(size);
  if (maxBytes === undefined)
    return err({ option: "--max-size", value: size, reason: "is no size like 20GB" });
  const given = textOption(options, "dir");
  const own = localCacheFolder(undefined, { root: cwd, os: host.os, env: host.env });
  const dir = given === undefined ? own?.replace(/[^/]*$/, "served") : resolveFrom(cwd, given);
  if (dir === undefined)
    return err({ option: "--dir", value: "", reason: "is needed: there is no home folder" });
  const secrets: { token?: string; readToken?: string } = {};
  for (const [option, name] of [
    ["token", "token"],
    ["read-token", "readToken"],
  ] as const) {
    const text = textOption(options, option);
    if (text === undefined) continue;
    const value = text.startsWith("$") ? host.env[text.slice(1)] : text;
    if (value === undefined || value === "")
      return err({ option: `--${option}`, value: text, reason: "is not set" });
    secrets[name] = value;
  }
  const [cert, key] = [textOption(options, "tls-cert"), textOption(options, "tls-key")];
  if ((cert === undefined) !== (key === undefined))
    return err({ option: "--tls-cert", value: cert ?? "", reason: "and --tls-key go together" });
  const tls =
    cert === undefined || key === undefined
      ? {}
      : { tls: { cert: resolveFrom(cwd, cert), key: resolveFrom(cwd, key) } };
  return ok({ ...address, dir, maxBytes, tokens: secrets, ...tls });
}

/** `127.0.0.1:9092`, `[::1]:9092`, `:9092` for every address of the machine. */
function parseAddress(text: string): { readonly hostname: string; readonly port: number } | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) return undefined;
  const host = match[1] ?? match[2] ?? "";
  return { hostname: host === "" ? "0.0.0.0" : host, port };
}
