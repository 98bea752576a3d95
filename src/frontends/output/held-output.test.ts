import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WrittenOutput } from "#tests/support/scripted-events";
import { HeldOutput } from "./held-output";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zr-held-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Pieces of changing size and stream, numbered so that loss and disorder show. */
async function fill(held: HeldOutput, pieces: number): Promise<WrittenOutput> {
  const expected = new WrittenOutput();
  for (let index = 0; index < pieces; index += 1) {
    const bytes = bytesOf(`${index}:`.repeat(1 + (index % 50)));
    const stream = index % 7 < 4 ? "stdout" : "stderr";
    expected.write(stream, bytes);
    const wait = held.append(stream, bytes);
    bytes.fill(0);
    if (index % 3 === 0) await wait;
  }
  return expected;
}

test("output below the limit is kept in memory and comes back in order, each piece on its stream", async () => {
  const held = new HeldOutput({ path: join(folder, "deep/spool") });
  const expected = await fill(held, 5000);
  const written = new WrittenOutput();
  await held.replay(written.write);
  expect(readdirSync(folder)).toEqual([]);
  expect(written.bytes()).toEqual(expected.bytes());
  expect(written.bytes("stderr")).toEqual(expected.bytes("stderr"));
});

test("what goes beyond the limit is kept in a file, everything comes back the same, and the file is removed", async () => {
  const held = new HeldOutput({ path: join(folder, "deep/spool"), memoryLimit: 10_000 });
  const expected = await fill(held, 5000);
  expect(held.memoryBytes).toBeLessThanOrEqual(10_000);
  expect(readdirSync(join(folder, "deep"))).toEqual(["spool"]);
  const written = new WrittenOutput();
  await held.replay(written.write);
  expect(readdirSync(join(folder, "deep"))).toEqual([]);
  expect(written.bytes()).toEqual(expected.bytes());
  expect(written.bytes("stderr")).toEqual(expected.bytes("stderr"));
});

test("output that is not wanted leaves no file", async () => {
  const held = new HeldOutput({ path: join(folder, "deep/spool"), memoryLimit: 10 });
  await fill(held, 100);
  await held.discard();
  expect(readdirSync(join(folder, "deep"))).toEqual([]);
});

test("what the disk refuses is counted and does not throw", async () => {
  const held = new HeldOutput({ path: "/dev/null/spool", memoryLimit: 10 });
  await held.append("stdout", bytesOf("12345678"));
  await held.append("stdout", bytesOf("12345678"));
  await held.append("stdout", bytesOf("later"));
  await held.replay(() => undefined);
  expect(held.loss?.bytes).toBe(13);
  expect(held.loss?.problem).toContain("ENOTDIR");
});
