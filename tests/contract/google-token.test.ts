import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRemoteCache } from "#engine/cache/open-remote-cache";
import type { RemoteCache } from "#engine/cache/remote-cache";
import { failureOf, sha256 } from "./remote-cache";

const KEY = sha256(new TextEncoder().encode("an action"));

interface Google {
  readonly url: string;
  readonly host: string;
  /** Bodies of the requests for a token; empty for those that have none. */
  readonly asked: readonly string[];
  readonly stop: () => Promise<void>;
}

/** A storage that takes the newest token only, beside what gives tokens out. */
function startGoogle(lifetimes: readonly number[]): Google {
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/token" || pathname.endsWith("/default/token")) {
        const expires = lifetimes[asked.length];
        asked.push(await request.text());
        if (expires === undefined) return new Response("no more", { status: 400 });
        return Response.json({ access_token: `token-${asked.length}`, expires_in: expires });
      }
      const isGood = request.headers.get("authorization") === `Bearer token-${Math.max(2, asked.length)}`;
      return isGood ? new Response("hello") : new Response("expired", { status: 401 });
    },
  });
  const { host, origin } = server.url;
  return { url: origin, host, asked, stop: async () => await server.stop(true) };
}

async function opened(google: Google, env: Record<string, string>): Promise<RemoteCache> {
  const cache = await openRemoteCache({ type: "gcs", bucket: "b", endpoint: google.url, retries: 0 }, env);
  if (!cache.ok) throw new Error(cache.error.reason);
  return cache.value;
}

async function withFile(content: object, act: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "zr-google-"));
  try {
    await Bun.write(join(folder, "credentials.json"), JSON.stringify(content));
    await act(join(folder, "credentials.json"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

test("the token of a machine is fetched once, and again when the storage does not take it any more", async () => {
  const google = startGoogle([3600, 3600]);
  const cache = await opened(google, { HOME: "/nowhere", GCE_METADATA_HOST: google.host });
  expect(text(await cache.getAction(KEY))).toBe("hello");
  expect(google.asked.length).toBe(2);
  expect(text(await cache.getAction(KEY))).toBe("hello");
  expect(google.asked.length).toBe(2);
  await google.stop();
});

test("a token that is about to expire is fetched again before it is used", async () => {
  const google = startGoogle([30, 30, 30, 30]);
  const cache = await opened(google, { HOME: "/nowhere", GCE_METADATA_HOST: google.host });
  expect(text(await cache.getAction(KEY))).toBe("hello");
  expect(text(await cache.getAction(KEY))).toBe("hello");
  expect(google.asked.length).toBe(3);
  await google.stop();
});

test("the key of a service account signs what is exchanged for a token", async () => {
  const google = startGoogle([3600, 3600]);
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  const der = Buffer.from(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).toString("base64");
  const file = {
    type: "service_account",
    client_email: "zr@example.com",
    private_key_id: "k1",
    private_key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
    token_uri: `${google.url}/token`,
  };
  await withFile(file, async (path) => {
    const cache = await opened(google, { GOOGLE_APPLICATION_CREDENTIALS: path });
    expect(text(await cache.getAction(KEY))).toBe("hello");
    const form = new URLSearchParams(google.asked[0]);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [head = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({
      alg: "RS256",
      typ: "JWT",
      kid: "k1",
    });
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      iss: "zr@example.com",
      aud: `${google.url}/token`,
    });
    const isGood = await crypto.subtle.verify(
      algorithm,
      pair.publicKey,
      Buffer.from(signature, "base64url"),
      new TextEncoder().encode(`${head}.${claims}`),
    );
    expect(isGood).toBe(true);
  });
  await google.stop();
});

test("a user's refresh token is exchanged for a token", async () => {
  const google = startGoogle([3600, 3600]);
  const file = {
    type: "authorized_user",
    client_id: "id",
    client_secret: "shh",
    refresh_token: "r3fresh",
    token_uri: `${google.url}/token`,
  };
  await withFile(file, async (path) => {
    const cache = await opened(google, { GOOGLE_APPLICATION_CREDENTIALS: path });
    expect(text(await cache.getAction(KEY))).toBe("hello");
    expect(Object.fromEntries(new URLSearchParams(google.asked[0]))).toEqual({
      grant_type: "refresh_token",
      client_id: "id",
      client_secret: "shh",
      refresh_token: "r3fresh",
    });
  });
  await google.stop();
});

test("no token is a denial that says what to set and repeats no credential", async () => {
  const google = startGoogle([]);
  const machine = await opened(google, { HOME: "/nowhere", GCE_METADATA_HOST: google.host });
  const failure = await failureOf(machine.getAction(KEY));
  expect(failure.kind).toBe("denied");
  expect(failure.message).toContain("GOOGLE_APPLICATION_CREDENTIALS");
  const file = {
    type: "authorized_user",
    client_id: "id",
    client_secret: "shh",
    refresh_token: "r3fresh",
    token_uri: `${google.url}/token`,
  };
  await withFile(file, async (path) => {
    const user = await failureOf(
      (await opened(google, { GOOGLE_APPLICATION_CREDENTIALS: path })).getAction(KEY),
    );
    expect(user.kind).toBe("denied");
    expect(user.message).not.toContain("r3fresh");
  });
  await withFile({ type: "service_account", client_email: "a", private_key: "no key" }, async (path) => {
    const service = await failureOf(
      (await opened(google, { GOOGLE_APPLICATION_CREDENTIALS: path })).getAction(KEY),
    );
    expect(service.reason).toBe("the private key of the credentials file is no PKCS #8 key");
  });
  await google.stop();
});
