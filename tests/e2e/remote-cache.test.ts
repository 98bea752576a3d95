import { afterAll, describe, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "#tests/support/binary";
import type { CacheServer, CacheServerName } from "#tests/support/cache-server";
import { AZURITE_ACCOUNT, AZURITE_KEY, startCacheServer } from "#tests/support/cache-server";
import { startMisbehaving } from "#tests/support/misbehaving-server";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cacheRunWith } from "./cache-runs";
import { absenceOf, testUnless } from "#tests/support/left-out";

const page = await Bun.file(join(REPOSITORY, "docs/remote-cache.md")).text();

/** The blocks of TOML beneath a heading of the page. */
function examples(heading: string): readonly string[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/```toml\n(.*?)```/gs)].map((match) => match[1] ?? "");
}

const TASK = `
[tasks.build]
cmd = "mkdir -p out && tr a-z A-Z < in.txt > out/result.txt && echo made"
inputs = ["in.txt"]
outputs = ["out"]
cache = true
`;

/** A checkout on a machine of its own, as far as caches go. */
const checkout = (remote: string, input: string): Promise<Project> =>
  makeProject({ "zr.toml": `${TASK}${remote}`, "in.txt": input });

const result = (project: Project): Promise<string> => Bun.file(join(project.root, "out/result.txt")).text();

async function expectShared(remote: string, env: Readonly<Record<string, string>>): Promise<void> {
  const input = `made for ${crypto.randomUUID()}\n`;
  await using first = await checkout(remote, input);
  await using second = await checkout(remote, input);
  const made = await cacheRunWith(first, { env }, "build");
  expect(made.notes).toEqual([]);
  expect(made.states).toEqual({ build: "success" });
  const got = await cacheRunWith(second, { env }, "build");
  expect(got.notes).toEqual([]);
  expect(got.states).toEqual({ build: "cached" });
  expect(await result(second)).toBe(input.toUpperCase());
}

/** A cache in memory, of the HTTP protocol. */
function startStore(): {
  readonly url: string;
  readonly names: () => readonly string[];
  readonly stop: () => void;
} {
  const files = new Map<string, ArrayBuffer>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      if (request.headers.get("authorization") !== "Bearer sesame")
        return new Response(null, { status: 401 });
      if (request.method === "PUT") files.set(pathname, await request.arrayBuffer());
      const found = files.get(pathname);
      return found === undefined ? new Response(null, { status: 404 }) : new Response(found);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    names: () => [...files.keys()],
    stop: () => void server.stop(true),
  };
}

const httpRemote = (url: string, more = ""): string =>
  `[cache.remote]\ntype = "http"\nurl = "${url}"\nauth = "bearer:$TOKEN"\nretries = 0\n${more}`;

test("what one checkout has built is restored in another through the remote cache", async () => {
  const store = startStore();
  await expectShared(httpRemote(store.url), { TOKEN: "sesame" });
  expect(store.names().some((name) => name.startsWith("/ac/"))).toBe(true);
  await expectShared(httpRemote(store.url, 'sign = "$SIGN"\nencrypt = "${CRYPT}"\n'), {
    TOKEN: "sesame",
    SIGN: "one",
    CRYPT: "two",
  });
  store.stop();
});

test.each([
  ["gone", (path: string) => rmSync(path)],
  ["damaged", (path: string) => writeFileSync(path, "damaged")],
])("contents that are %s from the local cache come from the remote one", async (_, spoil) => {
  const store = startStore();
  const env = { TOKEN: "sesame" };
  const input = `made for ${crypto.randomUUID()}\n`;
  await using project = await checkout(httpRemote(store.url), input);
  expect((await cacheRunWith(project, { env }, "build")).states).toEqual({ build: "success" });
  const contents = join(project.folders.cache, "zr/results/cas");
  for (const path of new Bun.Glob("*/*").scanSync({ cwd: contents, absolute: true })) spoil(path);
  project.remove("out/result.txt");
  expect((await cacheRunWith(project, { env }, "build")).states).toEqual({ build: "cached" });
  expect(await result(project)).toBe(input.toUpperCase());
  store.stop();
});

test("a remote cache that is read only is not written", async () => {
  const store = startStore();
  await using project = await checkout(httpRemote(store.url, 'mode = "read"\n'), "a");
  const run = await cacheRunWith(project, { env: { TOKEN: "sesame" } }, "build");
  expect(run.states).toEqual({ build: "success" });
  expect(store.names()).toEqual([]);
  store.stop();
});

test("a remote cache that denies is left alone with one warning that holds no credential", async () => {
  const store = startStore();
  await using project = await checkout(httpRemote(store.url), "a");
  const run = await cacheRunWith(project, { env: { TOKEN: "open-wide" } }, "build");
  expect(run.states).toEqual({ build: "success" });
  expect(run.notes).toEqual([
    `the remote cache http cache ${store.url} is not used any more in this run: it answered 401: the credentials are missing, wrong or expired`,
  ]);
  expect(run.stdout).not.toContain("open-wide");
  store.stop();
});

test("a remote cache that answers nothing holds a run up no longer than its time-out", async () => {
  const server = startMisbehaving("answers nothing");
  await using project = await checkout(
    httpRemote(`http://127.0.0.1:${server.port}`, 'timeout = "100ms"\n'),
    "a",
  );
  const run = await cacheRunWith(project, { env: { TOKEN: "sesame" } }, "build");
  expect(run.states).toEqual({ build: "success" });
  expect(await result(project)).toBe("A");
  server.stop();
});

test("a remote cache whose keys are not there is not used, and what is built stays on the machine", async () => {
  const store = startStore();
  await using project = await checkout(httpRemote(store.url, 'encrypt = "$CRYPT"\n'), "a");
  const run = await cacheRunWith(project, { env: { TOKEN: "sesame" } }, "build");
  expect(run.states).toEqual({ build: "success" });
  expect(run.notes).toEqual([
    "the remote cache is not used: [cache.remote] encrypt: the variable CRYPT is not set",
  ]);
  expect(store.names()).toEqual([]);
  store.stop();
});

interface DocumentedServer {
  readonly heading: string;
  readonly example: number;
  readonly server: CacheServerName;
  /** Puts the server's own names in place of those of the page. */
  readonly adapt: (text: string, server: CacheServer) => string;
  readonly env: (server: CacheServer) => Readonly<Record<string, string>>;
}

const bucket = (text: string): string => text.replace('"build-cache"', '"zr-cache"');
const local = ({ port }: CacheServer): string => `http://127.0.0.1:${port}`;

const documented: readonly DocumentedServer[] = [
  {
    heading: "HTTP",
    example: 0,
    server: "nginx",
    adapt: (text, server) =>
      text.replace("https://cache.example.com", local(server)).replace("basic:ci:", "basic:zr:"),
    env: () => ({ CACHE_PASSWORD: "zr-test" }),
  },
  {
    heading: "Remote Execution API",
    example: 0,
    server: "buildbox",
    adapt: (text, { port }) =>
      text
        .replace("grpcs://cache.example.com:443", `grpc://127.0.0.1:${port}`)
        .replace('prefix = "main"\n', ""),
    env: () => ({ CACHE_API_KEY: "any" }),
  },
  ...(["s3rver", "versitygw"] as const).map((server) => ({
    heading: "S3",
    example: 1,
    server,
    adapt: (text: string, running: CacheServer) =>
      bucket(text).replace("https://minio.example.com", local(running)),
    env: () => ({ AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" }),
  })),
  {
    heading: "Google Cloud Storage",
    example: 0,
    server: "fake-gcs",
    adapt: bucket,
    env: (server) => ({ STORAGE_EMULATOR_HOST: local(server) }),
  },
  {
    heading: "Azure Blob Storage",
    example: 0,
    server: "azurite",
    adapt: bucket,
    env: (server) => ({
      AZURE_STORAGE_CONNECTION_STRING: `AccountName=${AZURITE_ACCOUNT};AccountKey=${AZURITE_KEY};BlobEndpoint=${local(server)}/${AZURITE_ACCOUNT}`,
    }),
  },
  {
    heading: "Turborepo",
    example: 0,
    server: "turbo",
    adapt: (text, server) => text.replace("https://turbo.example.com", local(server)),
    env: () => ({ TURBO_TOKEN: "zr-test" }),
  },
];

const names = [...new Set(documented.map(({ server }) => server))];
const started = new Map(
  await Promise.all(names.map(async (name) => [name, await startCacheServer(name)] as const)),
);

afterAll(async () => {
  for (const server of started.values()) if ("stop" in server) await server.stop();
});

describe("the example of the page on remote caches", () => {
  for (const { heading, example, server: name, adapt, env } of documented) {
    const server = started.get(name);
    const running = server !== undefined && "stop" in server ? server : undefined;
    testUnless(absenceOf(server))(`for ${heading} shares results by ${name}`, async () => {
      if (running === undefined) return;
      const text = examples(heading)[example] ?? "";
      expect(text).toContain("[cache.remote]");
      const fitted = adapt(text, running);
      expect(fitted).not.toContain("example.com");
      await expectShared(fitted, env(running));
    });
  }
});

/** A cache that has nothing and leaves the requests of one kind waiting; it says when the first of them is there. */
function startSilent(method: string): {
  readonly url: string;
  readonly asked: Promise<void>;
  readonly stop: () => void;
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: (request) => {
      if (request.method !== method) return new Response(null, { status: 404 });
      resolve();
      return new Promise<Response>(() => undefined);
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, asked: promise, stop: () => void server.stop(true) };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends a run that waits for what a remote cache has`, async () => {
    const server = startSilent("GET");
    await using project = await checkout(httpRemote(server.url, 'timeout = "1h"'), "a");
    const run = project.zrWith({ env: { TOKEN: "sesame" } }, "run", "build");
    await server.asked;
    run.kill(signal);
    await run.expect({
      code: signal === "SIGINT" ? 130 : 143,
      stderr: `■ build canceled: interrupted by ${signal}\n`,
    });
    expect(project.exists("out")).toBe(false);
    server.stop();
  });

  test(`${signal} ends the wait for what is being sent, and the run is as good as without it`, async () => {
    const server = startSilent("PUT");
    await using project = await checkout(httpRemote(server.url, 'timeout = "1h"'), "a");
    const run = project.zrWith({ env: { TOKEN: "sesame" } }, "run", "build", "--wait-uploads");
    await server.asked;
    run.kill(signal);
    const { stderr } = await run.expect({ code: 0, stdout: anything, stderr: anything });
    expect(stderr).toContain("1 result was not sent to the remote cache in time");
    expect(await result(project)).toBe("A");
    server.stop();
  });
}

test("a cache that is at another address is said, and what it is not is never used", async () => {
  const server = startMisbehaving({ status: 302, headers: "Location: http://127.0.0.1:1/\r\n" });
  await using project = await checkout(httpRemote(`http://127.0.0.1:${server.port}`), "a");
  const { notes, states } = await cacheRunWith(project, { env: { TOKEN: "sesame" } }, "build");
  expect(states).toEqual({ build: "success" });
  expect(notes.join("\n")).toContain(
    "is not used any more in this run: it answered 302: it is at another address",
  );
  server.stop();
});

test("a credential that no header can hold is not shown", async () => {
  const remote = '[cache.remote]\ntype = "grpc"\nurl = "grpc://127.0.0.1:1"\nauth = "header:x-key:$TOKEN"\n';
  await using project = await checkout(remote, "a");
  const { stderr } = await project
    .zrWith({ env: { TOKEN: "s3cret\u2603" } }, "run", "build")
    .expect({ code: 0, stdout: anything, stderr: anything });
  expect(stderr).toContain("auth: the variable TOKEN holds a character that can't be sent in a header");
  expect(stderr).not.toContain("s3cret");
});
