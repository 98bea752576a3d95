import { expect, test } from "bun:test";
import { isPublicRemote } from "./public-remote";

test("a remote cache whose credentials are named by variables holds nothing secret", () => {
  expect(isPublicRemote(undefined)).toBe(true);
  expect(isPublicRemote({ url: "https://cache.example/zr", auth: "bearer:$TOKEN" })).toBe(true);
  expect(isPublicRemote({ auth: "basic:$USER:${PASSWORD}", sign: "$KEY", encrypt: "${KEY}" })).toBe(true);
});

test.each([
  [{ auth: "bearer:abc" }],
  [{ auth: "abc" }],
  [{ auth: "basic:$USER:letmein" }],
  [{ sign: "k3y" }],
  [{ encrypt: "$KEY+more" }],
  [{ url: "https://ann:letmein@cache.example" }],
  [{ endpoint: "https://store.example/?sig=abc" }],
])("a remote cache that says %o may hold a secret", (table) => {
  expect(isPublicRemote(table)).toBe(false);
});
