import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { TerminalRecording } from "./terminal-recording";

const PLACE = { cwd: tmpdir(), env: { PATH: process.env["PATH"] ?? "", TERM: "xterm-256color" } };

test("a recording plays what was typed and printed, and ends with the last screen", async () => {
  const recording = new TerminalRecording(20, 3);
  await recording.run("say", ["printf", "\\033[31m<one>\\033[0m\\n"], PLACE);
  await recording.run("go", ["printf", "two\\n"], PLACE);
  const svg = recording.svg("A & B");
  expect(svg).toContain("<title>A &amp; B</title>");
  // Letter by letter, and in the colour that was printed.
  for (const typed of [">s<", ">sa<", ">say<", ">go<"]) expect(svg).toContain(typed);
  expect(svg).toMatch(/class="text c1"[^>]*>&lt;one&gt;</);
  const frames = [...svg.matchAll(/<g transform="translate\(0 (\d+)\)">(.*?)<\/g>/g)];
  const [, top, uses = ""] = frames.at(-1)!;
  // Three rows of 18 pixels: what is above has scrolled away.
  expect(svg).toContain(`.film{transform:translateY(-${top}px)`);
  expect(uses.match(/<use/g)).toHaveLength(2);
  expect(svg).toContain("prefers-reduced-motion:reduce");
});

test("a screen that stays the same is one frame, however often it was written", async () => {
  const recording = new TerminalRecording(20, 3);
  await recording.run("x", ["true"], PLACE);
  const rows = recording.svg("t").match(/<g transform="translate\(0 \d+\)">/g) ?? [];
  // The prompt, the letter, and the new line, which shows nothing new.
  expect(rows.length).toBeLessThanOrEqual(2);
});
