import type { FuzzCase } from "./fuzz-target";

/*
 * A case as a text file, after the form of Go's txtar: `-- NAME --` begins a file, `-- words --` the words, one a line.
 * What would not survive in a text file, or look like such a line, stands as `\uNNNN`; a backslash is doubled.
 */

const HEADER = /^-- (.*) --$/;

export function printCase({ files, cwd, words }: FuzzCase): string {
  const parts = Object.entries(files).map(([name, text]) => `-- ${name} --\n${escaped(text)}\n`);
  const more =
    words.length === 0
      ? ""
      : `-- words --\n${words.map((word) => `${escaped(word).replaceAll("\n", "\\u000a")}\n`).join("")}`;
  return `${cwd === "/w" ? "" : `-- cwd --\n${cwd}\n`}${parts.join("")}${more}`;
}

export function parseCase(text: string): FuzzCase {
  const files: Record<string, string> = {};
  let cwd = "/w";
  let words: readonly string[] = [];
  let name: string | undefined;
  let lines: string[] = [];
  const finish = (): void => {
    if (name === "words") words = lines.map(plain);
    else if (name === "cwd") cwd = lines.join("");
    else if (name !== undefined) files[name] = plain(lines.join("\n"));
  };
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const header = HEADER.exec(line);
    if (header === null) {
      lines.push(line);
      continue;
    }
    finish();
    name = header[1];
    lines = [];
  }
  finish();
  return { files, cwd, words };
}

const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\\\")
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\0-\x09\x0b-\x1f\x7f-\uffff]|^-- (?=.* --$)|[ \t]+$/gm, (part) =>
      part === "-- "
        ? "\\u002d- "
        : part
            .split("")
            .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
            .join(""),
    );

const plain = (text: string): string =>
  text.replaceAll(/\\(?:\\|u([0-9a-f]{4}))/g, (_, code: string | undefined) =>
    code === undefined ? "\\" : String.fromCharCode(Number.parseInt(code, 16)),
  );
