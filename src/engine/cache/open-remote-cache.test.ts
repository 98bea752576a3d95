import { expect, test } from "bun:test";
import type { RemoteCacheTable } from "#core/config/schema/sections";
import { makeCacheRig } from "#tests/support/cache-rig";
import { openRemoteCache } from "./open-remote-cache";

async function outcome(table: RemoteCacheTable, env: Record<string, string> = {}): Promise<string> {
  const cache = await openRemoteCache(table, env, "/nowhere");
  return cache.ok ? cache.value.name : `${cache.error.key}: ${cache.error.reason}`;
}

test("what is missing or wrong is said by its key, before anything is sent", async () => {
  const url = "https://cache.example.com";
  expect(await outcome({})).toStartWith("type: it is needed: http, grpc");
  expect(await outcome({ type: "http" })).toBe("url: it is needed");
  expect(await outcome({ type: "http", url: "cache.example.com" })).toStartWith("url: it is no address");
  expect(await outcome({ type: "grpc", url: "ftp://cache.example.com" })).toStartWith(
    "url: it is no address",
  );
  expect(await outcome({ type: "grpc", url: "grpcs://127.0.0.1:443" })).toStartWith("url: with TLS");
  expect(await outcome({ type: "grpc", url: "grpcs://[::1]" })).toStartWith("url: with TLS");
  expect(await outcome({ type: "s3" })).toBe("bucket: it is needed");
  expect(await outcome({ type: "s3", bucket: "b" })).toStartWith("auth: AWS_ACCESS_KEY_ID");
  expect(await outcome({ type: "gcs" })).toBe("bucket: it is needed");
  expect(await outcome({ type: "azure", bucket: "b" })).toStartWith("auth: it is needed");
  expect(await outcome({ type: "turbo", url })).toStartWith("auth: it is needed");
  expect(await outcome({ type: "http", url, auth: "bearer:$TOKEN" })).toBe(
    "auth: the variable TOKEN is not set",
  );
  expect(await outcome({ type: "http", url, tls_ca: "ca.pem" })).toBe(
    "tls_ca: the file can't be read (missing)",
  );
  expect(await outcome({ type: "http", url, scope: "../other" })).toStartWith("scope: it may hold");
  expect(await outcome({ type: "s3", bucket: "a?b" })).toStartWith("bucket: it may hold");
});

test("an address that holds credentials is refused without being repeated", async () => {
  for (const url of ["https://me:s3cret@cache.example.com", "https://cache.example.com?token=s3cret"]) {
    const said = await outcome({ type: "http", url });
    expect(said).toStartWith("url: ");
    expect(said).not.toContain("s3cret");
    const stored = await outcome({ type: "gcs", bucket: "b", endpoint: url });
    expect(stored).toStartWith("endpoint: ");
    expect(stored).not.toContain("s3cret");
  }
});

test("certificates that can't be read, and headers that gRPC reads otherwise, are refused", async () => {
  using rig = makeCacheRig();
  rig.write("ca.pem", "-----BEGIN CERTIFICATE-----\njunk\n-----END CERTIFICATE-----\n");
  const url = "grpcs://cache.example.com";
  expect(await outcome({ type: "grpc", url, tls_ca: rig.path("ca.pem") })).toBe(
    "tls_ca: the file holds no PEM certificate, or a damaged one",
  );
  expect(await outcome({ type: "grpc", url, auth: "header:x-key-bin:$KEY" }, { KEY: "s3cret" })).toBe(
    "auth: gRPC has a meaning of its own for headers like x-key-bin",
  );
});

test("the name of a cache says the protocol and the place", async () => {
  expect(await outcome({ type: "http", url: "https://cache.example.com/x/" })).toBe(
    "http cache https://cache.example.com/x",
  );
  expect(await outcome({ type: "grpc", url: "grpcs://cache.example.com" })).toBe(
    "grpc cache cache.example.com:443",
  );
  const aws = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "s3cret", AWS_REGION: "eu-west-1" };
  expect(await outcome({ type: "s3", bucket: "b" }, aws)).toBe("s3 cache b at s3.eu-west-1.amazonaws.com");
  expect(await outcome({ type: "gcs", bucket: "b" })).toBe("gcs cache b");
  const azure = { AZURE_STORAGE_ACCOUNT: "me", AZURE_STORAGE_KEY: "a2V5" };
  expect(await outcome({ type: "azure", bucket: "b" }, azure)).toBe(
    "azure cache b at me.blob.core.windows.net",
  );
  expect(await outcome({ type: "turbo", url: "https://t.example.com" }, { TURBO_TOKEN: "t0p" })).toBe(
    "turbo cache https://t.example.com",
  );
});
