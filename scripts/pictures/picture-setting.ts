import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Terminal } from "@xterm/headless";

/** Gives a folder that is there only as long as the work in it. */
export async function inScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "zr-pictures-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The variables of a program on a terminal, with nothing of who takes the picture. */
export const terminalVariables = (home: string, path = process.env["PATH"] ?? "") => ({
  PATH: path,
  HOME: home,
  TERM: "xterm-256color",
  LANG: "C.UTF-8",
});

/** What is on the screen, a line a row, without the blanks at their ends. */
export const screenText = ({ rows, buffer: { active } }: Terminal): string =>
  Array.from({ length: rows }, (_, row) =>
    (active.getLine(active.baseY + row)?.translateToString(true) ?? "").trimEnd(),
  ).join("\n");
