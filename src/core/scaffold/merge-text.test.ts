import { expect, test } from "bun:test";
import { mergeText } from "./merge-text";
import type { OnConflict } from "./on-conflict";

const merged = (present: string, added: string): unknown =>
  mergeText("zr.toml", { present, added, onConflict: "take" });

test("what is put into a table that is there keeps its type, dates and special numbers too", () => {
  const added = [
    "day = 2024-01-02",
    "at = [07:32:00, { when = 2024-01-02T07:32:00.5Z }]",
    "most = inf",
    "least = -inf",
    "none = nan",
    "text = 'a\\b'",
    "empty = {}",
  ].join("\n");
  expect(merged("[vars]\nx = 1\n", `[vars]\nx = 1\n${added}\n`)).toEqual({
    ok: true,
    value: `[vars]\nx = 1\n${added}\n`,
  });
});

test("what shares nothing with the text takes its line ends, and the text stays as it is", () => {
  const present = "# mixed\r\n[vars]\nx = 1\r\n";
  expect(merged(present, "# new\n[tasks.t]\ncmd = '''\na\nb'''\n")).toEqual({
    ok: true,
    value: `${present}\r\n# new\r\n[tasks.t]\r\ncmd = '''\r\na\r\nb'''\r\n`,
  });
});

test("a value comes as it is written, since 1.0 is not 1 to every reader", () => {
  expect(merged("[a]\nx = 1\n", "[a]\ny = 1.0\nz = 0xff\nw = [1.0, # one\n2]\n")).toEqual({
    ok: true,
    value: "[a]\nx = 1\ny = 1.0\nz = 0xff\nw = [1.0, # one\n2]\n",
  });
});

test("a table in the place of a short form is another value of that", () => {
  const texts = { present: '[tasks]\na = "x" # short\n', added: '[tasks.a]\ncmd = "y"\ndeps = ["b"]\n' };
  const withThem = (onConflict: OnConflict): unknown => mergeText("zr.toml", { ...texts, onConflict });
  expect(withThem("refuse")).toEqual({ ok: false, error: "it says another tasks.a" });
  expect(withThem("keep")).toEqual({ ok: true, value: texts.present });
  expect(withThem("take")).toEqual({
    ok: true,
    value: '[tasks]\na = { cmd = "y", deps = ["b"] } # short\n',
  });
});
