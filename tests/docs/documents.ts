/** A step of a document that can be tried out, in the order of the text. */
export type DocumentStep =
  | { readonly kind: "file"; readonly path: string; readonly text: string; readonly line: number }
  | { readonly kind: "console"; readonly commands: readonly DocumentCommand[]; readonly line: number }
  | ({ readonly kind: "live" } & LiveExample);

/** A command that goes on while other things happen. */
export interface LiveExample {
  readonly command: string;
  /** In order: what it has printed since the last deed, and what is done then. */
  readonly scenes: readonly LiveScene[];
  readonly line: number;
}

export interface LiveScene {
  readonly output: string;
  /** A command of another terminal, or Ctrl-C; undefined at the end. */
  readonly deed: { readonly run: string } | "interrupt" | undefined;
}

export interface DocumentCommand {
  readonly command: string;
  /** What it prints, both streams; a line `…` stands for any number of lines. */
  readonly output: string;
  readonly line: number;
}

/**
 * The examples of a Markdown text. A block marked `toml` is `zr.toml`, or the file that its first line names in a
 * comment (`# packages/app/zr.toml`); other marked blocks are files only if they do so. A block marked `console` holds
 * commands after `$ ` and what they print. In one marked `console live` a single command goes on while the lines that
 * begin with `# in another terminal: ` are run, each when everything before it has been printed; `^C` ends it. A block
 * whose mark ends in ` ignore` is only read.
 */
export function documentSteps(markdown: string): readonly DocumentStep[] {
  const steps: DocumentStep[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^```(\S+)( ignore| live)?\s*$/.exec(lines[at] ?? "");
    if (fence === null) continue;
    const start = at + 1;
    at = start;
    while (at < lines.length && lines[at] !== "```") at += 1;
    const body = lines.slice(start, at);
    if (fence[2] === " ignore") continue;
    const [, language = ""] = fence;
    if (fence[2] === " live") steps.push(liveExample(body, start));
    else if (language === "console")
      steps.push({ kind: "console", commands: commandsOf(body, start), line: start });
    else {
      const named = /^(?:#|\/\/)\s+([\w.][\w./-]*\.\w+|[\w./-]*\.env\S*|Makefile|justfile)$/.exec(
        body[0] ?? "",
      )?.[1];
      const path = named ?? (language === "toml" ? "zr.toml" : undefined);
      // JSON has no comments: there the line only names the file.
      const text = path?.endsWith(".json") === true ? body.slice(1) : body;
      if (path !== undefined) steps.push({ kind: "file", path, text: `${text.join("\n")}\n`, line: start });
    }
  }
  return steps;
}

function commandsOf(body: readonly string[], start: number): DocumentCommand[] {
  const commands: { command: string; output: string[]; line: number }[] = [];
  for (const [index, line] of body.entries()) {
    if (line.startsWith("$ ")) commands.push({ command: line.slice(2), output: [], line: start + index + 1 });
    else commands.at(-1)?.output.push(line);
  }
  return commands.map(({ command, output, line }) => ({ command, output: output.join("\n"), line }));
}

const DEED = "# in another terminal: ";

function liveExample(body: readonly string[], line: number): DocumentStep {
  const scenes: LiveScene[] = [];
  let output: string[] = [];
  for (const text of body.slice(1)) {
    const deed =
      text === "^C" ? "interrupt" : text.startsWith(DEED) ? { run: text.slice(DEED.length) } : undefined;
    if (deed === undefined) output.push(text);
    else {
      scenes.push({ output: output.join("\n"), deed });
      output = [];
    }
  }
  scenes.push({ output: output.join("\n"), deed: undefined });
  return { kind: "live", command: (body[0] ?? "").replace(/^\$ /, ""), scenes, line };
}
