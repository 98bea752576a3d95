import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { LocalStore } from "#engine/cache/local-store";
import { CacheServer } from "#engine/cache/serve/cache-server";
import { isLoopback } from "#engine/cache/serve/serve-access";
import type { ServeTokens } from "#engine/cache/serve/serve-access";
import { readText } from "#system/fs/read-text";
import { serveHttp } from "#system/net/http-server";

export interface ServeSettings {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absolute. */
  readonly dir: string;
  readonly maxBytes: number;
  readonly tokens: ServeTokens;
  /** Absolute paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface ServedCache {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** Serves a folder as a cache by the Bazel HTTP protocol. Without a token only to this machine. */
export async function serveCache(
  settings: ServeSettings,
  report: (text: string) => void,
): Promise<Result<ServedCache, Diagnostic>> {
  const { hostname, port, dir, maxBytes, tokens } = settings;
  const isOpen = tokens.token === undefined && tokens.readToken === undefined;
  if (isOpen && !isLoopback(hostname))
    return err({ code: "E384", severity: "error", data: { address: `${hostname}:${port}` } });
  const fail = (reason: string): Result<ServedCache, Diagnostic> =>
    err({ code: "E383", severity: "error", data: { reason } });
  const tls = settings.tls === undefined ? ok(undefined) : await pemTexts(settings.tls);
  if (!tls.ok) return fail(tls.error);
  const store = LocalStore.open(dir, ({ text }) => report(text));
  if (!store.ok) return fail(store.error);
  const server = new CacheServer({ store: store.value, tokens, maxBytes, report });
  const listening = serveHttp({
    hostname,
    port,
    ...(tls.value === undefined ? {} : { tls: tls.value }),
    maxBody: maxBytes,
    answer: (request) => server.answer(request),
  });
  if (!listening.ok) return fail(listening.error);
  const { address, stop } = listening.value;
  return ok({
    address,
    stop: async () => {
      await stop();
      await server.settle();
    },
  });
}

async function pemTexts(paths: {
  readonly cert: string;
  readonly key: string;
}): Promise<Result<{ readonly cert: string; readonly key: string }, string>> {
  const [cert, key] = [await readText(paths.cert), await readText(paths.key)];
  if (cert.kind !== "text") return err(`${paths.cert} can't be read`);
  if (key.kind !== "text") return err(`${paths.key} can't be read`);
  return ok({ cert: cert.text, key: key.text });
}
