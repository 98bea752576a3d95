import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatDuration, parseDuration, parseTimer } from "#base/duration";
import { formatSize, parsePercent, parseSize } from "#base/size";
import { editDistance, suggest } from "#base/suggest";
import { formatProblem } from "#core/config/formats";
import type { StringFormat } from "#core/config/schema/kinds";
import { dirname, isInside, normalize, relativeTo, resolveFrom } from "#base/path";
import { lineAt, offsetAt, positionAt } from "#base/span";
import * as posix from "node:path/posix";

const FORMATS: readonly StringFormat[] = [
  "duration",
  "size",
  "size-or-percent",
  "percent",
  "glob",
  "regex",
  "expression",
  "template",
  "command",
  "task-name",
  "task-ref",
  "stage-name",
  "matrix-axis",
  "path",
  "signal",
  "env-name",
  "platform",
  "version",
  "profile-name",
  "package-name",
  "redirect",
];

describe("formats of texts", () => {
  test("no text makes a format throw, and a refusal says what is expected", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FORMATS),
        fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.stringMatching(/^[\d.]+[a-zA-Z%]*$/)),
        (format, text) => {
          expect(formatProblem(format, text)).toSatisfy(
            (problem) => problem === undefined || (typeof problem === "string" && problem !== ""),
          );
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("what is a duration, a size or a share is what can be read as one", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9.]{0,4}(ms|[smhdwKMG%]|KB|GiB| )?[0-9]?[smB]?$/), (text) => {
        expect(formatProblem("duration", text) === undefined).toBe(parseDuration(text) !== undefined);
        expect(formatProblem("size", text) === undefined).toBe(parseSize(text) !== undefined);
        expect(formatProblem("percent", text) === undefined).toBe(parsePercent(text) !== undefined);
      }),
    );
  });

  test("a duration is the sum of its parts, and a timer never longer than timers can be", () => {
    const part = fc.tuple(
      fc.nat(10_000),
      fc.constantFrom(
        ["ms", 1] as const,
        ["s", 1000] as const,
        ["m", 60_000] as const,
        ["h", 3_600_000] as const,
        ["d", 86_400_000] as const,
        ["w", 604_800_000] as const,
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = parts.map(([count, [unit]]) => `${count}${unit}`).join("");
        const sum = parts.reduce((total, [count, [, ms]]) => total + count * ms, 0);
        expect(parseDuration(text)).toBe(sum);
        expect(parseTimer(text)).toBe(Math.min(sum, 2_147_483_647));
      }),
    );
  });

  test("shown durations and sizes have no more than two parts and never go down", () => {
    fc.assert(
      fc.property(fc.nat(400_000_000), (ms) => {
        expect(formatDuration(ms)).toMatch(/^(\d+ms|\d+\.\ds|\d+m \d+s|\d+h \d+m)$/);
        const shown = parseDuration(formatDuration(ms).replace(" ", "")) ?? -1;
        expect(Math.abs(shown - ms)).toBeLessThanOrEqual(ms < 60_000 ? 50 : ms < 3_600_000 ? 500 : 60_000);
      }),
    );
    fc.assert(
      fc.property(fc.nat(2 ** 31), (bytes) =>
        expect(formatSize(bytes)).toMatch(/^\d+ B$|^\d{1,4}\.\d [KMGT]B$/),
      ),
    );
  });
});

describe("edit distance", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });

  test("is a distance: nothing to itself, the same both ways, at most the longer length", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  test("suggestions are near, at most three, best first, and no stranger is nearer", () => {
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 8 }), (wrong, names) => {
        const found = suggest(wrong, names);
        const distances = found.map((name) => editDistance(wrong, name));
        expect(found.length).toBeLessThanOrEqual(3);
        expect(distances).toEqual(distances.toSorted((a, b) => a - b));
        for (const distance of distances) expect(distance).toBeLessThanOrEqual(3);
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});

describe("paths as text", () => {
  const path = fc
    .array(fc.constantFrom("a", "b", "..", ".", "", "x.y"), { maxLength: 6 })
    .map((parts) => parts.join("/"));

  test("are normalized as the platform's own module does it, but for a trailing slash", () => {
    fc.assert(
      fc.property(path, fc.boolean(), (text, absolute) => {
        const whole = absolute ? `/${text}` : text;
        const expected = posix.normalize(whole);
        expect(normalize(whole)).toBe(expected.length > 1 ? expected.replace(/\/$/, "") : expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("the way from one folder to another leads there", () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        const [from, to] = [normalize(`/${one}`), normalize(`/${other}`)];
        expect(resolveFrom(from, relativeTo(from, to))).toBe(to);
        expect(isInside(dirname(to), to)).toBe(true);
      }),
    );
  });
});

describe("places in a text", () => {
  test("line and column lead back to the offset, and the line is what stands between two line ends", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "\n", "\r\n", "빌", "😀") }),
        fc.nat(40),
        (text, at) => {
          const offset = Math.min(at, text.length);
          const position = positionAt(text, at);
          expect(offsetAt(text, position)).toBe(offset);
          expect(position.line).toBe(text.slice(0, offset).split("\n").length);
          expect(lineAt(text, position.line)).toBe(
            (text.split("\n")[position.line - 1] ?? "").replace(/\r$/, ""),
          );
        },
      ),
    );
  });
});
