import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { projectRoot } from "#scripts/project";
import { inScratchFolder, terminalVariables } from "./picture-setting";
import { TerminalRecording } from "./terminal-recording";

const COLUMNS = 84;
const ROWS = 24;
/** What is typed, as the words after `zr`. */
const COMMANDS = [["graph", "page:build"], ["run", "all"], ["chek"]] as const;

/** A recording of the example in five languages, from the real program with real compilers: path and content. */
export async function sessionPictures(zr: string): Promise<readonly (readonly [string, string])[]> {
  return inScratchFolder(async (folder) => {
    const [cwd, warm] = [join(folder, "polyglot"), join(folder, "warm")];
    for (const copy of [cwd, warm]) await copyExample(copy);
    const env = terminalVariables(folder, `${dirname(zr)}:${process.env["PATH"] ?? ""}`);
    // Compilers keep what they made of their own libraries.
    await Bun.spawn([zr, "run", "all"], { cwd: warm, env, stdout: "ignore", stderr: "ignore" }).exited;
    const recording = new TerminalRecording(COLUMNS, ROWS);
    for (const words of COMMANDS) {
      await recording.run(`zr ${words.join(" ")}`, [zr, ...words], { cwd, env });
    }
    const title =
      "A session: the graph of a task, a run of eleven tasks in five languages, a misspelled task";
    return [["docs/images/session.svg", recording.svg(title)]];
  });
}

/** As it is in a fresh clone. */
async function copyExample(folder: string): Promise<void> {
  await cp(join(projectRoot, "examples/polyglot"), folder, {
    recursive: true,
    filter: (path) => !/\/(?:build|\.zr)$/.test(path),
  });
}
