import { expect, test } from "bun:test";
import { parseKdl } from "./usage-spec";

test("nodes have names, values, properties, children and lines", () => {
  expect(
    parseKdl('// c\narg "<x>" help="a \\"b\\"" var=#true count=2 {\n  choices "a" b\n}; flag -f\n'),
  ).toEqual([
    {
      name: "arg",
      args: ["<x>"],
      props: { help: 'a "b"', var: true, count: 2 },
      children: [{ name: "choices", args: ["a", "b"], props: {}, children: [], line: 3 }],
      line: 2,
    },
    { name: "flag", args: ["-f"], props: {}, children: [], line: 4 },
  ]);
});

test("raw strings, values that are off and words of version 1 are read", () => {
  expect(parseKdl('a #"x"y"# r"\\n" true null\n/-b 1\nc /-2 3')).toEqual([
    { name: "a", args: ['x"y', "\\n", true, null], props: {}, children: [], line: 1 },
    { name: "c", args: [3], props: {}, children: [], line: 3 },
  ]);
});

test("what is no KDL gives nothing, however deep it goes", () => {
  for (const text of ['a "', "a {", "}", "a =", `${"a {".repeat(100)}${"}".repeat(100)}`])
    expect(parseKdl(text)).toBeUndefined();
});
