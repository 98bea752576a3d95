/**
 * `bun run everyday`: runs the commands that people type many times a day, in a small project, and writes which modules they
 * load by `import()` to `scripts/everyday-modules.json`. Those are compiled beforehand (`scripts/compile.ts`). To be run
 * when such a command has come to load something else; a list that is behind costs it some milliseconds.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nameOf, type Metafile } from "./chunks";
import { bundle } from "./compile";
import { projectRoot, runCommand } from "./project";

const BUILD = `[tasks.build]
cmd = "mkdir -p dist && cat src/* > dist/all"
inputs = ["src/**"]
outputs = ["dist/**"]
cache = true
deps = ["^build"]
`;

const FILES: Readonly<Record<string, string>> = {
  ".gitignore": "dist\n.zr\n",
  "zr.toml": `[workspace]
members = ["*"]

[tasks.hello]
cmd = "true"

[tasks.wrong]
cmd = "false"
`,
  "app/zr.toml": `[env]\nSTAGE = "dev"\n\n[package]\ndeps = ["lib"]\n\n${BUILD}`,
  "app/src/text": "app\n",
  "lib/zr.toml": BUILD,
  "lib/src/text": "lib\n",
  // So many that threads are worth while.
  ...Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [
      [`more-${at}/zr.toml`, BUILD],
      [`more-${at}/src/text`, `${at}\n`],
    ]).flat(),
  ),
};

/** A command line, or a change to the project before the next. */
const EVERYDAY: readonly (string | { readonly sh: string })[] = [
  "run hello",
  "hello",
  "run wrong",
  "run build",
  "run build",
  { sh: "rm -r app/dist" },
  "run build",
  { sh: "rm -r */dist" },
  "run build",
  { sh: "echo more >> lib/src/text" },
  "run build",
  { sh: "rm -r .zr */dist" },
  "run build",
  "list",
  "exec true",
  "affected build",
  "hook bash --prompt",
  "complete -- zr run b",
];

if (import.meta.main) process.exitCode = await main();

async function main(): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), "zr-everyday-"));
  try {
    const chunks = join(scratch, "chunks");
    const bundled = await bundle(chunks, []);
    if (!bundled.ok) throw new Error(bundled.error);
    const modules = beginningsOf(bundled.value, await loadedChunks(scratch, chunks));
    await Bun.write(
      join(projectRoot, "scripts/everyday-modules.json"),
      `${JSON.stringify(modules, null, 2)}\n`,
    );
    console.log(`scripts/everyday-modules.json: ${modules.length} modules`);
    return 0;
  } catch (error) {
    console.error(`everyday: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function beginningsOf({ outputs }: Metafile, loaded: ReadonlySet<string>): readonly string[] {
  return Object.entries(outputs)
    .flatMap(([path, { entryPoint }]) =>
      entryPoint !== undefined && loaded.has(nameOf(path)) ? [entryPoint] : [],
    )
    .toSorted();
}

/** The names of the chunks that the commands load. */
async function loadedChunks(scratch: string, chunks: string): Promise<ReadonlySet<string>> {
  const project = join(scratch, "project");
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(project, path, ".."), { recursive: true });
    await writeFile(join(project, path), text);
  }
  const git = "git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -qm all";
  await runCommand(["sh", "-c", git], { cwd: project });
  const log = join(scratch, "loaded");
  const preload = join(scratch, "preload.ts");
  await writeFile(preload, tracer(chunks, log));
  for (const step of EVERYDAY) {
    const words =
      typeof step === "string"
        ? [
            "env",
            `HOME=${scratch}`,
            process.execPath,
            "--preload",
            preload,
            join(chunks, "main.js"),
            ...step.split(" "),
          ]
        : ["sh", "-c", step.sh];
    await runCommand(words, { cwd: project });
  }
  return new Set((await Bun.file(log).text()).trim().split("\n"));
}

/** A module that notes the name of each chunk that is loaded after it. */
function tracer(chunks: string, log: string): string {
  return `
import { appendFileSync, readFileSync } from "node:fs";
Bun.plugin({
  name: "tracer",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\\.js$/ }, ({ path }) => {
      if (path.startsWith(${JSON.stringify(`${chunks}/`)}))
        appendFileSync(${JSON.stringify(log)}, path.slice(${chunks.length + 1}) + "\\n");
      return { contents: readFileSync(path, "utf8"), loader: "js" };
    }),
});
`;
}
