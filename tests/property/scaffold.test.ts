import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatProblem } from "#core/config/formats";
import { printToml } from "#core/config/toml/print-value";
import type { Printable } from "#core/config/toml/print-value";
import { readValues } from "#core/config/toml/read-values";
import type { TomlTable } from "#core/config/toml/values";
import { addEntry } from "#core/scaffold/add-entry";
import { mergeText } from "#core/scaffold/merge-text";
import { readTemplate } from "#core/scaffold/read-template";
import { renderTemplate } from "#core/scaffold/render-template";
import { wordCases } from "#core/scaffold/word-cases";

const valuesOf = (text: string): TomlTable => {
  const read = readValues(text);
  if (!read.ok) throw new Error(`no TOML: ${text}`);
  return read.value;
};

const line = fc.string({ unit: "grapheme" }).filter((text) => text.isWellFormed());
const taskName = fc
  .oneof(
    fc.constantFrom("build", "db:migrate", "a.b", "__proto__", "constructor", "é"),
    fc.stringMatching(/^[a-z][\w:./-]{0,9}$/),
  )
  .filter((name) => formatProblem("task-name", name) === undefined);
const value: fc.Arbitrary<Printable> = fc.oneof(
  line,
  fc.array(line, { maxLength: 3 }),
  fc.boolean(),
  fc.integer(),
);

/** Files with comments and several ways to write tables. */
const FILES = [
  "",
  "# only a comment",
  '# top\n[tasks]\nlint = "true" # keep\n',
  '[tasks.test] # here\ncmd = "x"\n\n# end\n',
  'tasks = { lint = "true" } # inline\n',
  'tasks.lint = "true"\n[env]\nA = "1" # a',
  '[tasks]\r\nlint = "true" # windows\r\n',
];

describe("adding an entry", () => {
  test("sets just it, whatever its name and values, and keeps every comment and line", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        taskName,
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), value, { maxKeys: 4, minKeys: 1 }),
        (text, name, table) => {
          const before = valuesOf(text);
          const added = addEntry(text, { section: "tasks", name, table }, false);
          const tasks = before["tasks"] as TomlTable | undefined;
          if (tasks !== undefined && Object.hasOwn(tasks, name)) {
            expect(added).toEqual({ ok: false, error: { kind: "exists" } });
            return;
          }
          // `a.b` is no name beside `a` in every form of a table; then it is refused, and never put elsewhere.
          if (!added.ok) return;
          const after = valuesOf(added.value);
          const found = Object.entries(after["tasks"] as TomlTable);
          expect(found.filter(([key]) => key !== name)).toEqual(Object.entries(tasks ?? {}));
          expect(
            Object.entries((found.find(([key]) => key === name)?.[1] ?? {}) as TomlTable).sort(),
          ).toEqual(Object.entries(table).sort() as [string, never][]);
          for (const comment of text.match(/#[^\r\n]*/g) ?? []) expect(added.value).toContain(comment);
        },
      ),
    );
  });
});

describe("answers in a template", () => {
  const answer = fc.oneof(line, fc.array(line, { maxLength: 3 }), fc.boolean(), fc.integer());

  test("stay values in TOML and JSON, whatever they hold", () => {
    fc.assert(
      fc.property(answer, line, (item, key) => {
        const answers = new Map([
          ["item", item],
          ["key", key],
        ]);
        const toml = renderTemplate("{{ key | key }} = {{ item | toml }}\nlast = 1\n", answers);
        const json = renderTemplate('{ "item": {{ item | json }}, "last": 1 }', answers);
        if (!toml.ok || !json.ok) throw new Error("not rendered");
        expect(JSON.parse(json.value)).toEqual({ item, last: 1 });
        if (key === "last") return;
        expect(Object.entries(valuesOf(toml.value))).toEqual([
          [key, item as never],
          ["last", 1],
        ]);
      }),
    );
  });

  test("are not read for places again", () => {
    const answers = new Map([
      ["a", "{{ b }}"],
      ["b", "no"],
    ]);
    expect(renderTemplate("{{ a }}", answers)).toEqual({ ok: true, value: "{{ b }}" });
  });

  test("every way to write a name gives the same words", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{2,6}$/), { minLength: 1, maxLength: 4 }), (words) => {
        const name = words.join(" ");
        const ways = ["kebab", "snake", "constant", "camel", "pascal", "title"].map(
          (way) => wordCases[way]?.(name) ?? "",
        );
        for (const way of ways) expect(wordCases["kebab"]?.(way)).toBe(words.join("-"));
      }),
    );
  });
});

test("whatever a template.toml holds, it is read or refused with a reason", () => {
  const key = fc.constantFrom(
    "description",
    "questions",
    "config",
    "files",
    "type",
    "ask",
    "default",
    "choices",
    "pattern",
  );
  const inner: fc.Arbitrary<Printable> = fc.oneof(
    line,
    fc.integer(),
    fc.boolean(),
    fc.array(fc.oneof(line, fc.integer()), { maxLength: 2 }),
    fc.dictionary(key, fc.oneof(line, fc.boolean(), fc.array(line, { maxLength: 2 })), { maxKeys: 3 }),
  );
  const document = fc.dictionary(
    key,
    fc.oneof(inner, fc.dictionary(fc.oneof(line, key), inner, { maxKeys: 2 })),
    { maxKeys: 4 },
  );
  fc.assert(
    fc.property(document, (table) => {
      const text = Object.entries(table).map(([name, item]) => `${name} = ${printToml(item)}\n`);
      const read = readTemplate(text.join(""), { name: "t" });
      if (!read.ok) expect(read.error).not.toBe("");
      else expect(Array.isArray(read.value.questions)).toBe(true);
    }),
  );
});

describe("merging", () => {
  const tree = fc.letrec<{ readonly table: Record<string, unknown>; readonly node: unknown }>((tie) => ({
    table: fc.dictionary(fc.stringMatching(/^[a-d]$/), tie("node"), { maxKeys: 3 }),
    node: fc.oneof({ maxDepth: 2 }, fc.integer(), line, tie("table")),
  })).table;

  test("of JSON adds what is missing and keeps what is there; a second time it changes nothing", () => {
    fc.assert(
      fc.property(tree, tree, (before, more) => {
        const present = JSON.stringify(before);
        const added = JSON.stringify(more);
        const merged = mergeText("x.json", { present, added, onConflict: "keep" });
        if (!merged.ok) throw new Error(merged.error);
        expectKept(before, JSON.parse(merged.value));
        expect(mergeText("x.json", { present: merged.value, added, onConflict: "keep" })).toEqual(merged);
      }),
    );
  });

  test("of TOML keeps every comment, and what is there", () => {
    const text = '# top\n[a] # table\nb = 1 # one\n\n# last\n[c]\nd = "x"\n';
    for (const [added, wanted] of [
      ["[a]\nb = 1\n", text],
      ["[e]\nf = 2 # theirs\n", `${text}\n[e]\nf = 2 # theirs\n`],
      ["[a]\ng = 3\n", text.replace("b = 1 # one\n", "b = 1 # one\ng = 3\n")],
    ] as const)
      expect(mergeText("x.toml", { present: text, added, onConflict: "refuse" })).toEqual({
        ok: true,
        value: wanted,
      });
    const another = { present: text, added: "[a]\nb = 2\n" };
    expect(mergeText("x.toml", { ...another, onConflict: "refuse" })).toEqual({
      ok: false,
      error: "it says another a.b",
    });
    expect(mergeText("x.toml", { ...another, onConflict: "keep" })).toEqual({ ok: true, value: text });
    expect(mergeText("x.toml", { ...another, onConflict: "take" })).toEqual({
      ok: true,
      value: text.replace("b = 1", "b = 2"),
    });
  });

  test("what is neither is not merged", () => {
    expect(mergeText("x.md", { present: "a", added: "b", onConflict: "take" }).ok).toBe(false);
    expect(mergeText("x.json", { present: "{ c }", added: "{}", onConflict: "take" }).ok).toBe(false);
    expect(mergeText("x.toml", { present: "a =", added: "", onConflict: "take" }).ok).toBe(false);
  });
});

/** Everything of the first is in the second, at the same place. */
function expectKept(before: unknown, after: unknown): void {
  if (typeof before !== "object" || before === null) {
    expect(after).toEqual(before);
    return;
  }
  for (const [key, value] of Object.entries(before))
    expectKept(value, Object.entries(after as Record<string, unknown>).find(([name]) => name === key)?.[1]);
}
