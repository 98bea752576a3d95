import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { LocalStore } from "#engine/cache/local-store";
import { sha256 } from "#system/cas/blob-folder";
import { makeCacheRig } from "#tests/support/cache-rig";
import type { CacheRig } from "#tests/support/cache-rig";
import { CacheServer } from "./cache-server";
import type { ServeTokens } from "./serve-access";

function serverOf(rig: CacheRig, tokens: ServeTokens = {}, maxBytes = 1_000_000): CacheServer {
  const store = LocalStore.open(rig.store, () => {});
  if (!store.ok) throw new Error(store.error);
  return new CacheServer({ store: store.value, tokens, maxBytes, report: () => {} });
}

const request = (method: string, path: string, more: RequestInit = {}): Request =>
  new Request(`http://localhost:9092${path}`, { method, ...more });

const DIGEST = sha256("content");

test("what is put is got again; what is not there is not", async () => {
  using rig = makeCacheRig();
  const server = serverOf(rig);
  expect((await server.answer(request("GET", `/cas/${DIGEST}`))).status).toBe(404);
  expect((await server.answer(request("PUT", `/cas/${DIGEST}`, { body: "content" }))).status).toBe(200);
  const got = await server.answer(request("GET", `/cas/${DIGEST}`));
  expect([got.status, got.headers.get("content-length"), await got.text()]).toEqual([200, "7", "content"]);
  const head = await server.answer(request("HEAD", `/cas/${DIGEST}`));
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "7", ""]);
  expect((await server.answer(request("PUT", `/ac/${DIGEST}`, { body: "an action" }))).status).toBe(200);
  expect(await (await server.answer(request("GET", `/ac/${DIGEST}`))).text()).toBe("an action");
});

test("what is put under a digest has to have it", async () => {
  using rig = makeCacheRig();
  const server = serverOf(rig);
  expect((await server.answer(request("PUT", `/cas/${DIGEST}`, { body: "other" }))).status).toBe(400);
  expect((await server.answer(request("GET", `/cas/${DIGEST}`))).status).toBe(404);
  expect(readdirSync(join(rig.store, "tmp"))).toEqual([]);
});

test("a body beyond the size of the cache is refused, however it is sent", async () => {
  using rig = makeCacheRig();
  const server = serverOf(rig, {}, 100);
  const body = "x".repeat(101);
  const digest = sha256(body);
  expect((await server.answer(request("PUT", `/cas/${digest}`, { body }))).status).toBe(413);
  const pieces = new ReadableStream({
    start(controller) {
      for (let part = 0; part < 101; part += 1) controller.enqueue(new TextEncoder().encode("x"));
      controller.close();
    },
  });
  expect((await server.answer(request("PUT", `/cas/${digest}`, { body: pieces }))).status).toBe(413);
  expect(readdirSync(join(rig.store, "tmp"))).toEqual([]);
});

test("there are no other paths and methods, and no way out of the folder", async () => {
  using rig = makeCacheRig();
  const server = serverOf(rig);
  for (const path of [
    "/",
    "/cas",
    "/cas/",
    "/cas/..",
    "/cas/../../etc/passwd",
    `/cas/${DIGEST}/x`,
    `/tmp/${DIGEST}`,
  ])
    expect([path, (await server.answer(request("GET", path))).status]).toEqual([path, 404]);
  for (const path of [
    `/cas/${DIGEST.toUpperCase()}`,
    `/cas/%2e%2e%2f${DIGEST.slice(9)}`,
    `/cas/${DIGEST.slice(1)}`,
  ])
    expect([path, (await server.answer(request("PUT", path, { body: "x" }))).status]).toEqual([path, 404]);
  for (const method of ["POST", "DELETE", "PATCH", "OPTIONS"])
    expect((await server.answer(request(method, `/cas/${DIGEST}`))).status).toBe(405);
  expect((await server.answer(request("GET", "/status"))).status).toBe(200);
});

test("tokens say who may read and who may write", async () => {
  using rig = makeCacheRig();
  const put = async (server: CacheServer, authorization?: string): Promise<number> => {
    const headers = authorization === undefined ? {} : { authorization };
    return (await server.answer(request("PUT", `/cas/${DIGEST}`, { body: "content", headers }))).status;
  };
  const get = async (server: CacheServer, authorization?: string): Promise<number> => {
    const headers = authorization === undefined ? {} : { authorization };
    return (await server.answer(request("GET", `/cas/${DIGEST}`, { headers }))).status;
  };
  const both = serverOf(rig, { token: "write", readToken: "read" });
  const basic = (password: string): string => `Basic ${btoa(`anybody:${password}`)}`;
  expect(await put(both)).toBe(401);
  expect(await put(both, "Bearer wrong")).toBe(401);
  expect(await put(both, "Bearer read")).toBe(403);
  expect(await put(both, "Bearer write")).toBe(200);
  expect(await put(both, basic("write"))).toBe(200);
  expect(await get(both)).toBe(401);
  expect(await get(both, "Bearer read")).toBe(200);
  expect(await get(both, basic("read"))).toBe(200);
  const readOnly = serverOf(rig, { readToken: "read" });
  expect(await put(readOnly, "Bearer read")).toBe(403);
  expect(await get(readOnly, "Bearer read")).toBe(200);
});

test("without a token only requests to this machine by its own name are answered", async () => {
  using rig = makeCacheRig();
  const server = serverOf(rig);
  const rebound = new Request(`http://evil.example:9092/cas/${DIGEST}`);
  expect((await server.answer(rebound)).status).toBe(403);
  const own = new Request(`http://[::1]:9092/cas/${DIGEST}`);
  expect((await server.answer(own)).status).toBe(404);
});

test("beyond its size the server removes what has not been used for longest", async () => {
  using rig = makeCacheRig();
  const store = LocalStore.open(rig.store, () => {});
  if (!store.ok) throw new Error(store.error);
  const server = new CacheServer({ store: store.value, tokens: {}, maxBytes: 10_000, report: () => {} });
  for (let number = 0; number < 10; number += 1) {
    const body = `${number}`.repeat(1900);
    await server.answer(request("PUT", `/ac/${sha256(`${number}`)}`, { body }));
    await server.settle();
  }
  const left = readdirSync(join(rig.store, "ac"), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(left.length).toBe(5);
  expect((await server.answer(request("GET", `/ac/${sha256("9")}`))).status).toBe(200);
  expect((await server.answer(request("GET", `/ac/${sha256("0")}`))).status).toBe(404);
});

test("a request that names no host, as HTTP/1.0 allows, is answered, and by tokens alone let in", async () => {
  using rig = makeCacheRig();
  const bare = (path: string, headers: Record<string, string> = {}): Request => {
    const asked = request("GET", "/", { headers });
    Object.defineProperty(asked, "url", { value: path });
    return asked;
  };
  const open = serverOf(rig);
  expect((await open.answer(bare("/status"))).status).toBe(200);
  expect((await open.answer(bare(`/cas/${DIGEST}`))).status).toBe(403);
  expect((await open.answer(bare(`http://localhost@ other/cas/${DIGEST}`))).status).toBe(403);
  const closed = serverOf(rig, { token: "write" });
  expect((await closed.answer(bare(`/cas/${DIGEST}`))).status).toBe(401);
  expect((await closed.answer(bare(`/cas/${DIGEST}`, { authorization: "Bearer write" }))).status).toBe(404);
});
