import { describe, expect } from "bun:test";
import { createHash } from "node:crypto";
import { decodeActionResult, encodeActionResult } from "#engine/cache/action-result";
import { openRemoteCache } from "#engine/cache/open-remote-cache";
import type { RemoteCache } from "#engine/cache/remote-cache";
import { RemoteFailure } from "#engine/cache/remote-cache";
import type { RemoteCacheTable } from "#core/config/schema/sections";
import { testUnless } from "#tests/support/left-out";

/** How a client is to be configured for a server that runs. */
export interface RemoteUnderTest {
  readonly table: RemoteCacheTable;
  readonly env: Readonly<Record<string, string>>;
  /** Variables with a credential that the server refuses; undefined where it asks for none. */
  readonly wrongEnv?: Readonly<Record<string, string>>;
  /** The server keeps what it has got of a blob when the connection breaks. */
  readonly keepsParts?: boolean;
}

const LARGE_BYTES = 5 * 1024 * 1024 + 17;
const timeout = 30_000;

/**
 * What every remote cache does, whatever its protocol. `subject` is undefined where there is no server, and `absence`
 * says why.
 */
export function remoteCacheContract(
  name: string,
  subject: RemoteUnderTest | undefined,
  absence: string | undefined,
): void {
  const check = (sentence: string, act: (rig: Rig) => Promise<void>): void => {
    testUnless(absence)(
      sentence,
      async () => {
        if (subject === undefined) return;
        await act(new Rig(subject));
      },
      timeout,
    );
  };

  describe(`a remote cache at ${name}`, () => {
    check("has neither an action nor a blob that nobody put there", async (rig) => {
      const cache = await rig.open();
      const digest = sha256(randomBytes(20));
      expect(await cache.getAction(sha256(randomBytes(20)))).toBeUndefined();
      expect(await cache.getBlob(digest, 20)).toBeUndefined();
      expect(await cache.getBlob(digest, LARGE_BYTES)).toBeUndefined();
      expect(await cache.missing([{ digest, size: 20 }])).toEqual([digest]);
      await cache.close();
    });

    check("gives back blobs of every size as they were put", async (rig) => {
      const cache = await rig.open();
      for (const size of [1, 1000, 300_000, LARGE_BYTES]) {
        const bytes = randomBytes(size);
        await put(cache, bytes);
        expect(sha256(await get(cache, sha256(bytes), size))).toBe(sha256(bytes));
      }
      await cache.close();
    });

    check("has the empty blob always", async (rig) => {
      const cache = await rig.open();
      const digest = sha256(new Uint8Array());
      await put(cache, new Uint8Array());
      expect(await get(cache, digest, 0)).toEqual(new Uint8Array());
      expect(await cache.missing([{ digest, size: 0 }])).toEqual([]);
      await cache.close();
    });

    check("says which of many blobs are missing", async (rig) => {
      const cache = await rig.open();
      const all = Array.from({ length: 24 }, () => randomBytes(64));
      const there = all.filter((_bytes, index) => index % 3 === 0);
      await Promise.all(there.map(async (bytes) => await put(cache, bytes)));
      const missing = await cache.missing(all.map((bytes) => ({ digest: sha256(bytes), size: 64 })));
      const expected = all.filter((bytes) => !there.includes(bytes)).map(sha256);
      expect([...missing].sort()).toEqual(expected.sort());
      expect(await cache.missing([])).toEqual([]);
      await cache.close();
    });

    check("gives back the result of an action, the newer one when it is put again", async (rig) => {
      const cache = await rig.open();
      const key = sha256(randomBytes(20));
      for (const path of ["out/first", "out/second"]) {
        const bytes = randomBytes(99);
        await put(cache, bytes);
        const result = { files: [{ path, digest: sha256(bytes), size: 99, executable: true }] };
        await cache.putAction(key, encodeActionResult(result));
        const found = await cache.getAction(key);
        expect(found === undefined ? undefined : decodeActionResult(found)).toEqual(result);
      }
      await cache.close();
    });

    check("takes a blob twice", async (rig) => {
      const cache = await rig.open();
      for (const size of [50, LARGE_BYTES]) {
        const bytes = randomBytes(size);
        await put(cache, bytes);
        await put(cache, bytes);
        expect(await cache.missing([{ digest: sha256(bytes), size }])).toEqual([]);
      }
      await cache.close();
    });

    check("keeps what another client finds", async (rig) => {
      const [first, second] = [await rig.open(), await rig.open()];
      const bytes = randomBytes(5000);
      await put(first, bytes);
      await first.close();
      expect(await get(second, sha256(bytes), 5000)).toEqual(bytes);
      await second.close();
    });

    check("keeps the actions of one scope from those of another", async (rig) => {
      const [mine, theirs] = [await rig.open({ scope: "team/a" }), await rig.open({ scope: "team/b" })];
      const key = sha256(randomBytes(20));
      const bytes = randomBytes(30);
      await put(mine, bytes);
      const result = { files: [{ path: "a", digest: sha256(bytes), size: 30, executable: false }] };
      await mine.putAction(key, encodeActionResult(result));
      expect(await theirs.getAction(key)).toBeUndefined();
      expect(decodeActionResult((await mine.getAction(key)) ?? new Uint8Array())).toEqual(result);
      await Promise.all([mine.close(), theirs.close()]);
    });

    check("gives nobody a part of a blob that could not be read to its end", async (rig) => {
      const cache = await rig.open({ retries: 0 });
      const bytes = randomBytes(LARGE_BYTES);
      const failure = await failureOf(cache.putBlob(sha256(bytes), LARGE_BYTES, () => breaking(bytes)));
      expect(failure.message).toContain("the disk is gone");
      if (subject?.keepsParts === true) {
        // Whether a part has come far enough to be kept is up to the server.
        const part = await cache.getBlob(sha256(bytes), LARGE_BYTES);
        if (part !== undefined)
          expect((await failureOf(new Response(part).arrayBuffer())).kind).toBe("damaged");
      } else
        expect(await cache.missing([{ digest: sha256(bytes), size: LARGE_BYTES }])).toEqual([sha256(bytes)]);
      await cache.close();
    });

    check("never gives a blob more bytes than were asked for", async (rig) => {
      const cache = await rig.open();
      const bytes = randomBytes(5000);
      await put(cache, bytes);
      const got = await get(cache, sha256(bytes), 4999).catch((error: unknown) => error);
      // A protocol that names blobs by size too has no such blob.
      expect((got instanceof Error && got.message === "missing") || got instanceof RemoteFailure).toBe(true);
      await cache.close();
    });

    check("can be left in the middle of a blob", async (rig) => {
      const cache = await rig.open();
      const bytes = randomBytes(LARGE_BYTES);
      await put(cache, bytes);
      const stream = await cache.getBlob(sha256(bytes), LARGE_BYTES);
      const reader = stream?.getReader();
      expect((await reader?.read())?.done).toBe(false);
      await reader?.cancel();
      expect(sha256(await get(cache, sha256(bytes), LARGE_BYTES))).toBe(sha256(bytes));
      await cache.close();
    });

    check("does nothing once it is closed", async (rig) => {
      const cache = await rig.open();
      await cache.close();
      expect((await failureOf(cache.getAction(sha256(randomBytes(3))))).kind).toBe("closed");
    });

    testUnless(absence ?? (subject?.wrongEnv === undefined ? "it asks for no credential" : undefined))(
      "says that it is denied, and no credential, where the server refuses the credential",
      async () => {
        if (subject?.wrongEnv === undefined) return;
        const cache = await new Rig({ ...subject, env: subject.wrongEnv }).open();
        const bytes = randomBytes(10);
        const acts = [
          cache.getAction(sha256(bytes)),
          cache.getBlob(sha256(bytes), 10),
          cache.missing([{ digest: sha256(bytes), size: 10 }]),
          put(cache, bytes),
        ];
        for (const failure of await Promise.all(acts.map(failureOf))) {
          expect(failure.kind).toBe("denied");
          expect(failure.message).toStartWith(`${cache.name}: `);
          const secrets = Object.entries(subject.wrongEnv).filter(([name]) => name !== "AWS_ACCESS_KEY_ID");
          for (const [, secret] of secrets) expect(failure.message).not.toContain(secret);
        }
        await cache.close();
      },
      timeout,
    );
  });
}

class Rig {
  readonly #subject: RemoteUnderTest;

  constructor(subject: RemoteUnderTest) {
    this.#subject = subject;
  }

  async open(more: RemoteCacheTable = {}): Promise<RemoteCache> {
    const opened = await openRemoteCache({ ...this.#subject.table, ...more }, this.#subject.env, "/");
    if (!opened.ok) throw new Error(`${opened.error.key}: ${opened.error.reason}`);
    return opened.value;
  }
}

/** What a call failed with. */
export async function failureOf(act: Promise<unknown>): Promise<RemoteFailure> {
  const outcome = await act.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome && outcome.error instanceof RemoteFailure) return outcome.error;
  throw new Error(`it did not fail as a remote cache does: ${Bun.inspect(outcome)}`);
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

/** In pieces that are no divisors of anything. */
export function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, at + 100_003));
      else controller.close();
      at += 100_003;
    },
  });
}

function breaking(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at > bytes.length / 2) controller.error(new Error("the disk is gone"));
      else controller.enqueue(bytes.subarray(at, at + 100_003));
      at += 100_003;
    },
  });
}

export async function put(cache: RemoteCache, bytes: Uint8Array): Promise<void> {
  await cache.putBlob(sha256(bytes), bytes.length, () => streamOf(bytes));
}

export async function get(cache: RemoteCache, digest: string, size: number): Promise<Uint8Array> {
  const stream = await cache.getBlob(digest, size);
  if (stream === undefined) throw new Error("missing");
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
