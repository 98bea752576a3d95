import { describe, expect, test } from "bun:test";
import { formatToml } from "./format";

const formatted = (text: string): string => {
  const outcome = formatToml(text);
  return outcome.ok ? outcome.value : `refused: ${outcome.error.kind}`;
};

describe("formatting TOML", () => {
  test("tables are set apart by one empty line, above the comments that belong to them", () => {
    expect(formatted("a=1\n[x]\n\n\nb  =  2   \n# about y\n[ y . z ]\n\n\n# own\n\n\n[[w]]")).toBe(
      "a = 1\n\n[x]\nb = 2\n\n# about y\n[y.z]\n# own\n\n[[w]]\n",
    );
  });

  test("one empty line between keys stays and more become one", () => {
    expect(formatted("a = 1\n\n\n\nb = 2\nc = 3")).toBe("a = 1\n\nb = 2\nc = 3\n");
  });

  test("an array that fits in 100 columns is put on one line", () => {
    expect(formatted('a = [\n  "x",\n  [ 1,2 ],{b=1},\n]')).toBe('a = ["x", [1, 2], { b = 1 }]\n');
  });

  test("an array breaks at 101 columns, one element a line with a comma at the end", () => {
    const word = (length: number): string => `"${"x".repeat(length - 2)}"`;
    const fitting = `a = [${word(47)}, ${word(46)}]`;
    expect(fitting).toHaveLength(101);
    expect(formatted(fitting)).toBe(`a = [\n  ${word(47)},\n  ${word(46)},\n]\n`);
    expect(formatted(`a = [${word(46)}, ${word(46)}]`)).toBe(`a = [${word(46)}, ${word(46)}]\n`);
  });

  test("comments inside arrays keep their element", () => {
    expect(formatted("a = [ # first\n1, # one\n  # before two\n2 # two\n, 3\n# last\n] # end")).toBe(
      "a = [\n  # first\n  1, # one\n  # before two\n  2, # two\n  3,\n  # last\n] # end\n",
    );
  });

  test("nested broken arrays are indented by two each", () => {
    expect(formatted("a = [[1, # one\n2], {b = [3, # three\n]}]")).toBe(
      "a = [\n  [\n    1, # one\n    2,\n  ],\n  { b = [\n    3, # three\n  ] },\n]\n",
    );
  });

  test("strings, numbers and dates stay as they are written", () => {
    const text =
      "a = '''\n  x   \n[t]\n'''\nb = \"\"\"\\\n   y\"\"\"\nc = 1_000\nd = 1979-05-27 07:32:00Z\n'e f'.\"g\" = 0xFF\n";
    expect(formatted(text)).toBe(text);
  });

  test("a long inline table stays on its line", () => {
    const text = `a = { ${Array.from({ length: 20 }, (_, index) => `key${index} = ${index}`).join(", ")} }\n`;
    expect(formatted(text)).toBe(text);
  });

  test("CRLF stays CRLF and a byte order mark goes", () => {
    expect(formatted("\ufeffa=1\r\nb=[\r\n1 # x\r\n]\r\n\r\n\r\n[t]")).toBe(
      "a = 1\r\nb = [\r\n  1, # x\r\n]\r\n\r\n[t]\r\n",
    );
  });

  test("line ends inside of strings do not decide on those of the file", () => {
    expect(formatted("\r\na={b='''\nx'''}\r\nc=1\r\n")).toBe("a = { b = '''\nx''' }\r\nc = 1\r\n");
    expect(formatted("a='''\r\nx'''\nb=1\n")).toBe("a = '''\r\nx'''\nb = 1\n");
  });

  test("a zero that ends the text without a line end stays", () => {
    expect(formatted("[a]\nb=0")).toBe("[a]\nb = 0\n");
    expect(formatted("''=0")).toBe("'' = 0\n");
  });

  test("an empty text stays empty and a broken one is refused", () => {
    expect(formatted("\n\n")).toBe("");
    expect(formatted("a = [")).toBe("refused: syntax");
  });
});
