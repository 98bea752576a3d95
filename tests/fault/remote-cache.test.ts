import { afterAll, describe, expect, test } from "bun:test";
import type { RemoteCacheTable } from "#core/config/schema/sections";
import { openRemoteCache } from "#engine/cache/open-remote-cache";
import type { RemoteCache, RemoteFailureKind } from "#engine/cache/remote-cache";
import { failureOf, get, put, randomBytes, sha256 } from "#tests/contract/remote-cache";
import { startCacheServer } from "#tests/support/cache-server";
import type { Misbehaviour } from "#tests/support/misbehaving-server";
import { freePort, SLOW_BODY, startMisbehaving } from "#tests/support/misbehaving-server";
import { startTcpProxy } from "#tests/support/tcp-proxy";
import { absenceOf, testUnless } from "#tests/support/left-out";

const SECRET = "c2VjcmV0LW9mLXRoZS10ZXN0";
const KEY = sha256(new TextEncoder().encode("an action"));
const TIMEOUT = "300ms";
/** Where no time-out is expected: none on a machine that is busy, either. */
const PATIENCE = "30s";

type Configured = readonly [RemoteCacheTable, Record<string, string>];

/** One configuration a protocol, with a credential that must not be seen. */
const protocols = (port: number, timeout: string): readonly Configured[] => {
  const url = `http://127.0.0.1:${port}`;
  const rest = { timeout, retries: 0, bucket: "zr-cache" };
  return [
    [{ ...rest, type: "http", url, auth: "bearer:$TOKEN" }, { TOKEN: SECRET }],
    [{ ...rest, type: "http", url, auth: "basic:me:$TOKEN" }, { TOKEN: SECRET }],
    [
      { ...rest, type: "s3", endpoint: url },
      { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: SECRET },
    ],
    [{ ...rest, type: "gcs", endpoint: url, auth: "bearer:$TOKEN" }, { TOKEN: SECRET }],
    [{ ...rest, type: "azure", url, auth: "key:me:$TOKEN" }, { TOKEN: SECRET }],
    [{ ...rest, type: "azure", url, auth: "sas:$TOKEN" }, { TOKEN: `sig=${SECRET}` }],
    [{ ...rest, type: "turbo", url, auth: "bearer:$TOKEN" }, { TOKEN: SECRET }],
    [
      // To HTTP/2, an answer of HTTP/1 is none, until the time is over.
      {
        ...rest,
        timeout: TIMEOUT,
        type: "grpc",
        url: `grpc://127.0.0.1:${port}`,
        auth: "bearer:$TOKEN",
      },
      { TOKEN: SECRET },
    ],
  ];
};

async function opened(table: RemoteCacheTable, env: Record<string, string>): Promise<RemoteCache> {
  const cache = await openRemoteCache(table, env);
  if (!cache.ok) throw new Error(cache.error.reason);
  return cache.value;
}

async function read(cache: RemoteCache, digest: string): Promise<unknown> {
  return await get(cache, digest, 1_000_000);
}

const blob = randomBytes(3_000_000);

/** Everything that can be asked of a cache. */
const requests = (cache: RemoteCache): readonly Promise<unknown>[] => [
  cache.getAction(KEY),
  read(cache, KEY),
  cache.missing([{ digest: KEY, size: 20 }]),
  cache.putAction(KEY, new Uint8Array([1, 2, 3])),
  put(cache, randomBytes(20)),
  put(cache, blob),
];

const faults: readonly (readonly [Misbehaviour | "is not there", readonly RemoteFailureKind[]])[] = [
  ["is not there", ["unreachable"]],
  ["answers nothing", ["timeout"]],
  ["reads nothing", ["timeout"]],
  ["breaks the connection", ["unreachable"]],
  ["speaks another protocol", ["unreachable", "server"]],
  [{ status: 500 }, ["server", "unreachable"]],
  [{ status: 401 }, ["denied", "unreachable"]],
  [{ status: 403 }, ["denied", "unreachable"]],
  [{ status: 302, headers: "Location: http://127.0.0.1:1/elsewhere\r\n" }, ["misplaced", "unreachable"]],
  [{ status: 418 }, ["refused", "unreachable"]],
];

describe("a remote cache whose server", () => {
  for (const [fault, kinds] of faults) {
    const does = typeof fault === "string" ? fault : `answers ${fault.status}`;
    test(`${does} fails in time with a failure that names it and no credential, whatever the protocol`, async () => {
      const server = fault === "is not there" ? undefined : startMisbehaving(fault);
      const act = async ([table, env]: Configured): Promise<void> => {
        const cache = await opened(table, env);
        for (const failure of await Promise.all(requests(cache).map(failureOf))) {
          // To gRPC, which is HTTP/2, every answer of HTTP/1 is a broken connection, or none.
          if (table.type === "grpc") expect(["unreachable", "timeout", "server"]).toContain(failure.kind);
          else expect(kinds).toContain(failure.kind);
          expect(failure.message).toStartWith(`${table.type ?? ""} cache `);
          const shown = `${failure.message} ${failure.stack ?? ""} ${Bun.inspect(failure)}`;
          expect(shown).not.toContain(SECRET);
          expect(shown).not.toContain("Signature=");
        }
        await cache.close();
      };
      const timeout = kinds.includes("timeout") ? TIMEOUT : PATIENCE;
      await Promise.all(protocols(server?.port ?? freePort(), timeout).map(act));
      server?.stop();
    });
  }

  const bodies: readonly (readonly [Misbehaviour, RemoteFailureKind])[] = [
    ["stops in the middle of a body", "timeout"],
    ["drips", "timeout"],
    ["breaks in the middle of a body", "unreachable"],
    ["sends something else", "damaged"],
  ];
  for (const [fault, kind] of bodies) {
    test(`${String(fault)} gives a blob whose stream fails`, async () => {
      const server = startMisbehaving(fault);
      const act = async ([table, env]: Configured): Promise<void> => {
        if (table.type === "grpc") return;
        const cache = await opened(table, env);
        const stream = await cache.getBlob(KEY, 1_000_000);
        const failure = await failureOf(new Response(stream ?? null).arrayBuffer());
        expect(failure.kind).toBe(kind);
        expect(failure.message).toStartWith(`${cache.name}: `);
        await cache.close();
      };
      await Promise.all(protocols(server.port, kind === "timeout" ? TIMEOUT : PATIENCE).map(act));
      server.stop();
    });
  }

  test("breaks the connection while more of a blob is read is to blame, not what is read", async () => {
    const server = startMisbehaving("breaks the connection");
    for (const [table, env] of protocols(server.port, PATIENCE)) {
      if (table.type === "grpc") continue;
      const cache = await opened(table, env);
      const endless = (): ReadableStream<Uint8Array> =>
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(10)),
          pull: async () => await new Promise(() => undefined),
        });
      const failure = await failureOf(cache.putBlob(KEY, blob.length, endless));
      expect(failure.kind).toBe("unreachable");
      await cache.close();
    }
    server.stop();
  });

  test("sends more bytes than a blob has gives a stream that fails", async () => {
    const server = startMisbehaving("sends something else");
    const [first] = protocols(server.port, PATIENCE);
    const cache = await opened(...(first as Configured));
    const failure = await failureOf(get(cache, KEY, 3));
    expect(failure.reason).toBe("a blob has more than its 3 bytes");
    server.stop();
  });

  test("takes longer than the time-out is waited for as long as the blob gets on", async () => {
    const server = startMisbehaving("is slow but goes on");
    const bytes = new TextEncoder().encode(SLOW_BODY);
    const cache = await opened(
      { type: "http", url: `http://127.0.0.1:${server.port}`, timeout: TIMEOUT },
      {},
    );
    expect((await get(cache, sha256(bytes), bytes.length)).length).toBe(bytes.length);
    await cache.close();
    server.stop();
  });

  test("fails for a moment is asked again, as often as retries says", async () => {
    let left = 2;
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => {
        left -= 1;
        return left >= 0 ? new Response("busy", { status: 503 }) : new Response("hello");
      },
    });
    const url = server.url.href;
    const cache = await opened({ type: "http", url, retries: 2 }, {});
    expect(new TextDecoder().decode(await cache.getAction(KEY))).toBe("hello");
    left = 2;
    const impatient = await opened({ type: "http", url, retries: 1 }, {});
    expect((await failureOf(impatient.getAction(KEY))).kind).toBe("server");
    expect(left).toBe(0);
    await server.stop(true);
  });

  test("answers nothing is not asked again", async () => {
    const server = startMisbehaving("answers nothing");
    const cache = await opened(
      { type: "http", url: `http://127.0.0.1:${server.port}`, timeout: "50ms", retries: 5 },
      {},
    );
    expect((await failureOf(cache.getAction(KEY))).kind).toBe("timeout");
    expect(server.connections()).toBe(1);
    server.stop();
  });

  test("answers nothing is given up when the cache is closed", async () => {
    const server = startMisbehaving("answers nothing");
    const cache = await opened({ type: "http", url: `http://127.0.0.1:${server.port}`, timeout: "1h" }, {});
    const asked = failureOf(cache.getAction(KEY));
    await cache.close();
    expect((await asked).kind).toBe("closed");
    server.stop();
  });

  test("is asked for a key that is no key refuses by itself", async () => {
    for (const [table, env] of protocols(freePort(), TIMEOUT)) {
      const cache = await opened(table, env);
      expect((await failureOf(cache.getAction("../../etc/passwd"))).kind).toBe("refused");
      expect((await failureOf(cache.getBlob("", 1))).kind).toBe("refused");
      await cache.close();
    }
  });
});

const buildbox = await startCacheServer("buildbox");
const running = "stop" in buildbox ? buildbox : undefined;
afterAll(async () => await running?.stop());

describe("a remote cache by the Remote Execution API", () => {
  for (const [kind, expected] of [
    ["cut", "unreachable"],
    ["stall", "timeout"],
  ] as const) {
    testUnless(absenceOf(buildbox))(
      `gives a stream that fails when the connection is ${kind === "cut" ? "cut" : "stalled"} within it`,
      async () => {
        const port = running?.port ?? 0;
        const direct = await opened({ type: "grpc", url: `grpc://127.0.0.1:${port}` }, {});
        await put(direct, blob);
        const proxy = startTcpProxy(port, { kind, after: 2_500_000 });
        const cache = await opened(
          { type: "grpc", url: `grpc://127.0.0.1:${proxy.port}`, timeout: TIMEOUT, retries: 0 },
          {},
        );
        const stream = await cache.getBlob(sha256(blob), blob.length);
        const failure = await failureOf(new Response(stream ?? null).arrayBuffer());
        expect(failure.kind).toBe(expected);
        await Promise.all([cache.close(), direct.close()]);
        proxy.stop();
      },
    );
  }
});
