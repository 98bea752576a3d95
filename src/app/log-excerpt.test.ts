import { expect, test } from "bun:test";
import { LogExcerpt, plainText } from "./log-excerpt";

const excerptOf = (text: string, piece: number): LogExcerpt => {
  const excerpt = new LogExcerpt();
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += piece) excerpt.append(bytes.subarray(at, at + piece));
  return excerpt;
};

test.each([1, 7, 100_000])("a short output is kept whole, in pieces of %d bytes", (piece) => {
  const excerpt = excerptOf("one\ntwo\nthree", piece);
  expect(excerpt).toMatchObject({ bytes: 13, lines: 3 });
  expect(excerpt.ends()).toEqual(["one\ntwo\nthree"]);
  expect(excerpt.tail(1000)).toBe("one\ntwo\nthree");
  expect(excerpt.tail(6)).toBe("three");
});

test.each([997, 65_536, 1_000_000])("of a long output both ends are kept, in pieces of %d bytes", (piece) => {
  const text = Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join("");
  const excerpt = excerptOf(text, piece);
  expect(excerpt).toMatchObject({ bytes: text.length, lines: 200_000 });
  const [head = "", tail = ""] = excerpt.ends();
  expect(text.startsWith(head)).toBe(true);
  expect(text.endsWith(tail)).toBe(true);
  expect(head.length + tail.length).toBeLessThan(100_000);
  expect(tail).toMatch(/^\d+\n/);
  expect(excerpt.tail(14)).toBe("199998\n199999\n");
});

test("what only a terminal understands is left out", () => {
  expect(plainText("\u001b[31mred\u001b[0m\r\nplain")).toBe("red\nplain");
  expect(plainText("10%\r50%\r100%\nnext")).toBe("100%\nnext");
  expect(plainText("a\u0000b\tc")).toBe("a\ufffdb\tc");
});
