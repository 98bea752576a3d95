import type { Client, ClientReadableStream, Metadata, ServiceError } from "@grpc/grpc-js";
import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import { wallMs } from "#system/clock/clock";
import { ProgressWindow } from "./progress-window";

export interface GrpcOptions {
  /** `host:port`. */
  readonly address: string;
  readonly isSecure: boolean;
  /** PEM certificates to trust instead of those of the system. */
  readonly ca?: string | undefined;
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long a call may take; for streams see {@link ProgressWindow}. */
  readonly timeoutMs: number;
}

/** The status that ended a call (a number of google.rpc.Code), or `source` where what was to be sent failed. */
export type GrpcTrouble = { readonly code: number } | { readonly code: "source"; readonly reason: string };

export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly trouble: GrpcTrouble;

  constructor(trouble: GrpcTrouble) {
    super(`status ${trouble.code}`);
    this.trouble = trouble;
  }
}

const LARGEST_MESSAGE = 80 * 1024 * 1024;
const DEADLINE_EXCEEDED = 4;
const UNKNOWN = 2;

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asBytes = (buffer: Buffer): Uint8Array => buffer;

/** Calls of a gRPC server with messages that are already bytes. */
export class GrpcChannel {
  readonly #client: Client;
  readonly #metadata: Metadata;
  readonly #timeoutMs: number;

  private constructor(client: Client, metadata: Metadata, timeoutMs: number) {
    this.#client = client;
    this.#metadata = metadata;
    this.#timeoutMs = timeoutMs;
  }

  /** Connects with the first call. */
  static async open({ address, isSecure, ca, headers, timeoutMs }: GrpcOptions): Promise<GrpcChannel> {
    const { Client, Metadata, credentials, logVerbosity, setLogVerbosity } = await import("#libraries/grpc");
    // It would write to standard error.
    setLogVerbosity(logVerbosity.NONE);
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name.toLowerCase(), value);
    const trusted = ca === undefined ? undefined : Buffer.from(ca);
    const client = new Client(
      address,
      isSecure ? credentials.createSsl(trusted) : credentials.createInsecure(),
      {
        "grpc.max_receive_message_length": LARGEST_MESSAGE,
        "grpc.initial_reconnect_backoff_ms": 100,
        // Tries are counted by whoever calls.
        "grpc.enable_retries": 0,
        "grpc.service_config_disable_resolution": 1,
      },
    );
    return new GrpcChannel(client, metadata, timeoutMs);
  }

  async unary(method: string, request: Uint8Array): Promise<Result<Uint8Array, GrpcTrouble>> {
    return await new Promise((resolve) => {
      const options = { deadline: wallMs() + this.#timeoutMs };
      this.#client.makeUnaryRequest(
        method,
        asBuffer,
        asBytes,
        request,
        this.#metadata,
        options,
        (error, value) => resolve(value === undefined ? err(troubleOf(error)) : ok(value)),
      );
    });
  }

  /**
   * The messages of a stream, each made into bytes by `decode`. Resolved with the first of them, so that what is not
   * there is told by the result; later the stream fails with a {@link GrpcError}.
   */
  async download(
    method: string,
    request: Uint8Array,
    decode: (message: Uint8Array) => Uint8Array,
  ): Promise<Result<ReadableStream<Uint8Array>, GrpcTrouble>> {
    const call = this.#client.makeServerStreamRequest(method, asBuffer, asBytes, request, this.#metadata);
    const messages = new MessageReader(call, this.#timeoutMs);
    const first = await messages.next();
    if (!first.ok) return first;
    let waiting: Uint8Array | undefined = first.value;
    return ok(
      new ReadableStream<Uint8Array>(
        {
          pull: async (controller) => {
            const next = waiting === undefined ? await messages.next() : ok(waiting);
            waiting = undefined;
            if (!next.ok) controller.error(new GrpcError(next.error));
            else if (next.value === undefined) controller.close();
            else controller.enqueue(decode(next.value));
          },
          cancel: () => messages.cancel(),
        },
        { highWaterMark: 0 },
      ),
    );
  }

  /** Sends messages until there are no more or the server has had enough; its answer. */
  async upload(
    method: string,
    messages: AsyncIterable<Uint8Array>,
  ): Promise<Result<Uint8Array, GrpcTrouble>> {
    let isOver = false;
    let ownTrouble: GrpcTrouble | undefined;
    const answered = Promise.withResolvers<Result<Uint8Array, GrpcTrouble>>();
    const call = this.#client.makeClientStreamRequest(
      method,
      asBuffer,
      asBytes,
      this.#metadata,
      (error, value) => {
        isOver = true;
        answered.resolve(value === undefined ? err(ownTrouble ?? troubleOf(error)) : ok(value));
      },
    );
    const end = (trouble: GrpcTrouble): void => {
      ownTrouble ??= trouble;
      call.cancel();
    };
    const window = new ProgressWindow(this.#timeoutMs, () => end({ code: DEADLINE_EXCEEDED }));
    try {
      for await (const message of messages) {
        if (isOver) break;
        window.wait();
        // Called when the message has left, or can't.
        await Promise.race([new Promise((resolve) => call.write(message, resolve)), answered.promise]);
        window.moved(message.length);
      }
    } catch (error) {
      end({ code: "source", reason: error instanceof Error ? error.message : String(error) });
    }
    window.renew();
    window.wait();
    if (!isOver) call.end();
    const answer = await answered.promise;
    window.stop();
    return answer;
  }

  close(): void {
    this.#client.close();
  }
}

const troubleOf = (error: ServiceError | null): GrpcTrouble => ({ code: error?.code ?? UNKNOWN });

/** Messages of a call one by one, with a bound on each wait. */
class MessageReader {
  readonly #call: ClientReadableStream<Uint8Array>;
  readonly #messages: AsyncIterator<Uint8Array>;
  readonly #window: ProgressWindow;
  #isLate = false;

  constructor(call: ClientReadableStream<Uint8Array>, timeoutMs: number) {
    this.#call = call;
    // Node's types say `any` here.
    this.#messages = call[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.#window = new ProgressWindow(timeoutMs, () => {
      this.#isLate = true;
      call.cancel();
    });
  }

  /** Undefined at the end. */
  async next(): Promise<Result<Uint8Array | undefined, GrpcTrouble>> {
    this.#window.wait();
    try {
      const next = await this.#messages.next();
      this.#window.moved(next.done === true ? 0 : next.value.length);
      return ok(next.done === true ? undefined : next.value);
    } catch (error) {
      this.#window.stop();
      if (this.#isLate) return err({ code: DEADLINE_EXCEEDED });
      return err({ code: error instanceof Error && "code" in error ? Number(error.code) : UNKNOWN });
    }
  }

  cancel(): void {
    this.#window.stop();
    // Its end is an error that nobody waits for any more.
    this.#call.on("error", () => undefined);
    this.#call.cancel();
  }
}
