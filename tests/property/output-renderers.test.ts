import { expect, test } from "bun:test";
import fc from "fast-check";
import type { RendererMode } from "#frontends/output/create-renderer";
import { createRenderer } from "#frontends/output/create-renderer";
import { ScriptedEvents, WrittenOutput, rendererOptions } from "#tests/support/scripted-events";

const LABELS = ["a", "b", "c"] as const;
type Label = (typeof LABELS)[number];

interface Chunk {
  readonly label: Label;
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
}

/** Bytes rich in line ends, carriage returns, NULs and broken UTF-8. */
const byte = fc.oneof(
  { weight: 3, arbitrary: fc.constant(10) },
  { weight: 6, arbitrary: fc.integer({ min: 97, max: 99 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 13, 0xff, 0xc3, 0xe2, 0x1b) },
);
const chunk = fc.record({
  label: fc.constantFrom(...LABELS),
  stream: fc.constantFrom("stdout", "stderr"),
  bytes: fc.oneof(
    { weight: 20, arbitrary: fc.array(byte, { maxLength: 12 }).map((bytes) => new Uint8Array(bytes)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(30_000, 70_000, 700_000).map((size) => new Uint8Array(size).fill(120)),
    },
  ),
});
const chunks = fc.array(chunk, { maxLength: 40 }) as fc.Arbitrary<Chunk[]>;

/** What a run of three tasks that print these chunks writes, task output alone: all end in the order c, a, b. */
async function play(mode: RendererMode, given: readonly Chunk[], slow: boolean): Promise<WrittenOutput> {
  const written = new WrittenOutput();
  const write = (stream: "stdout" | "stderr", bytes: Uint8Array): void | Promise<void> => {
    written.write(stream, bytes);
    return slow ? Promise.resolve() : undefined;
  };
  const options = { ...rendererOptions(written), unicode: false, write };
  const run = new ScriptedEvents(
    await createRenderer(mode, options),
    LABELS.map((label) => ({ label })),
  );
  const waits: (void | Promise<void>)[] = [];
  for (const { label, stream, bytes } of given) {
    const wait = run.output(label, bytes, stream);
    waits.push(wait);
    // Half of the runs wait as they are asked to, the others go on regardless.
    if (!slow) await wait;
  }
  for (const label of ["c", "a", "b"]) run.finished(label);
  await run.end();
  await Promise.all(waits);
  return written;
}

const joined = (given: readonly Chunk[], keep: (chunk: Chunk) => boolean): Buffer =>
  Buffer.concat(given.filter(keep).map(({ bytes }) => bytes));

/** Lines of bytes as latin1 text, which keeps every byte; a last line without an end counts. */
function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** zr's own lines at the end. */
const withoutSummary = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf("3 tasks: 3 ok"));

test("interleaved output is the same bytes per stream", async () => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.boolean(), async (given, slow) => {
      const written = await play("interleaved", given, slow);
      const ended = (stream: Chunk["stream"], bytes: Buffer): void => {
        const whole = joined(given, (chunk) => chunk.stream === stream);
        // At most the line end that the summary needs.
        expect(bytes.subarray(0, whole.length).equals(whole)).toBe(true);
        expect(["", "\n"]).toContain(bytes.subarray(whole.length).toString());
      };
      ended("stdout", written.bytes("stdout"));
      ended("stderr", withoutSummary(written.bytes("stderr")));
    }),
  );
});

test("grouped output is one block for each task, with all of its bytes in order", async () => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.boolean(), async (given, slow) => {
      const written = await play("grouped", given, slow);
      let expected = "";
      for (const label of ["c", "a", "b"]) {
        const block = joined(given, (chunk) => chunk.label === label).toString("latin1");
        if (block !== "") expected += `+ ${label} (1.2s)\n${block}${block.endsWith("\n") ? "" : "\n"}`;
      }
      expect(withoutSummary(written.bytes()).toString("latin1") === expected).toBe(true);
    }),
  );
});

test("prefixed output has every line of every task whole and in order", async () => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.boolean(), async (given, slow) => {
      const written = await play("prefixed", given, slow);
      for (const stream of ["stdout", "stderr"] as const) {
        const bytes = stream === "stdout" ? written.bytes(stream) : withoutSummary(written.bytes(stream));
        const lines = linesOf(bytes);
        for (const label of LABELS) {
          const own = lines.filter((line) => line.startsWith(`${label} | `)).map((line) => line.slice(4));
          const expected = linesOf(
            joined(given, (chunk) => chunk.label === label && chunk.stream === stream),
          );
          // A long line may be broken, never a short one, and never mixed with another's.
          if (expected.every((line) => line.length <= 65_536)) expect(own).toEqual(expected);
          else expect(own.join("") === expected.join("")).toBe(true);
        }
        expect(lines.every((line) => /^[abc] \| /.test(line))).toBe(true);
      }
    }),
  );
});
