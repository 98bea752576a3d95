import { expect, test } from "bun:test";
import { mergeJson } from "./merge-json";

const merged = (present: string, added: string): unknown => mergeJson(present, added, "take");

test("what is there keeps its layout, its order, its numbers and its line ends", () => {
  const present =
    '{\r\n    "files": ["a", "b"],\r\n    "big": 12345678901234567890, "one": 1.0,\r\n    "10": 1, "scripts": {"old": "y"}\r\n}';
  const added = '{ "scripts": { "new": "x" }, "files": ["b", "c"], "half": 0.50, "deep": {\n"a": [1] } }';
  expect(merged(present, added)).toEqual({
    ok: true,
    value:
      '{\r\n    "files": ["a", "b", "c"],\r\n    "big": 12345678901234567890, "one": 1.0,\r\n' +
      '    "10": 1, "scripts": {"old": "y", "new": "x"},\r\n    "half": 0.50,\r\n' +
      '    "deep": {\r\n        "a": [\r\n            1\r\n        ]\r\n    }\r\n}',
  });
});

test("comments and commas behind a last entry stay, beside what they speak of", () => {
  const present = '// head\n{\n  "a": [1,], // one, two\n  /* b */ "b": {}, // three\n  // end\n}\n';
  expect(merged(present, '{ "a": [2], "b": { "c": "//" }, "d": 1 }')).toEqual({
    ok: true,
    value:
      '// head\n{\n  "a": [1, 2,], // one, two\n  /* b */ "b": {\n    "c": "//"\n  }, // three\n  "d": 1\n  // end\n}\n',
  });
  expect(merged('{\n  "a": 1 // one\n}\n', '{ "b": 2 }')).toEqual({
    ok: true,
    value: '{\n  "a": 1, // one\n  "b": 2\n}\n',
  });
  expect(merged("{ // nothing yet\n}\n", '{ "b": 2 }')).toEqual({
    ok: true,
    value: '{ // nothing yet\n  "b": 2\n}\n',
  });
});

test("what lacks nothing is the same to the byte", () => {
  const present = '{"a": [1,2],\n\t"b" : {"c":null}}';
  expect(merged(present, '{ "b": { "c": null }, "a": [2] }')).toEqual({ ok: true, value: present });
});
