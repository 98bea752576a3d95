/**
 * What reading a configuration costs a cold program: this file is compiled with the flags of a release, started with
 * each reader on documents of several sizes, and the time of a start that only loads the text is taken off.
 *
 *     bun bench/toml.ts            all sizes, table on standard output
 *
 * The crossing of `whole` and `values` is where `chunkedFrom` in `#core/config/toml/limits` belongs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const readers: Record<string, (text: string) => Promise<unknown>> = {
  empty: async () => undefined,
  whole: async (text) => (await import("#core/config/toml/read-values")).readWhole(text),
  values: async (text) => (await import("#core/config/toml/read-values")).readValues(text),
  chunks: async (text) => (await import("#core/config/toml/read-chunks")).readChunks(text),
  linear: async (text) => (await import("#core/config/toml/read-linear")).readLinear(text),
  "@iarna/toml": async (text) => (await import("@iarna/toml")).parse(text),
  "toml-eslint-parser": async (text) =>
    (await import("toml-eslint-parser")).parseTOML(text, { tomlVersion: "1.1" }),
};
const sizes = [20, 100, 200, 300, 500, 1_000, 5_000, 10_000];
const rounds = 15;
/** Bun's parser alone takes seconds from here on. */
const wholeUpTo = 5_000;

const buildFlags =
  "--compile --bytecode --format=esm --splitting --minify --production --sourcemap --no-compile-autoload-dotenv --no-compile-autoload-bunfig --compile-autoload-package-json --compile-autoload-tsconfig".split(
    " ",
  );

function tasks(count: number): string {
  const task = (index: number): string =>
    `[tasks.t${index}]\ncmd = "true"\ndeps = ["t${Math.max(0, index - 1)}"]\n\n`;
  return Array.from({ length: count }, (_, index) => task(index)).join("");
}

function run(command: readonly string[]): number {
  const start = Bun.nanoseconds();
  const { exitCode, stderr } = Bun.spawnSync([...command], { stdout: "ignore", stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
  return (Bun.nanoseconds() - start) / 1e6;
}

async function measure(folder: string): Promise<void> {
  const program = join(folder, "toml-bench");
  run([process.execPath, "build", ...buildFlags, import.meta.path, "--outfile", program]);
  console.log(`milliseconds above a start that only loads the text, least of ${rounds}`);
  console.log(["tasks", "KB", ...Object.keys(readers).slice(1)].join("\t"));
  for (const size of sizes) {
    const file = join(folder, `${size}.toml`);
    const text = tasks(size);
    await Bun.write(file, text);
    const least = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
      for (const reader of Object.keys(readers)) {
        if (reader === "whole" && size > wholeUpTo) continue;
        least.set(reader, Math.min(least.get(reader) ?? Infinity, run([program, "probe", reader, file])));
      }
    }
    const empty = least.get("empty") ?? 0;
    const cells = Object.keys(readers)
      .slice(1)
      .map((reader) => (least.has(reader) ? ((least.get(reader) ?? 0) - empty).toFixed(1) : "-"));
    console.log([size, Math.round(text.length / 1024), ...cells].join("\t"));
  }
}

const [mode, reader = "", file = ""] = process.argv.slice(2);
if (mode === "probe") {
  await readers[reader]?.(await Bun.file(file).text());
} else {
  const folder = mkdtempSync(join(tmpdir(), "toml-bench-"));
  try {
    await measure(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
