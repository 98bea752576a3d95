import { afterAll, expect, test } from "bun:test";
import fc from "fast-check";
import { mkdtempSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { memberParts, staysInside } from "#core/toolchain/archive-paths";

const place = mkdtempSync(join(realpathSync(tmpdir()), "zr-links-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const part = fc.constantFrom("a", "b", "c", "..", ".", "");
const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
const name = fc
  .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join("/"));

test("no link that is let in leads out of the folder, as the system follows it", () => {
  let round = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, path), { maxLength: 5, selector: ([link]) => link }),
      (links) => {
        const map = new Map(links.filter(([, target]) => target !== ""));
        // As when unpacking: no link lies behind another one.
        const isNested = [...map.keys()].some((link) =>
          [...map.keys()].some((other) => link.startsWith(`${other}/`)),
        );
        if (isNested || ![...map.keys()].every((link) => staysInside(link, map))) return;
        round += 1;
        const root = join(place, String(round), "root");
        mkdirSync(root, { recursive: true });
        for (const [link, target] of map) {
          mkdirSync(dirname(join(root, link)), { recursive: true });
          symlinkSync(target, join(root, link));
        }
        for (const link of map.keys()) {
          let real: string;
          try {
            real = realpathSync(join(root, link));
          } catch {
            continue;
          }
          expect(real === root || real.startsWith(`${root}/`)).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("parts of a member's name never go up or start elsewhere", () => {
  fc.assert(
    fc.property(fc.oneof(path, fc.string()), (text) => {
      const parts = memberParts(text);
      if (parts === undefined) return;
      for (const one of parts)
        expect(
          ["..", ".", ""].includes(one) || one.includes("/") || one.includes("\\") || one.includes("\0"),
        ).toBe(false);
      expect(text.startsWith("/")).toBe(false);
    }),
  );
});
