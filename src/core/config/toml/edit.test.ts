import { describe, expect, test } from "bun:test";
import type { KeyPath } from "#base/diagnostic";
import { appendTable, setValue } from "./edit";

const set = (text: string, path: KeyPath, value: string): string => {
  const outcome = setValue(text, path, value);
  return outcome.ok ? outcome.value : outcome.error.kind;
};

describe("setting a value", () => {
  test.each<[string, string, KeyPath, string, string]>([
    [
      "replaces a value and keeps its comment",
      "a = 1 # one\nb = 2\n",
      ["a"],
      '"x"',
      'a = "x" # one\nb = 2\n',
    ],
    ["replaces an element of an array", "a = [1, 2] # c\n", ["a", 1], "3", "a = [1, 3] # c\n"],
    [
      "adds a key at the end of its table",
      "[a]\nx = 1 # c\n\n[b]\n",
      ["a", "y"],
      "2",
      "[a]\nx = 1 # c\ny = 2\n\n[b]\n",
    ],
    ["adds the first key below the header", "[a] # c\n[b]\n", ["a", "y"], "2", "[a] # c\ny = 2\n[b]\n"],
    ["adds a key at the root before all tables", "[a]\n", ["y"], "2", "y = 2\n\n[a]\n"],
    ["adds a root key after the others", "x = 1\n\n[a]\n", ["y"], "2", "x = 1\ny = 2\n\n[a]\n"],
    [
      "makes a missing table at the end",
      "x = 1\n",
      ["alias", "b c"],
      '"run"',
      'x = 1\n\n[alias]\n"b c" = "run"\n',
    ],
    ["adds to an inline table", "a = { x = 1 }\n", ["a", "y", "z"], "2", "a = { x = 1, y.z = 2 }\n"],
    ["adds to an empty inline table", "a = {}\n", ["a", "y"], "2", "a = { y = 2 }\n"],
    [
      "adds to an inline table of comments alone",
      "a = { # none yet\n} # c\n",
      ["a", "y"],
      "2",
      "a = { y = 2 # none yet\n} # c\n",
    ],
    ["replaces a zero that ends the text", "a = 0", ["a"], "1", "a = 1"],
    ["adds beside a dotted key", "[t]\na.b = 1\n", ["t", "a", "c"], "2", "[t]\na.b = 1\na.c = 2\n"],
    [
      "adds to an element of an array of tables",
      "[[a]]\n[[a]]\nx = 1",
      ["a", 0, "y"],
      "2",
      "[[a]]\ny = 2\n[[a]]\nx = 1",
    ],
    ["adds a first root key behind the byte order mark", "\ufeff[a]\n", ["y"], "2", "\ufeffy = 2\n\n[a]\n"],
    ["works on an empty file", "", ["a"], "1", "a = 1\n"],
    [
      "keeps CRLF and the byte order mark",
      "\ufeff[a]\r\nx = 1\r\n",
      ["a", "y"],
      "2",
      "\ufeff[a]\r\nx = 1\r\ny = 2\r\n",
    ],
    ["ends an unfinished last line first", "[a]\nx = 1", ["a", "y"], "2", "[a]\nx = 1\ny = 2\n"],
    ["refuses a value that is no value", "a = 1\n", ["a"], "2\nb = 3", "not-possible"],
    ["refuses a comment as a value", "a = 1\n", ["a"], "# x", "not-possible"],
    ["refuses a way through a scalar", "a = 1\n", ["a", "b"], "2", "not-possible"],
    ["refuses a broken file", "a =\n", ["a"], "2", "unreadable"],
  ])("%s", (...[, text, path, value, result]) => {
    expect(set(text, path, value)).toBe(result);
  });
});

describe("appending a table", () => {
  test("it stands after an empty line at the end", () => {
    expect(appendTable("a = 1\n\n\n", "tasks.b", 'cmd = "x"\n')).toEqual({
      ok: true,
      value: 'a = 1\n\n[tasks.b]\ncmd = "x"\n',
    });
    expect(appendTable("", "[hooks]", "")).toEqual({ ok: true, value: "[[hooks]]\n" });
  });

  test("a table that is there already and a broken body are refused", () => {
    expect(appendTable("[a]\n", "a", "").ok).toBe(false);
    expect(appendTable("", "a", "x =").ok).toBe(false);
  });
});
