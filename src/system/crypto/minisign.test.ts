import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { minisign, parseSecretKey } from "#scripts/releasing/sign";
import type { SigningKey } from "#scripts/releasing/sign";
import { makeKey } from "#tests/support/release-site";
import { parsePublicKey, verifyMinisign } from "./minisign";
import type { PublicKey } from "./minisign";
import { describeUnless, without } from "#tests/support/left-out";

const FILE = new TextEncoder().encode("some text\n");

let signing: SigningKey;
let key: PublicKey;
let signature: string;

beforeAll(async () => {
  signing = await makeKey();
  key = publicKey(signing.publicKey);
  signature = await minisign(FILE, signing, "zr 1.2.3");
});

function publicKey(text: string): PublicKey {
  const parsed = parsePublicKey(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** The signature with one of its lines replaced. */
const withLine = (index: number, line: string): string =>
  signature
    .split("\n")
    .map((old, at) => (at === index ? line : old))
    .join("\n");

test("a good signature gives its trusted comment", async () => {
  expect(await verifyMinisign(FILE, signature, key)).toEqual({ ok: true, value: "zr 1.2.3" });
  expect(await verifyMinisign(FILE, signature.replaceAll("\n", "\r\n"), key)).toMatchObject({ ok: true });
});

test("a public key is read with and without its line of comment, and nothing else is one", () => {
  expect(publicKey(`untrusted comment: minisign public key\n${signing.publicKey}\n`)).toEqual(key);
  for (const text of ["", "x", signing.publicKey.slice(4), `${signing.publicKey}AAAA`, "RWQ="])
    expect(parsePublicKey(text)).toEqual({ ok: false, error: "it is no public key of minisign" });
});

test("another file, key, comment or second signature is refused", async () => {
  const other = new TextEncoder().encode("some texT\n");
  expect(await verifyMinisign(other, signature, key)).toEqual({
    ok: false,
    error: "it does not fit the file",
  });
  const stranger = publicKey((await makeKey()).publicKey);
  expect(await verifyMinisign(FILE, signature, stranger)).toMatchObject({ ok: false });
  // The same name and another key: what counts is the key.
  expect(await verifyMinisign(FILE, signature, { id: key.id, key: stranger.key })).toEqual({
    ok: false,
    error: "it does not fit the file",
  });
  expect(await verifyMinisign(FILE, withLine(2, "trusted comment: zr 9.9.9"), key)).toEqual({
    ok: false,
    error: "its comment has been changed",
  });
});

test("what is no signature is refused, whatever it is", async () => {
  const texts = ["", "\n\n\n\n", "<html>", withLine(1, "AAAA"), withLine(3, ""), withLine(2, "comment: x")];
  for (const text of texts)
    expect(await verifyMinisign(FILE, text, key)).toEqual({
      ok: false,
      error: "it is no signature of minisign",
    });
  const unknown = Uint8Array.fromBase64(signature.split("\n")[1] ?? "");
  unknown[0] = 0x58;
  expect(await verifyMinisign(FILE, withLine(1, unknown.toBase64()), key)).toEqual({
    ok: false,
    error: "it is made in a way that is not known",
  });
});

describeUnless(without("minisign"))("beside minisign itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "zr-minisign-"));
  const at = (name: string): string => join(folder, name);
  const run = (...words: readonly string[]): number | null =>
    Bun.spawnSync(["minisign", ...words], { stdin: "ignore" }).exitCode;

  afterAll(() => rmSync(folder, { recursive: true }));

  test("what it signs, in both of its ways, is good here, and what is signed here is good there", async () => {
    expect(run("-G", "-W", "-p", at("key.pub"), "-s", at("key"))).toBe(0);
    writeFileSync(at("file"), FILE);
    const theirs = publicKey(readFileSync(at("key.pub"), "utf8"));
    for (const way of [[], ["-l"]]) {
      expect(run("-S", ...way, "-s", at("key"), "-t", "hello", "-m", at("file"))).toBe(0);
      const made = readFileSync(at("file.minisig"), "utf8");
      expect(await verifyMinisign(FILE, made, theirs)).toEqual({ ok: true, value: "hello" });
    }
    const secret = await parseSecretKey(readFileSync(at("key"), "utf8"));
    if (!secret.ok) throw new Error(secret.error);
    writeFileSync(at("file.minisig"), await minisign(FILE, secret.value, "zr 1.2.3"));
    expect(run("-V", "-p", at("key.pub"), "-m", at("file"))).toBe(0);
    writeFileSync(at("file"), "changed");
    expect(run("-V", "-p", at("key.pub"), "-m", at("file"))).not.toBe(0);
  });
});
