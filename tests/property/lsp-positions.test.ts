import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { TextDocument } from "vscode-languageserver-textdocument";
import { LineIndex } from "#core/editor/line-index";
import { pathOfUri, uriOfPath } from "#frontends/lsp/uri";

const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", "\r\n", "\r", " ") });

describe("positions and addresses", () => {
  test("are those of the protocol's own library, in both directions", () => {
    fc.assert(
      fc.property(text, fc.nat(60), fc.nat(12), fc.nat(12), (content, offset, line, character) => {
        const theirs = TextDocument.create("file:///a", "toml", 1, content);
        const ours = new LineIndex(content);
        const inside = Math.min(offset, content.length);
        // Between the two characters of a line end the library goes back before it; no client asks there.
        if (!(content[inside - 1] === "\r" && content[inside] === "\n"))
          expect(ours.positionAt(inside)).toEqual(theirs.positionAt(inside));
        expect(ours.offsetAt({ line, character })).toBe(theirs.offsetAt({ line, character }));
      }),
      { numRuns: 2000 },
    );
  });

  test("a path comes back from its URI, and what is no file has none", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 4 }),
        (parts) => {
          const names = parts.map((part) => part.replaceAll(/[/\0\\]/g, "_").toWellFormed());
          fc.pre(names.every((name) => name !== "." && name !== ".."));
          const path = `/x/${names.join("/")}`;
          expect(pathOfUri(uriOfPath(path))).toBe(path);
        },
      ),
    );
    expect(pathOfUri("file:///c%3A/a%20b/zr.toml")).toBe("C:/a b/zr.toml");
    for (const uri of ["untitled:zr.toml", "http://x/zr.toml", "file:///%E0%A4%A", "file:///a%00b", ""])
      expect(pathOfUri(uri)).toBeUndefined();
  });
});
