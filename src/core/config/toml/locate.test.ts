import { describe, expect, test } from "bun:test";
import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import { openDocument, type PositionedDocument } from "./locate";

const text = `\ufeff# about name
name = "zr"

[tasks]
lint = "x"
# not this

# the build
# of all
[tasks.build] # here
cmd = "a\\tb \${x}"
deps = ["one", { task = "two", args.x = 1 }]
env.A = 'a'

[[hooks.before]]
run = 1
[[hooks.before]]
run = 2
[hooks.before.env]
B = """
line \\
   \\u00e9nd"""
`;

function opened(source: string): PositionedDocument {
  const outcome = openDocument(source);
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}
const places = opened(text);
const at = (span: Span | undefined): string =>
  span === undefined ? "nowhere" : text.slice(span.start, span.end);

describe("places of entries", () => {
  test.each<[KeyPath, string, string, string]>([
    [["name"], "name", '"zr"', "name"],
    [["tasks"], "tasks", "[tasks]", "[tasks]"],
    [["tasks", "build"], "build", "[tasks.build]", "[tasks.build]"],
    [["tasks", "build", "deps", 0], '"one"', '"one"', '"one"'],
    [["tasks", "build", "deps", 1, "task"], "task", '"two"', "task"],
    [["tasks", "build", "deps", 1, "args", "x"], "x", "1", "x"],
    [["tasks", "build", "env", "A"], "A", "'a'", "A"],
    [["tasks", "build", "env"], "env", "env", "env"],
    [["hooks", "before", 1, "run"], "run", "2", "run"],
    [["hooks", "before", 1], "before", "[[hooks.before]]", "[[hooks.before]]"],
    [["hooks"], "hooks", "[[hooks.before]]", "[[hooks.before]]"],
  ])("%j has its key, value and header", (path, key, value, header) => {
    expect(at(places.spanOf(path, "value"))).toBe(value);
    expect(at(places.spanOf(path, "header"))).toBe(header);
    if (path.at(-1) !== 1) expect(at(places.spanOf(path, "key"))).toBe(key);
  });

  test("elements of one array of tables have headers of their own", () => {
    const first = places.spanOf(["hooks", "before", 0], "header");
    const second = places.spanOf(["hooks", "before", 1], "header");
    expect(first?.start).toBeLessThan(second?.start ?? 0);
  });

  test("what does not exist is placed at its nearest parent, and nothing at all nowhere", () => {
    expect(at(places.spanOf(["tasks", "build", "deps", 7, "x"], "value"))).toBe(
      '["one", { task = "two", args.x = 1 }]',
    );
    expect(at(places.spanOf(["tasks", "nope"], "value"))).toBe("[tasks]");
    expect(places.spanOf(["nope"], "value")).toBeUndefined();
    expect(places.has(["tasks", "nope"])).toBe(false);
  });

  test("a lone half of a surrogate pair moves no place", () => {
    expect(opened("# \udc00\na = 1").spanOf(["a"], "key")).toEqual({ start: 4, end: 5 });
  });

  test("a table's own header wins over a longer one before it", () => {
    const source = "[a.b]\n[a]\n";
    expect(opened(source).spanOf(["a"], "header")).toEqual({ start: 6, end: 9 });
  });

  test.each<[string, KeyPath]>([
    ["zr", ["name"]],
    ["build]", ["tasks", "build"]],
    ["tasks.build", ["tasks"]],
    ["two", ["tasks", "build", "deps", 1, "task"]],
    ["# the build", ["tasks"]],
    ["run = 2", ["hooks", "before", 1, "run"]],
  ])("the entry around %j is found", (needle, path) => {
    expect(places.pathAt(text.indexOf(needle))).toEqual(path);
  });

  test("comments right above an entry are its comments, others are not", () => {
    expect(places.commentsBefore(["tasks", "build"])).toEqual(["the build", "of all"]);
    expect(places.commentsBefore(["name"])).toEqual(["about name"]);
    expect(places.commentsBefore(["tasks", "lint"])).toEqual([]);
    expect(opened('a = """\n# text"""\nb = 1').commentsBefore(["b"])).toEqual([]);
  });

  test("a range of a string's value maps to the file over escapes, trimmed lines and line ends", () => {
    const cmd: KeyPath = ["tasks", "build", "cmd"];
    expect(at(places.withinString(cmd, { start: 1, end: 2 }))).toBe("\\t");
    expect(at(places.withinString(cmd, { start: 4, end: 8 }))).toBe("${x}");
    const multi: KeyPath = ["hooks", "before", 1, "env", "B"];
    expect(at(places.withinString(multi, { start: 5, end: 8 }))).toBe("\\\n   \\u00e9nd".slice(5));
    expect(at(places.withinString(multi, { start: 0, end: 4 }))).toBe("line");
    expect(places.withinString(["tasks", "build", "deps"], { start: 0, end: 1 })).toBeUndefined();
    const crlf = opened("a = '''\r\nx\r\ny'''");
    expect(crlf.withinString(["a"], { start: 2, end: 3 })).toEqual({ start: 12, end: 13 });
    const wide = opened('a = "\\U0001F600!"');
    expect(wide.withinString(["a"], { start: 2, end: 3 })).toEqual({ start: 15, end: 16 });
  });
});
