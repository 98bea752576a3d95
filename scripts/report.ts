/**
 * `bun run report [--rounds N] [--program FILE]`: what each part adds to the size of the program, and how long its main
 * commands take against a program that does nothing, into `dist/report.md`. Without `--program` the program is built first.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureBinary } from "#tests/support/binary";
import { bundle, divide } from "./compile";
import { COMPILE_FLAGS } from "./compile-flags";
import { projectRoot, runCommand } from "./project";
import { moduleSizes } from "./reporting/module-sizes";
import { timeCommands, type StartUp } from "./reporting/start-up";

/** Parts that are smaller are added up. */
const SMALLEST_SHOWN = 4096;
const TASKS = 200;

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: "string", default: "25" }, program: { type: "string" } },
  });
  const program = values.program ?? (await ensureBinary())[0] ?? "";
  const scratch = await mkdtemp(join(tmpdir(), "zr-report-"));
  try {
    const version = (await runCommand([program, "--version"])).stdout.trim();
    const sections = [
      `# ${version}\n`,
      await sizes(program, scratch),
      await startUp(program, { scratch, rounds: Number(values.rounds) }),
    ];
    const text = sections.join("\n");
    await Bun.write(join(projectRoot, "dist/report.md"), text);
    console.log(text);
    return 0;
  } catch (error) {
    console.error(`report: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function sizes(program: string, scratch: string): Promise<string> {
  const folder = join(scratch, "chunks");
  const bundled = await bundle(folder, []);
  if (!bundled.ok) throw new Error(bundled.error);
  const { compiled, text, packed } = divide(bundled.value, folder);
  const sizeOf = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + Bun.file(join(folder, name)).size, 0);
  const parts = moduleSizes(bundled.value);
  const shown = parts.filter(({ bytes }) => bytes >= SMALLEST_SHOWN);
  const rest = parts.filter(({ bytes }) => bytes < SMALLEST_SHOWN);
  const rows = [
    ...shown,
    ...packed.map((name) => ({ name: `packed: ${name}`, files: 1, bytes: sizeOf([name]) })),
  ].toSorted((a, b) => b.bytes - a.bytes);
  const total = Bun.file(program).size;
  const empty = await emptySize(scratch);
  const source = sizeOf([...compiled, ...text, ...packed]);
  return `## Size

| | |
|---|---:|
| the program | ${kilobytes(total)} |
| a program that does nothing, with the runtime | ${kilobytes(empty)} |
| what zr adds | ${kilobytes(total - empty)} |
| of that, text of what is compiled beforehand | ${kilobytes(sizeOf(compiled))} |
| of that, text of what is not | ${kilobytes(sizeOf(text))} |
| of that, packed libraries | ${kilobytes(sizeOf(packed))} |
| of that, what is compiled beforehand | ${kilobytes(total - empty - source)} |

| part | files | source, minified |
|---|---:|---:|
${rows.map(({ name, files: count, bytes }) => `| \`${name}\` | ${count} | ${kilobytes(bytes)} |`).join("\n")}
| ${rest.length} smaller ones | ${rest.reduce((sum, { files: count }) => sum + count, 0)} | ${kilobytes(rest.reduce((sum, { bytes }) => sum + bytes, 0))} |
`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}

/** Makes `empty` in the folder, too: the program that others are measured against. */
async function emptySize(scratch: string): Promise<number> {
  const source = join(scratch, "empty.ts");
  await writeFile(source, "export {};\n");
  const file = join(scratch, "empty");
  const built = await runCommand([process.execPath, "build", ...COMPILE_FLAGS, source, "--outfile", file]);
  if (built.exitCode !== 0) throw new Error(built.stderr || built.stdout);
  return Bun.file(file).size;
}

async function startUp(
  program: string,
  { scratch, rounds }: { readonly scratch: string; readonly rounds: number },
): Promise<string> {
  const cwd = await mkdtemp(join(scratch, "project-"));
  const tasks = Array.from(
    { length: TASKS },
    (_, index) => `[tasks.t${index}]\ncmd = "true"\n${index === 0 ? "" : `deps = ["t${index - 1}"]\n`}`,
  );
  await writeFile(join(cwd, "zr.toml"), `[tasks.one]\ncmd = "true"\n\n${tasks.join("\n")}`);
  const zr = (...words: readonly string[]) => ({
    title: `zr ${words.join(" ")}`,
    words: [program, ...words],
  });
  const commands = [
    { title: "a program that does nothing", words: [join(scratch, "empty")] },
    zr("--version"),
    zr("--help"),
    zr("run", "one"),
    zr("run", "t199", "--dry-run"),
    zr("list"),
    zr("validate"),
    zr("show", "one"),
    zr("graph"),
    zr("history"),
  ];
  const env = { PATH: process.env["PATH"] ?? "", HOME: scratch };
  const rows = timeCommands(commands, { rounds, cwd, env });
  const row = ({ title, median, ratio }: StartUp): string =>
    `| \`${title}\` | ${median.toFixed(1)} ms | ${ratio.toFixed(2)} |`;
  return `## Start-up

A \`zr.toml\` with ${TASKS + 1} tasks; ${rounds} rounds, each command once a round. The ratio is the median of each round's ratio to
the first line. Times are of this machine, at this hour; bench/README.md has those that were measured with care.

| | median | ratio |
|---|---:|---:|
${rows.map(row).join("\n")}
`;
}
