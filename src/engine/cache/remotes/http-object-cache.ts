import type { Result } from "#base/result";
import { err } from "#base/result";
import type { HttpAnswer, HttpTrouble, HttpUpload } from "#system/net/http-request";
import { httpRequest } from "#system/net/http-request";
import type { RemoteBlob, RemoteCache, RemoteTrouble } from "#engine/cache/remote-cache";
import { RemoteFailure } from "#engine/cache/remote-cache";
import { eachOf, withRetries } from "./persistence";
import type { RemoteSettings } from "./remote-settings";
import { badName, EMPTY_DIGEST, emptyStream, readAll, verifiedBlob } from "./verified-blob";

/** One of the two things that a cache holds. */
export interface ObjectName {
  readonly kind: "ac" | "cas";
  /** 64 hexadecimal digits. */
  readonly id: string;
}

export type ObjectOperation = "get" | "head" | "put";

/** How to ask for an object. */
export interface ObjectRequest {
  readonly url: string;
  /** What the operation is by default: GET, HEAD, PUT. */
  readonly method?: "GET" | "HEAD" | "PUT" | "POST";
  readonly headers: Readonly<Record<string, string>>;
}

/** A protocol of objects over HTTP: where each lies, and what proves that one may have it. */
export interface HttpLayout {
  request(
    operation: ObjectOperation,
    name: ObjectName,
    size: number,
  ): Promise<Result<ObjectRequest, RemoteTrouble>>;
  /** Forgets a credential that has been fetched. False where there is no other to be had. */
  renew?(): boolean;
}

const METHODS = { get: "GET", head: "HEAD", put: "PUT" } as const;
const MAX_ACTION_BYTES = 64 * 1024 * 1024;
const HEADS_AT_ONCE = 8;

/** A cache of objects over HTTP. Existence is asked one by one, some at once, since such protocols know no list. */
export class HttpObjectCache implements RemoteCache {
  readonly name: string;
  readonly #layout: HttpLayout;
  readonly #settings: RemoteSettings;
  readonly #end = new AbortController();

  constructor(name: string, layout: HttpLayout, settings: RemoteSettings) {
    this.name = name;
    this.#layout = layout;
    this.#settings = settings;
  }

  async getAction(key: string): Promise<Uint8Array | undefined> {
    const body = await this.#get({ kind: "ac", id: key });
    if (body === undefined) return undefined;
    return await readAll(body, MAX_ACTION_BYTES, (error) => this.#failureOf(error));
  }

  async putAction(key: string, message: Uint8Array): Promise<void> {
    const open = (): ReadableStream<Uint8Array> => new Blob([new Uint8Array(message)]).stream();
    await this.#put({ kind: "ac", id: key }, { size: message.length, open });
  }

  async getBlob(digest: string, maxBytes: number): Promise<ReadableStream<Uint8Array> | undefined> {
    if (digest === EMPTY_DIGEST) return emptyStream();
    const body = await this.#get({ kind: "cas", id: digest });
    if (body === undefined) return undefined;
    return verifiedBlob(body, { digest, maxBytes, failure: (error) => this.#failureOf(error) });
  }

  async putBlob(digest: string, size: number, open: () => ReadableStream<Uint8Array>): Promise<void> {
    if (digest !== EMPTY_DIGEST) await this.#put({ kind: "cas", id: digest }, { size, open });
  }

  async missing(digests: readonly RemoteBlob[]): Promise<readonly string[]> {
    const asked = [...new Set(digests.map(({ digest }) => digest))].filter(
      (digest) => digest !== EMPTY_DIGEST,
    );
    const found = await eachOf(asked, HEADS_AT_ONCE, async (id) => await this.#has({ kind: "cas", id }));
    return asked.filter((_digest, index) => found[index] !== true);
  }

  async close(): Promise<void> {
    this.#end.abort();
  }

  async #get(name: ObjectName): Promise<ReadableStream<Uint8Array> | undefined> {
    const answer = await this.#ask("get", name);
    if (answer.status === 404) {
      await answer.body?.cancel();
      return undefined;
    }
    return answer.body ?? emptyStream();
  }

  async #has(name: ObjectName): Promise<boolean> {
    const answer = await this.#ask("head", name);
    await answer.body?.cancel();
    return answer.status !== 404;
  }

  async #put(name: ObjectName, upload: HttpUpload): Promise<void> {
    const answer = await this.#ask("put", name, upload);
    await answer.body?.cancel();
  }

  /** An answer of 2xx, or of 404 where something was asked for. */
  async #ask(operation: ObjectOperation, name: ObjectName, upload?: HttpUpload): Promise<HttpAnswer> {
    const bad = badName(name.id);
    const answer =
      bad ??
      (await withRetries(async () => await this.#try(operation, name, upload), {
        retries: this.#settings.retries,
        signal: this.#end.signal,
      }));
    if (!answer.ok) throw new RemoteFailure(this.name, answer.error);
    return answer.value;
  }

  async #try(
    operation: ObjectOperation,
    name: ObjectName,
    upload: HttpUpload | undefined,
  ): Promise<Result<HttpAnswer, RemoteTrouble>> {
    const first = await this.#once(operation, name, upload);
    if (first.ok || first.error.kind !== "denied" || this.#layout.renew?.() !== true) return first;
    return await this.#once(operation, name, upload);
  }

  async #once(
    operation: ObjectOperation,
    name: ObjectName,
    upload: HttpUpload | undefined,
  ): Promise<Result<HttpAnswer, RemoteTrouble>> {
    const request = await this.#layout.request(operation, name, upload?.size ?? 0);
    if (!request.ok) return request;
    const answer = await httpRequest({
      method: METHODS[operation],
      ...request.value,
      ...(upload === undefined ? {} : { body: upload }),
      timeoutMs: this.#settings.timeoutMs,
      ca: this.#settings.ca,
      signal: this.#end.signal,
    });
    if (!answer.ok) return err(troubleOf(answer.error));
    const { status, body } = answer.value;
    if ((status >= 200 && status < 300) || (status === 404 && operation !== "put")) return answer;
    await body?.cancel();
    return err(statusTrouble(status, operation));
  }

  #failureOf(error: unknown): RemoteFailure {
    if (error instanceof RemoteFailure) return error;
    const trouble = isHttpError(error)
      ? troubleOf(error.trouble)
      : { kind: "damaged" as const, reason: error instanceof Error ? error.message : String(error) };
    return new RemoteFailure(this.name, trouble);
  }
}

const isHttpError = (error: unknown): error is { readonly trouble: HttpTrouble } =>
  error instanceof Error && error.name === "HttpError" && "trouble" in error;

const KINDS = {
  timeout: "timeout",
  unreachable: "unreachable",
  cancelled: "closed",
  source: "refused",
} as const;

export const troubleOf = ({ kind, reason }: HttpTrouble): RemoteTrouble => ({ kind: KINDS[kind], reason });

/** What an answer that is no success means. The body is not shown: it is not known what a server puts there. */
export function statusTrouble(status: number, operation?: ObjectOperation): RemoteTrouble {
  const answer = `it answered ${status}`;
  if (status === 401 || status === 403 || status === 407)
    return { kind: "denied", reason: `${answer}: the credentials are missing, wrong or expired` };
  if (status >= 500 || status === 408 || status === 429) return { kind: "server", reason: answer };
  if (status === 413) return { kind: "refused", reason: `${answer}: the entry is too large for it` };
  if (status >= 300 && status < 400)
    return { kind: "misplaced", reason: `${answer}: it is at another address` };
  // Names are always of the same form: a server that does not understand one of them understands none.
  if (status === 400 && operation === "get")
    return { kind: "misplaced", reason: `${answer}: the address, the region or the credentials are wrong` };
  if (status === 404 && operation === "put")
    return { kind: "misplaced", reason: `${answer}: there is no such bucket or folder` };
  return { kind: "refused", reason: answer };
}

/** The layout of paths that the stores have in common: `PREFIX/SCOPE/ac/KEY`, without slashes around. */
export const objectPath = ({ prefix, scope }: RemoteSettings, { kind, id }: ObjectName): string =>
  [prefix, scope, kind, id].filter((part) => part !== "").join("/");
