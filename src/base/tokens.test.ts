import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { encode } from "gpt-tokenizer";
import { encode as encodeOlder } from "gpt-tokenizer/encoding/cl100k_base";
import { estimateTokens } from "./tokens";

const ROOT = `${import.meta.dir}/../..`;

const files = (folder: string, ending: string): readonly string[] =>
  readdirSync(`${ROOT}/${folder}`)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(`${ROOT}/${folder}/${name}`, "utf8"));

const real = (text: string): number => Math.max(encode(text).length, encodeOlder(text).length);

test.each([
  ["prose and tables", files("docs", ".md")],
  ["source code", files("src/base", ".ts")],
  [
    "data",
    [
      readFileSync(`${ROOT}/package.json`, "utf8"),
      JSON.stringify(JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8"))),
    ],
  ],
])("the estimate for %s is never too small, and at most three quarters too large", (_, texts) => {
  for (const text of texts) {
    const tokens = real(text);
    if (tokens < 50) continue;
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens);
    expect(estimateTokens(text)).toBeLessThanOrEqual(1.75 * tokens);
  }
});

test.each([
  ["letters", "abcdefghijklmnopqrstuvwxyz"],
  ["hexadecimal digits", "0123456789abcdef"],
  ["base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"],
  ["signs", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"],
  ["Cyrillic", "абвгдежзийклмнопрстуфхцчшщъыьэюя"],
  ["Korean", "가나다라마바사아자차카타파하각낙닥락막박삭악작착칵탁팍학"],
  ["emoji", "😀🎉🚀🦊🧪🛠🧯🪄"],
])("the estimate for random %s is at most a seventh too small", (_, alphabet) => {
  const characters = [...alphabet];
  let seed = 7;
  const next = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
  for (let round = 0; round < 20; round += 1) {
    const text = Array.from({ length: 400 }, () => characters[(next() >> 8) % characters.length]).join("");
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(0.86 * real(text));
  }
});
