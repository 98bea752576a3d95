import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseTemplate, renderTemplate } from "#core/expr/interpolate";
import type { TemplatePart } from "#core/expr/interpolate";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        "$",
        "{",
        "}",
        "${",
        "$${",
        "args",
        ".",
        "args.a",
        "${vars.x.y}",
        "${env.A}",
        "${output.a:b}",
        "${output.a[k=v.1].b}",
        "[",
        "]",
        "${HOME}",
        "a",
        ":-",
        "$(x)",
        "😀",
        "\n",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

const withoutSpans = (parts: readonly TemplatePart[]): unknown[] =>
  parts.map((part) => (part.kind === "text" ? part.value : [part.namespace, part.key]));

/** The template as it would be written. */
const printTemplate = (parts: readonly TemplatePart[]): string =>
  parts
    .map((part) =>
      part.kind === "text" ? part.value.replaceAll("${", () => "$${") : `\${${part.namespace}.${part.key}}`,
    )
    .join("");

test("a template printed and read again is the same", () => {
  fc.assert(
    fc.property(text, (source) => {
      const { parts } = parseTemplate(source);
      expect(withoutSpans(parseTemplate(printTemplate(parts)).parts)).toEqual(withoutSpans(parts));
    }),
    { numRuns: 3000 },
  );
});

test("parts cover the text without gaps, and references say where they and their keys stand", () => {
  fc.assert(
    fc.property(text, (source) => {
      let at = 0;
      for (const part of parseTemplate(source).parts) {
        expect(part.span.start).toBe(at);
        at = part.span.end;
        if (part.kind === "text") continue;
        expect(source.slice(part.span.start, at)).toBe(`\${${part.namespace}.${part.key}}`);
        expect(source.slice(part.keySpan.start, part.keySpan.end)).toBe(part.key);
      }
      expect(at).toBe(source.length);
    }),
    { numRuns: 2000 },
  );
});

test("a text that is escaped renders as itself", () => {
  fc.assert(
    fc.property(text, (source) => {
      const escaped = parseTemplate(source.replaceAll("${", () => "$${"));
      const rendered = renderTemplate(escaped, { value: () => "x", keys: () => [] });
      expect(rendered).toEqual({ ok: true, value: source });
    }),
    { numRuns: 2000 },
  );
});
