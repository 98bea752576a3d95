import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkValue, kindName, shown } from "#core/config/check";
import { withoutFaults } from "#core/config/without-faults";
import { readValues } from "#core/config/toml/read-values";
import { document } from "#core/config/schema/sections";
import type { Kind } from "#core/config/schema/kinds";
import { locateDiagnostics } from "#app/locate-diagnostics";
import { diagnosticCodes } from "#app/diagnostic-codes";
import { documentText } from "#tests/support/toml-corpus/documents";

const KEYS = [...new Set(keysOf(document)), "__proto__", "constructor", "", "\u001b[31m", "빌드"];
const TEXTS = [
  "",
  "true",
  "5m",
  "50%",
  "2GB",
  "linux",
  "TERM",
  "${args.x}",
  "\0",
  "[a",
  "(",
  "build",
  "ns:a",
];

function keysOf(kind: Kind, depth = 0): string[] {
  if (depth > 6) return [];
  if (kind.type === "table")
    return Object.entries(kind.fields).flatMap(([key, field]) => [key, ...keysOf(field.kind, depth + 1)]);
  if (kind.type === "map") return ["a", ...keysOf(kind.value, depth + 1)];
  if (kind.type === "list") return keysOf(kind.item, depth + 1);
  return kind.type === "union" ? kind.options.flatMap((option) => keysOf(option, depth + 1)) : [];
}

const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...KEYS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(...TEXTS),
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.bigInt(),
      fc.constantFrom<unknown>(null, undefined, Number.NaN, new Date(0), () => 1, Symbol("x")),
      fc.constant(Bun.TOML.parse("x = 2024-01-01") as unknown),
    ),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 5, noNullPrototype: false }),
  ),
}));

describe("the checker", () => {
  test("never throws, whatever the tree of values, and names what it finds by codes of the table", () => {
    fc.assert(
      fc.property(tree, (value) => {
        for (const { code, place, data } of checkValue(document, value, "/zr.toml")) {
          expect(Object.hasOwn(diagnosticCodes, code)).toBe(true);
          expect(place?.file).toBe("/zr.toml");
          for (const item of Object.values(data)) expect(String(item)).not.toMatch(/\p{Cc}/u);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("finds nothing but wrong names in what is left without the faults", () => {
    const args = fc.array(fc.record({ name: tree, default: tree }, { requiredKeys: [] }), { maxLength: 3 });
    const task = fc.record({
      cmd: tree,
      args,
      deps: fc.array(fc.record({ task: tree, args: tree })),
      any: tree,
    });
    fc.assert(
      fc.property(fc.oneof(tree, fc.record({ tasks: fc.record({ a: task }) })), (value) => {
        const rest = withoutFaults(document, value, checkValue(document, value, "/zr.toml"));
        const codes = checkValue(document, rest, "/zr.toml").map(({ code }) => code);
        expect(codes.filter((code) => code !== "E117")).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test("does not change what it looks at", () => {
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 6 }), (value) => {
        const before = Bun.inspect(value, { depth: 20 });
        checkValue(document, value, "/zr.toml");
        expect(Bun.inspect(value, { depth: 20 })).toBe(before);
      }),
    );
  });

  test("points inside of the file, at an entry that is there", () => {
    const text = fc
      .tuple(
        documentText({ collisions: "never" }),
        fc.array(
          fc.tuple(
            fc.constantFrom(...KEYS.filter((name) => /^[\w-]+$/.test(name))),
            fc.constantFrom("1", '"x"', "[]", "{}", "[{ a = 1 }]", "2024-01-01"),
          ),
        ),
      )
      .map(
        ([base, lines]) =>
          `${lines.map(([name, value]) => `[tasks.t${name}]\n${name} = ${value}\n`).join("")}\n${base.replaceAll(/^/gm, "")}`,
      );
    let located = 0;
    fc.assert(
      fc.property(text, (source) => {
        const read = readValues(source);
        if (!read.ok) return;
        const found = checkValue(document, read.value, "/zr.toml");
        const places = locateDiagnostics(found, [], new Map([["/zr.toml", source]]));
        expect(places).toHaveLength(found.length);
        for (const { place } of places) {
          const span = place?.span ?? { start: -1, end: -1 };
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(source.length);
          located += 1;
        }
      }),
    );
    expect(located).toBeGreaterThan(100);
  });

  test("finds nothing in what the examples of the schema say", () => {
    const visit = (kind: Kind, check: (kind: Kind, example: string) => void): void => {
      if (kind.type !== "table") return;
      for (const field of Object.values(kind.fields)) {
        if (field.example !== undefined) check(field.kind, field.example);
        visit(field.kind, check);
      }
    };
    let examples = 0;
    visit(document, (kind, example) => {
      examples += 1;
      const value = Bun.TOML.parse(`x = ${example}`) as { readonly x: unknown };
      expect(checkValue(kind, value.x, "")).toEqual([]);
    });
    expect(examples).toBeGreaterThan(3);
  });
});

describe("the words of the checker", () => {
  test("every kind of the schema has a name", () => {
    const visit = (kind: Kind): void => {
      expect(kindName(kind)).toMatch(/^\S.*\S$|^\S$/);
      if (kind.type === "table") for (const field of Object.values(kind.fields)) visit(field.kind);
      else if (kind.type === "list") visit(kind.item);
      else if (kind.type === "map") visit(kind.value);
      else if (kind.type === "union") kind.options.forEach(visit);
    };
    visit(document);
  });

  test("text of a file is shown without control characters and in eighty characters at most", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(shown(text)).not.toMatch(/\p{Cc}/u);
        expect(shown(text).length).toBeLessThanOrEqual(80);
      }),
    );
  });
});
