import { afterAll, expect } from "bun:test";
import { join } from "node:path";
import type { RemoteCacheTable } from "#core/config/schema/sections";
import { openRemoteCache } from "#engine/cache/open-remote-cache";
import type { CacheServer, CacheServerName } from "#tests/support/cache-server";
import { startOwnServer } from "#tests/support/own-cache-server";
import { AZURITE_ACCOUNT, AZURITE_KEY, startCacheServer } from "#tests/support/cache-server";
import type { RemoteUnderTest } from "./remote-cache";
import { failureOf, remoteCacheContract } from "./remote-cache";
import { absenceOf, testUnless } from "#tests/support/left-out";

const WRONG_KEY = Buffer.from("an account key that is not right").toString("base64");
const AWS = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" };

const http = (port: number): string => `http://127.0.0.1:${port}`;

const s3 = ({ port }: CacheServer): RemoteUnderTest => ({
  table: { type: "s3", bucket: "zr-cache", region: "us-east-1", endpoint: http(port), prefix: "caches/zr" },
  env: AWS,
});

const subjects: readonly (readonly [
  sentence: string,
  server: CacheServerName,
  client: (server: CacheServer) => RemoteUnderTest,
])[] = [
  [
    "nginx by WebDAV",
    "nginx",
    ({ port }) => ({
      table: { type: "http", url: `${http(port)}/zr`, auth: "basic:zr:$PASSWORD" },
      env: { PASSWORD: "zr-test" },
      wrongEnv: { PASSWORD: "not-the-password" },
    }),
  ],
  [
    "nginx by WebDAV over TLS with a certificate of its own",
    "nginx",
    ({ tlsPort, folder }) => ({
      table: {
        type: "http",
        url: `https://127.0.0.1:${tlsPort}`,
        auth: "basic:zr:$PASSWORD",
        tls_ca: join(folder, "ca.pem"),
      },
      env: { PASSWORD: "zr-test" },
    }),
  ],
  [
    "BuildBox by the Remote Execution API",
    "buildbox",
    ({ port }) => ({ table: { type: "grpc", url: `grpc://127.0.0.1:${port}` }, env: {} }),
  ],
  // It looks at no signature of an address, and keeps what has come of a blob.
  ["S3rver by S3", "s3rver", (server) => ({ ...s3(server), keepsParts: true })],
  [
    "Versity's gateway by S3",
    "versitygw",
    (server) => ({ ...s3(server), wrongEnv: { ...AWS, AWS_SECRET_ACCESS_KEY: "not-the-secret" } }),
  ],
  [
    "Azurite by the key of an account",
    "azurite",
    ({ port }) => ({
      table: {
        type: "azure",
        bucket: "zr-cache",
        url: `${http(port)}/${AZURITE_ACCOUNT}`,
        auth: `key:${AZURITE_ACCOUNT}:$KEY`,
      },
      env: { KEY: AZURITE_KEY },
      wrongEnv: { KEY: WRONG_KEY },
    }),
  ],
  [
    "Azurite by a connection string",
    "azurite",
    ({ port }) => ({
      table: { type: "azure", bucket: "zr-cache", prefix: "by-connection" },
      env: {
        AZURE_STORAGE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=${AZURITE_ACCOUNT};AccountKey=${AZURITE_KEY};BlobEndpoint=${http(port)}/${AZURITE_ACCOUNT};`,
      },
    }),
  ],
  [
    "a Google Cloud Storage emulator",
    "fake-gcs",
    ({ port }) => ({
      table: { type: "gcs", bucket: "zr-cache", prefix: "caches" },
      env: { STORAGE_EMULATOR_HOST: `127.0.0.1:${port}` },
    }),
  ],
  [
    "a Turborepo cache",
    "turbo",
    ({ port }) => ({
      table: { type: "turbo", url: http(port), bucket: "team_zr", auth: "bearer:$TOKEN" },
      env: { TOKEN: "zr-test" },
      wrongEnv: { TOKEN: "not-the-token" },
    }),
  ],
];

const names = [...new Set(subjects.map(([, server]) => server))];
const buildbox = await startCacheServer("buildbox");
const behind = "port" in buildbox ? { ZR_GRPC_PORT: String(buildbox.port) } : {};
const started = await Promise.all(
  names.map(async (name) => (name === "buildbox" ? buildbox : await startCacheServer(name, behind))),
);
const servers = new Map(names.map((name, index) => [name, started[index]]));

afterAll(async () => {
  for (const server of started) if ("stop" in server) await server.stop();
});

for (const [sentence, name, client] of subjects) {
  const server = servers.get(name);
  const running = server !== undefined && "stop" in server ? server : undefined;
  remoteCacheContract(sentence, running && client(running), absenceOf(server));
}

const own = await startOwnServer();
afterAll(own.stop);
remoteCacheContract(
  "zr's own server",
  {
    table: { type: "http", url: own.url, auth: "bearer:$TOKEN" },
    env: { TOKEN: "zr-test" },
    wrongEnv: { TOKEN: "not-the-token" },
  },
  undefined,
);

const front = servers.get("nginx");
remoteCacheContract(
  "BuildBox behind nginx with TLS and authentication",
  front !== undefined && "stop" in front && "stop" in buildbox
    ? {
        table: {
          type: "grpc",
          url: `grpcs://localhost:${front.tlsPort + 1}`,
          auth: "basic:zr:$PASSWORD",
          tls_ca: join(front.folder, "ca.pem"),
        },
        env: { PASSWORD: "zr-test" },
        wrongEnv: { PASSWORD: "not-the-password" },
      }
    : undefined,
  absenceOf(front) ?? absenceOf(buildbox),
);

for (const type of ["http", "grpc"] as const) {
  testUnless(absenceOf(front) ?? (type === "http" ? undefined : absenceOf(buildbox)))(
    `a certificate that nobody has said to trust ends a connection by ${type} before a credential is sent`,
    async () => {
      if (front === undefined || !("stop" in front)) return;
      const port = type === "http" ? front.tlsPort : front.tlsPort + 1;
      const table: RemoteCacheTable = {
        type,
        url: `${type}s://localhost:${port}`,
        auth: "basic:zr:$PASSWORD",
        retries: 0,
      };
      const cache = await openRemoteCache(table, { PASSWORD: "zr-test" });
      if (!cache.ok) throw new Error(cache.error.reason);
      expect((await failureOf(cache.value.getAction("0".repeat(64)))).kind).toBe("unreachable");
      await cache.value.close();
    },
  );
}
