import { expect, test } from "bun:test";
import { formatProblem } from "#core/config/formats";
import fc from "fast-check";
import { configurationSchema, formatSchema } from "./json-schema";
import type { Field, StringFormat } from "./kinds";
import { document } from "./sections";

type Node = Record<string, unknown>;
const schema = configurationSchema() as Node;
const properties = (node: Node): Record<string, Node> => (node["properties"] ?? {}) as Record<string, Node>;
const taskTable = (schema["$defs"] as Record<string, Node>)["taskTable"]!;

test("every section and every key of a task is there with its description", () => {
  expect(Object.keys(properties(schema))).toEqual(Object.keys(document.fields));
  const [, task] = document.fields.tasks.kind.value.options;
  for (const [name, field] of Object.entries<Field>(task.fields)) {
    expect(properties(taskTable)[name]?.["description"]).toStartWith(field.doc);
  }
});

test("unknown keys and missing ones are refused", () => {
  expect(schema["additionalProperties"]).toBe(false);
  expect(taskTable["additionalProperties"]).toBe(false);
  expect(properties(taskTable)["args"]).toMatchObject({ items: { required: ["name"] } });
});

test("a default and an example are values where they can be, and words where not", () => {
  expect(properties(taskTable)["stop_signal"]?.["default"]).toBe("TERM");
  expect(properties(taskTable)["deps"]?.["examples"]).toEqual([["lint", "^build"]]);
  expect(properties(taskTable)["cwd"]).not.toHaveProperty("default");
  expect(properties(taskTable)["cwd"]?.["description"]).toContain("Default: the package folder.");
});

test("a key that this version can't act on is marked and says so", () => {
  expect(properties(taskTable)["notify"]).toMatchObject({
    deprecated: true,
    description: expect.stringContaining("Not available in this version (notifications)."),
  });
  expect(properties(taskTable)["cmd"]).not.toHaveProperty("deprecated");
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)].map(
    (match) => match[1]!,
  );
  expect(references.length).toBeGreaterThan(0);
  for (const name of references) expect(schema["$defs"]).toHaveProperty(name);
});

const FORMATS: Readonly<Record<StringFormat, readonly string[]>> = {
  duration: ["500ms", "1h30m", "5 minutes", "1.5s"],
  size: ["512KB", "1.5GiB", "100B", "2 GB", "2", "lots"],
  "size-or-percent": ["2GB", "50%", "half"],
  percent: ["50%", "12.5%", "50"],
  glob: ["src/**", ""],
  regex: ["a+"],
  expression: ["ci"],
  template: ["$HOME", ""],
  command: ["make", " "],
  "task-name": ["a:b/c", "a b", "übung"],
  "task-ref": ["^build", "a b"],
  "stage-name": ["deploy to eu", "a/b:c", " a", "a ", ""],
  "matrix-axis": ["matrix.os", "matrix.", "os"],
  path: ["x y", ""],
  signal: ["TERM", "SIGINT", "nothing"],
  "env-name": ["A_1", "1A"],
  platform: ["linux", "darwin/arm64", "macos", "plan9", "linux/mips"],
  version: ["1.2", "v1.2.3-rc.1", "one"],
  "profile-name": ["ci"],
  "package-name": ["app", "@scope/app"],
  redirect: ["null", "file:x", "file+:x", "nowhere"],
  "ssh-host": ["box", "me@box.example.com", "ssh://me@[::1]:22", "-oProxyCommand=x", "a b"],
  "run-on": ["host", "remote", "service:db", "container:alpine", "moon"],
};

test("what zr takes, the pattern of its format takes too", () => {
  for (const [format, samples] of Object.entries(FORMATS) as [StringFormat, readonly string[]][]) {
    const { pattern } = formatSchema(format) as { pattern?: string };
    if (pattern === undefined) continue;
    const matcher = new RegExp(pattern, "u");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(...samples),
          fc.string({ unit: fc.constantFrom(..."01.5msKMGBib%v-aZ:/+ ") }),
        ),
        (text) => {
          if (formatProblem(format, text) === undefined) expect(text).toMatch(matcher);
        },
      ),
    );
  }
});

test("the patterns refuse what is plainly wrong", () => {
  const refuses = (format: StringFormat, text: string): boolean =>
    !new RegExp(String(formatSchema(format)["pattern"]), "u").test(text);
  expect(refuses("duration", "5 minutes")).toBe(true);
  expect(refuses("size", "lots")).toBe(true);
  expect(refuses("platform", "plan9")).toBe(true);
  expect(refuses("task-name", "a b")).toBe(true);
});
