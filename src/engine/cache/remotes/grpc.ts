import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { GrpcChannel } from "#system/net/grpc-channel";
import type { GrpcTrouble } from "#system/net/grpc-channel";
import { randomKey } from "#system/random-key";
import type { RemoteBlob, RemoteCache, RemoteTrouble } from "#engine/cache/remote-cache";
import { RemoteFailure } from "#engine/cache/remote-cache";
import {
  batchAnswer,
  batchReadRequest,
  batchUpdateRequest,
  committedSize,
  findMissingBlobsRequest,
  getActionResultRequest,
  missingBlobs,
  readData,
  readRequest,
  updateActionResultRequest,
  writeRequest,
} from "./grpc-messages";
import { withRetries } from "./persistence";
import { authHeaders } from "./remote-auth";
import type { RemoteProblem, RemoteSettings } from "./remote-settings";
import { required } from "./remote-settings";
import { scopedKey } from "./scoped-key";
import { badName, EMPTY_DIGEST, emptyStream, readAll, verifiedBlob } from "./verified-blob";

const ACTIONS = "/build.bazel.remote.execution.v2.ActionCache";
const BLOBS = "/build.bazel.remote.execution.v2.ContentAddressableStorage";
const BYTES = "/google.bytestream.ByteStream";

/** Larger blobs go by ByteStream. Servers take messages of 4 MiB by default. */
const BATCH_BYTES = 1024 * 1024;
const PIECE_BYTES = 256 * 1024;
const DIGESTS_AT_ONCE = 10_000;
/** Part of the name of an action, which has a size in this API; ours are names without content. */
const ACTION_SIZE = 64;

const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const DATA_LOSS = 15;

/**
 * The cache of the Remote Execution API v2: ActionCache, ContentAddressableStorage and ByteStream. `prefix` is the name of
 * the instance; a scope goes into the key. `grpcs` (or `https`) is TLS.
 */
export function openGrpc(settings: RemoteSettings): Result<RemoteCache, RemoteProblem> {
  const url = required(settings, "url");
  if (!url.ok) return url;
  const match = /^(grpcs?|https?):\/\/([^/]+)(?:\/(.*))?$/.exec(url.value);
  const [, scheme = "", host = "", path = ""] = match ?? [];
  if (match === null) return err({ key: "url", reason: "it is no address like grpcs://host:port" });
  const isSecure = scheme === "grpcs" || scheme === "https";
  // The runtime refuses to name an address in TLS, and the client always names its host.
  if (isSecure && /^(?:[\d.]+|\[.*\])(?::\d+)?$/.test(host))
    return err({ key: "url", reason: "with TLS it names a host, not an IP address" });
  const address = /:\d+$/.test(host) ? host : `${host}:${isSecure ? 443 : 80}`;
  const { auth, ca, timeoutMs } = settings;
  if (auth?.kind === "header" && /^grpc-|-bin$/i.test(auth.name))
    return err({ key: "auth", reason: `gRPC has a meaning of its own for headers like ${auth.name}` });
  const instance = [path, settings.prefix].filter((part) => part !== "").join("/");
  const open = async (): Promise<GrpcChannel> =>
    await GrpcChannel.open({ address, isSecure, ca, headers: authHeaders(auth), timeoutMs });
  return ok(new GrpcCache(`grpc cache ${address}`, { open, instance, settings }));
}

interface GrpcPlace {
  readonly open: () => Promise<GrpcChannel>;
  readonly instance: string;
  readonly settings: RemoteSettings;
}

class GrpcCache implements RemoteCache {
  readonly name: string;
  readonly #place: GrpcPlace;
  readonly #end = new AbortController();
  #channel: Promise<GrpcChannel> | undefined;

  constructor(name: string, place: GrpcPlace) {
    this.name = name;
    this.#place = place;
  }

  async getAction(key: string): Promise<Uint8Array | undefined> {
    const request = getActionResultRequest(this.#place.instance, this.#action(key));
    return await this.#unary(`${ACTIONS}/GetActionResult`, request, { mayMiss: true });
  }

  async putAction(key: string, message: Uint8Array): Promise<void> {
    const request = updateActionResultRequest(this.#place.instance, this.#action(key), message);
    await this.#unary(`${ACTIONS}/UpdateActionResult`, request);
  }

  async getBlob(digest: string, maxBytes: number): Promise<ReadableStream<Uint8Array> | undefined> {
    if (digest === EMPTY_DIGEST) return emptyStream();
    const blob = this.#checked({ digest, size: maxBytes });
    const body = maxBytes <= BATCH_BYTES ? await this.#readSmall(blob) : await this.#readLarge(blob);
    if (body === undefined) return undefined;
    return verifiedBlob(body, { digest, maxBytes, failure: (error) => this.#failureOf(error) });
  }

  async putBlob(digest: string, size: number, open: () => ReadableStream<Uint8Array>): Promise<void> {
    if (digest === EMPTY_DIGEST) return;
    const blob = this.#checked({ digest, size });
    await (size <= BATCH_BYTES ? this.#writeSmall(blob, open) : this.#writeLarge(blob, open));
  }

  async missing(digests: readonly RemoteBlob[]): Promise<readonly string[]> {
    const missing: string[] = [];
    const asked = digests.filter(({ digest }) => digest !== EMPTY_DIGEST).map((blob) => this.#checked(blob));
    for (let at = 0; at < asked.length; at += DIGESTS_AT_ONCE) {
      const request = findMissingBlobsRequest(this.#place.instance, asked.slice(at, at + DIGESTS_AT_ONCE));
      const found = missingBlobs(await this.#answer(`${BLOBS}/FindMissingBlobs`, request));
      if (found === undefined) throw this.#failure(DAMAGED);
      missing.push(...found);
    }
    return missing;
  }

  async close(): Promise<void> {
    this.#end.abort();
    (await this.#channel)?.close();
  }

  async #readSmall(blob: RemoteBlob): Promise<ReadableStream<Uint8Array> | undefined> {
    const request = batchReadRequest(this.#place.instance, blob);
    const answer = batchAnswer(await this.#answer(`${BLOBS}/BatchReadBlobs`, request), "read");
    if (answer === undefined) throw this.#failure(DAMAGED);
    if (answer.code === NOT_FOUND) return undefined;
    if (answer.code !== 0) throw this.#failure(statusTrouble({ code: answer.code }));
    return new Blob([new Uint8Array(answer.data)]).stream();
  }

  async #readLarge(blob: RemoteBlob): Promise<ReadableStream<Uint8Array> | undefined> {
    const request = readRequest(this.#resource(["blobs", blob.digest, String(blob.size)]));
    return await this.#call(async (channel) => await channel.download(`${BYTES}/Read`, request, readData), {
      mayMiss: true,
    });
  }

  async #writeSmall(blob: RemoteBlob, open: () => ReadableStream<Uint8Array>): Promise<void> {
    const data = await readAll(open(), blob.size, (error) => this.#failureOf(error));
    const request = batchUpdateRequest(this.#place.instance, blob, data);
    const answer = batchAnswer(await this.#answer(`${BLOBS}/BatchUpdateBlobs`, request), "update");
    if (answer === undefined) throw this.#failure(DAMAGED);
    if (answer.code !== 0 && answer.code !== ALREADY_EXISTS)
      throw this.#failure(statusTrouble({ code: answer.code }));
  }

  async #writeLarge(blob: RemoteBlob, open: () => ReadableStream<Uint8Array>): Promise<void> {
    const answer = await this.#call(async (channel) => {
      const name = this.#resource(["uploads", uuid(), "blobs", blob.digest, String(blob.size)]);
      return await channel.upload(`${BYTES}/Write`, pieces(name, blob.size, open()));
    });
    // A server that has the blob already may say so before it has been sent.
    const committed = committedSize(answer ?? new Uint8Array());
    if (committed !== blob.size)
      throw this.#failure({ kind: "damaged", reason: "it kept only a part of a blob" });
  }

  #resource(parts: readonly string[]): string {
    return [this.#place.instance, ...parts].filter((part) => part !== "").join("/");
  }

  #action(key: string): RemoteBlob {
    const digest = scopedKey(this.#place.settings.scope, this.#checked({ digest: key, size: 0 }).digest);
    return { digest, size: ACTION_SIZE };
  }

  #checked(blob: RemoteBlob): RemoteBlob {
    const bad = badName(blob.digest);
    if (bad !== undefined && !bad.ok) throw this.#failure(bad.error);
    return blob;
  }

  async #answer(method: string, request: Uint8Array): Promise<Uint8Array> {
    return (await this.#unary(method, request)) ?? new Uint8Array();
  }

  async #unary(
    method: string,
    request: Uint8Array,
    options?: { readonly mayMiss: boolean },
  ): Promise<Uint8Array | undefined> {
    return await this.#call(async (channel) => await channel.unary(method, request), options);
  }

  /** Undefined where it is not there and may be so. */
  async #call<T>(
    act: (channel: GrpcChannel) => Promise<Result<T, GrpcTrouble>>,
    { mayMiss }: { readonly mayMiss: boolean } = { mayMiss: false },
  ): Promise<T | undefined> {
    const { retries } = this.#place.settings;
    const attempt = async (): Promise<Result<T | undefined, RemoteTrouble>> => {
      this.#channel ??= this.#place.open();
      const outcome = await act(await this.#channel);
      if (outcome.ok) return outcome;
      if (mayMiss && outcome.error.code === NOT_FOUND) return ok(undefined);
      return err(
        this.#end.signal.aborted
          ? { kind: "closed", reason: "it was given up" }
          : statusTrouble(outcome.error),
      );
    };
    const outcome = await withRetries(attempt, { retries, signal: this.#end.signal });
    if (!outcome.ok) throw this.#failure(outcome.error);
    return outcome.value;
  }

  #failure(trouble: RemoteTrouble): RemoteFailure {
    return new RemoteFailure(this.name, trouble);
  }

  #failureOf(error: unknown): RemoteFailure {
    if (error instanceof RemoteFailure) return error;
    if (error instanceof Error && error.name === "GrpcError" && "trouble" in error)
      return this.#failure(statusTrouble(error.trouble as GrpcTrouble));
    const reason = error instanceof Error ? error.message : String(error);
    return this.#failure({ kind: "damaged", reason });
  }
}

const DAMAGED: RemoteTrouble = { kind: "damaged", reason: "an answer is not of the protocol" };

async function* pieces(
  resource: string,
  size: number,
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const data = chunk.subarray(at, at + PIECE_BYTES);
      yield writeRequest(resource, offset, { data, isLast: offset + data.length === size });
      offset += data.length;
    }
  }
}

const uuid = (): string => randomKey().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

const REASONS: Readonly<Record<number, RemoteTrouble>> = {
  1: { kind: "closed", reason: "it was given up" },
  3: { kind: "refused", reason: "it takes the request for invalid" },
  4: { kind: "timeout", reason: "no answer in time" },
  5: { kind: "refused", reason: "it knows no such thing" },
  7: { kind: "denied", reason: "the credentials do not permit it" },
  8: { kind: "refused", reason: "it is full, or has a limit that is used up" },
  9: { kind: "refused", reason: "it is not in a state to take it" },
  11: { kind: "refused", reason: "it takes the request for invalid" },
  12: { kind: "refused", reason: "it does not have this service" },
  14: { kind: "unreachable", reason: "nobody answers there, or the connection broke" },
  [DATA_LOSS]: { kind: "damaged", reason: "it has lost data" },
  16: { kind: "denied", reason: "the credentials are missing, wrong or expired" },
};

/** What a status means; the server's own text is not shown, since it is not known what stands there. */
function statusTrouble(trouble: GrpcTrouble): RemoteTrouble {
  if (trouble.code === "source")
    return { kind: "refused", reason: `what was to be sent could not be read: ${trouble.reason}` };
  return REASONS[trouble.code] ?? { kind: "server", reason: `it answered status ${trouble.code}` };
}
