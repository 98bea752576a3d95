import { expect, test } from "bun:test";
import { depfileInputs } from "./depfile";

test.each([
  ["a.o: a.c b.h\n", ["a.c", "b.h"]],
  ["a.o: a.c \\\n  b.h \\\r\n c.h", ["a.c", "b.h", "c.h"]],
  ["a.o b.o : x\ny.o: x z\n", ["x", "z"]],
  ["a.o: with\\ blank.c cost$$.h back\\#hash\n", ["with blank.c", "cost$.h", "back#hash"]],
  ["# a comment: x\n\na.o:\n", []],
  ["a.o: real | order\n", ["real"]],
  ["not a rule\n", []],
  ["", []],
])("%j names %j", (text, expected) => {
  expect(depfileInputs(text)).toEqual(expected);
});
