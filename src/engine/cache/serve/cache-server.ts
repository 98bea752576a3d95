import type { NamedFiles } from "#system/cas/blob-folder";
import { removeFile } from "#system/cas/place-output";
import { receiveBytes, receiveUpload } from "#system/cas/receive-file";
import { Breather } from "#system/cas/breather";
import { MAX_ACTION_BYTES } from "#engine/cache/action-result";
import type { LocalStore } from "#engine/cache/local-store";
import { reasonOf } from "#engine/cache/local-store";
import { pruneStore } from "#engine/cache/prune-store";
import { accessOf } from "./serve-access";
import type { ServeTokens } from "./serve-access";

export interface CacheServerOptions {
  readonly store: LocalStore;
  readonly tokens: ServeTokens;
  /** Of everything together; the largest body too. */
  readonly maxBytes: number;
  /** Something that whoever runs the server should know. */
  readonly report: (text: string) => void;
}

/** Entries are removed once so much of the limit has come in. */
const PRUNE_PART = 0.05;

const PATH = /^\/(ac|cas)\/([0-9a-f]{64})$/;

/**
 * Answers requests of the Bazel HTTP cache protocol: GET, HEAD and PUT of `/ac/KEY` and `/cas/DIGEST`, both 64 lower-case
 * hexadecimal digits, and of nothing else. What is put under a digest has to have it. GET `/status` says that the server
 * is there, to anybody.
 */
export class CacheServer {
  readonly #options: CacheServerOptions;
  #unpruned = 0;
  #pruning: Promise<void> | undefined;

  constructor(options: CacheServerOptions) {
    this.#options = options;
  }

  async answer(request: Request): Promise<Response> {
    const { pathname, hostname } = placeOf(request);
    if (pathname === "/status" && request.method === "GET") return text(200, "zr cache");
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead && request.method !== "PUT")
      return text(405, "GET, HEAD or PUT", { allow: "GET, HEAD, PUT" });
    const access = accessOf({ headers: request.headers, hostname }, !isRead, this.#options.tokens);
    if (access === "unauthorized") return text(401, "a token is needed", { "www-authenticate": "Bearer" });
    if (access === "forbidden") return text(403, "not with this token");
    const [, kind, name] = PATH.exec(pathname) ?? [];
    if (kind === undefined || name === undefined) return text(404, "there are /ac/KEY and /cas/DIGEST");
    try {
      const files = kind === "ac" ? this.#options.store.actions : this.#options.store.blobs;
      if (isRead) return this.#read(files, name, request.method === "HEAD");
      return kind === "ac" ? await this.#putAction(name, request) : await this.#putBlob(name, request);
    } catch (error) {
      const reason = reasonOf(error);
      this.#options.report(`${request.method} ${pathname}: ${reason}`);
      return text(507, "the server can't store or read it");
    }
  }

  #read(files: NamedFiles, name: string, isHead: boolean): Response {
    const size = files.touch(name);
    if (size === undefined) return text(404, "not here");
    const headers = {
      "content-type": "application/octet-stream",
      "content-length": String(size),
      "x-content-type-options": "nosniff",
    };
    return new Response(isHead ? null : files.content(name), { headers });
  }

  async #putAction(key: string, { body }: Request): Promise<Response> {
    const bytes = body === null ? new Uint8Array() : await receiveBytes(body, MAX_ACTION_BYTES);
    if (bytes === undefined) return text(413, "too large for an action result");
    this.#options.store.actions.write(key, bytes);
    this.#count(bytes.length);
    return text(200, "stored");
  }

  async #putBlob(digest: string, { body, headers }: Request): Promise<Response> {
    const { store, maxBytes } = this.#options;
    if (Number(headers.get("content-length") ?? 0) > maxBytes)
      return text(413, "larger than the whole cache");
    const temporary = store.blobs.temporary();
    try {
      const received = await receiveUpload(body, temporary, maxBytes);
      if (received === undefined) return text(413, "larger than the whole cache");
      if (received.digest !== digest) return text(400, `these bytes have the digest ${received.digest}`);
      store.blobs.adopt(temporary, digest);
      this.#count(received.size);
      return text(200, "stored");
    } finally {
      removeFile(temporary);
    }
  }

  #count(bytes: number): void {
    this.#unpruned += bytes;
    const { store, maxBytes, report } = this.#options;
    if (this.#unpruned < maxBytes * PRUNE_PART || this.#pruning !== undefined) return;
    this.#unpruned = 0;
    this.#pruning = (async () => {
      // What is under way is answered first.
      await new Breather().rest();
      try {
        await pruneStore(store, { limits: { maxBytes, maxAgeMs: Number.POSITIVE_INFINITY } });
      } catch (error) {
        report(`old entries can't be removed: ${reasonOf(error)}`);
      } finally {
        this.#pruning = undefined;
      }
    })();
  }

  /** Waits for what goes on behind requests. */
  async settle(): Promise<void> {
    await this.#pruning;
  }
}

/** What a request asks for. Without a host that can be one (HTTP/1.0 needs none) no name is the server's own. */
function placeOf({ url }: Request): { readonly pathname: string; readonly hostname: string } {
  if (URL.canParse(url)) return new URL(url);
  const path = /^(?:\w+:\/\/[^/]*)?(\/.*)$/.exec(url)?.[1] ?? "/";
  return { pathname: path.replace(/[?#].*$/, ""), hostname: "" };
}

const text = (status: number, line: string, headers: Record<string, string> = {}): Response =>
  new Response(`${line}\n`, { status, headers });
