import { expect, test } from "bun:test";
import fc from "fast-check";
import { logPage } from "#app/catalogue/log-page";
import type { LogPage } from "#app/catalogue/log-page";

const line = fc.stringMatching(/^[a-z ]{0,30}$/);

test("pages of a log, forward and backward, are the log", async () => {
  const asked = fc.record({
    lines: fc.array(line, { maxLength: 60 }),
    hasEnd: fc.boolean(),
    size: fc.integer({ min: 1, max: 10 }),
    budget: fc.integer({ min: 1, max: 60 }),
    cut: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ lines, hasEnd, size, budget, cut }) => {
      const text = lines.join("\n") + (hasEnd && lines.length > 0 ? "\n" : "");
      const bytes = new TextEncoder().encode(text);
      const pieces = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, index) =>
        bytes.subarray(index * cut, (index + 1) * cut),
      );
      const page = (cursor: string | undefined): Promise<LogPage> =>
        logPage(pieces, { cursor, lines: size, budget, mask: (masked) => masked });
      let forward = "";
      for (let cursor: string | undefined = "a0"; cursor !== undefined;) {
        const found: LogPage = await page(cursor);
        forward += found.text;
        cursor = found.newer;
      }
      expect(forward).toBe(text);
      let backward = "";
      for (let found = await page(undefined); ; found = await page(found.older)) {
        backward = found.text + backward;
        if (found.older === undefined) break;
      }
      expect(backward).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test("cursors of nowhere and lines longer than a window give a page", async () => {
  const bytes = new TextEncoder().encode(`${"x".repeat(300_000)}\nend\n`);
  const ask = (cursor: string | undefined): Promise<LogPage> =>
    logPage([bytes], { cursor, lines: 5, budget: 500, mask: (text) => text });
  expect((await ask(undefined)).text).toEndWith("end\n");
  for (const cursor of ["a999999999", "b999999999", "b0", "a0", "zz", "a300000"]) {
    const { text, bytes: size } = await ask(cursor);
    expect(size).toBe(bytes.length);
    expect(text.length).toBeLessThan(2000);
  }
});
