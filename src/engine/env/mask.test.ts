import { describe, expect, test } from "bun:test";

import { createMasker, maskText } from "./mask";
import { compileSecrets } from "./secret-automaton";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** What comes out for each chunk, and at the end. */
function masked(secrets: readonly string[], ...chunks: readonly string[]): string[] {
  const masker = createMasker(secrets);
  return [...chunks.map((chunk) => text(masker.push(bytes(chunk)))), text(masker.end())];
}

describe("masking a text", () => {
  test.each([
    ["a hunter2 b", ["hunter2"], "a **** b"],
    ["hunter2hunter2", ["hunter2"], "********"],
    ["none here", ["hunter2"], "none here"],
    ["hunter", ["hunter2"], "hunter"],
    ["xabcdefghx", ["abcd", "cdefgh"], "x****x"],
    ["xabcdefghx", ["cdef", "abcdefgh"], "x****x"],
    ["xabcdefgx", ["cdef", "abcdefgh"], "xab****gx"],
    ["xabcdefghx", ["abcdefgh", "abcd"], "x****x"],
    ["aaaaaaaaab", ["aaaa"], "****b"],
    ["abcabcabd", ["abcabd"], "abc****"],
    ["k é🔑 k", ["é🔑"], "k **** k"],
    ["a b c", ["b"], "a **** c"],
    ["abc", ["", "bc"], "a****"],
    ["", ["abcd"], ""],
    ["abcd", [], "abcd"],
  ])("%j with %j gives %j", (input, secrets, expected) => {
    expect(maskText(input, secrets)).toBe(expected);
  });

  test("leaves text alone that is not well-formed and has no secret", () => {
    expect(maskText("a\uD800hunter", ["hunter2"])).toBe("a\uD800hunter");
  });
});

describe("masking a stream", () => {
  test("without secrets chunks go through untouched", () => {
    const masker = createMasker([]);
    const chunk = bytes("abc");
    expect(masker.push(chunk)).toBe(chunk);
    expect(masker.flush()).toHaveLength(0);
    expect(masker.end()).toHaveLength(0);
  });

  test("a chunk without a secret is not copied", () => {
    const chunk = bytes("nothing to see");
    expect(createMasker(["hunter2"]).push(chunk)).toBe(chunk);
  });

  test("a secret across chunks is masked, and only its beginning is held back", () => {
    expect(masked(["hunter2"], "a hun", "ter", "2 b")).toEqual(["a ", "", "**** b", ""]);
  });

  test("what began like a secret and was none comes out", () => {
    expect(masked(["hunter2"], "a hun", "t b")).toEqual(["a ", "hunt b", ""]);
    expect(masked(["hunter2"], "a hun")).toEqual(["a ", "hun"]);
  });

  test("a prompt is not held back", () => {
    expect(masked(["hunter2"], "Password: ")[0]).toBe("Password: ");
  });

  test("a secret that is complete comes out masked at once", () => {
    expect(masked(["hunter2"], "x hunter2")).toEqual(["x ****", ""]);
    expect(masked(["abab"], "abab", "ab", "c")).toEqual(["****", "", "c", ""]);
  });

  test("a secret inside a longer one that does not come is masked alone", () => {
    expect(masked(["cdef", "abcdefgh"], "abcdef", "g", "x")).toEqual(["", "", "ab****gx", ""]);
    expect(masked(["cdef", "abcdefgh"], "abcdef", "g", "h")).toEqual(["", "", "****", ""]);
  });

  test("a flush gives what is held, and the rest of the secret is masked if it comes", () => {
    const masker = createMasker(["hunter2"]);
    expect(text(masker.push(bytes("> hun")))).toBe("> ");
    expect(masker.holding).toBe(true);
    expect(text(masker.flush())).toBe("hun");
    expect(masker.holding).toBe(false);
    expect(text(masker.push(bytes("ter2!")))).toBe("****!");
  });

  test("a flush masks what is complete within the held bytes", () => {
    const masker = createMasker(["cdef", "abcdefgh"]);
    masker.push(bytes("abcdefg"));
    expect(text(masker.flush())).toBe("ab****g");
    expect(text(masker.push(bytes("h")))).toBe("****");
  });

  test("after the end a masker is as new", () => {
    const masker = createMasker(["hunter2"]);
    masker.push(bytes("hun"));
    masker.end();
    expect(text(masker.push(bytes("ter2"))) + text(masker.end())).toBe("ter2");
  });

  test("a chunk's memory may be used again after the push", () => {
    const masker = createMasker(["hunter2"]);
    const chunk = bytes("a hun");
    masker.push(chunk);
    chunk.fill(0);
    expect(text(masker.push(bytes("!")))).toBe("hun!");
  });

  test("streams can share compiled secrets", () => {
    const automaton = compileSecrets(["hunter2"]);
    const [one, two] = [createMasker(automaton), createMasker(automaton)];
    one.push(bytes("hun"));
    expect(text(two.push(bytes("ter2")))).toBe("ter2");
    expect(text(one.push(bytes("ter2")))).toBe("****");
  });

  test("bytes that are not text go through unchanged", () => {
    const data = new Uint8Array(512).map((_, index) => index % 256);
    expect(createMasker(["hunter2"]).push(data)).toEqual(data);
  });
});
