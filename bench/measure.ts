import { rm } from "node:fs/promises";
import { join } from "node:path";

/** What one start of a command cost. Memory is that of its largest process. */
export interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly memoryMb: number;
}

export interface Start {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly output: "null" | "file" | "pipe";
  /** Receives the output when it goes to a file. */
  readonly outputFile: string;
}

export type Measure = (start: Start) => Promise<Sample | { readonly problem: string }>;

/** Compiles `measure.c` into `scratch` by the system's C compiler and gives the function that measures with it. */
export function makeMeasure(scratch: string): Measure {
  const program = join(scratch, "measure");
  const source = join(import.meta.dir, "measure.c");
  const built = Bun.spawnSync([Bun.which("cc") ?? "cc", "-O2", "-o", program, source]);
  if (built.exitCode !== 0) throw new Error(`the bench needs a C compiler: ${built.stderr.toString()}`);
  const resultFile = join(scratch, "measured");

  return async ({ command, cwd, env, output, outputFile }) => {
    await rm(resultFile, { force: true });
    const mode = output === "pipe" ? "drain" : "inherit";
    // One open file for both streams: each would start at offset 0 if it were opened twice.
    const shell = output === "file" ? '"$@" >"$0" 2>&1' : '"$@" >/dev/null 2>&1';
    Bun.spawnSync(["/bin/sh", "-c", `exec ${shell}`, outputFile, program, resultFile, mode, ...command], {
      cwd,
      env,
      stdin: "ignore",
    });
    const result = Bun.file(resultFile);
    if (!(await result.exists())) return { problem: "could not be started" };
    const [wallNs = 0, userUs = 0, systemUs = 0, memoryKb = 0, , code = 1] = (await result.text())
      .split(" ")
      .map(Number);
    if (code !== 0) return { problem: `exit code ${code}` };
    return { wallMs: wallNs / 1e6, cpuMs: (userUs + systemUs) / 1e3, memoryMb: memoryKb / 1024 };
  };
}
