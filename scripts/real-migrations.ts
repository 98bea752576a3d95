import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/**
 * Tries the converters of `zr init --from-make|just|task` on files of real projects, and prints what became of each:
 * recipes, how many of them were converted, how many run the same commands as the other tool's dry run.
 *
 * `bun scripts/real-migrations.ts [FOLDER…]` looks for files below the folders; without any, modules of other projects
 * are fetched by the `go` command. The tools have to be on PATH for the comparison.
 */

/** Modules whose archives hold files of these tools; versions are pinned so that figures can be compared. */
const MODULES = [
  "github.com/spf13/cobra@v1.10.1",
  "github.com/cli/cli/v2@v2.80.0",
  "github.com/junegunn/fzf@v0.65.2",
  "github.com/gorilla/mux@v1.8.1",
  "github.com/stretchr/objx@v0.5.3",
  "github.com/go-task/task/v3@v3.44.1",
  "github.com/goreleaser/goreleaser/v2@v2.12.0",
  "github.com/charmbracelet/glow/v2@v2.1.1",
  "github.com/prometheus/node_exporter@v1.9.1",
  "github.com/jesseduffield/lazygit@v0.55.0",
  "github.com/aws/smithy-go@v1.23.0",
  "github.com/rabbitmq/amqp091-go@v1.10.0",
  "google.golang.org/grpc@v1.75.0",
  "go.opentelemetry.io/otel@v1.38.0",
];

const TOOLS = [
  { tool: "make", pattern: /^(?:GNUmakefile|makefile|Makefile)$/ },
  { tool: "just", pattern: /^\.?justfile$/i },
  { tool: "task", pattern: /^[Tt]askfile\.ya?ml$/ },
] as const;

const ROOT = dirname(import.meta.dir);
const ZR = [process.execPath, "--no-env-file", "--no-install", join(ROOT, "src", "main.ts")];

interface Found {
  readonly tool: (typeof TOOLS)[number]["tool"];
  readonly path: string;
}

interface Row extends Found {
  readonly total: number;
  readonly converted: number;
  readonly leftOut: number;
  readonly same: number;
  readonly different: readonly string[];
  readonly open: number;
  /** What zr said where it gave no report. */
  readonly failure?: string;
}

async function main(args: readonly string[]): Promise<number> {
  const folders = args.length > 0 ? args : await fetchModules();
  const files = (await Promise.all(folders.map(filesBelow)))
    .flat()
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const rows: Row[] = [];
  for (const file of files) {
    const row = await tryOne(file);
    rows.push(row);
    console.log(lineOf(row));
    for (const task of row.different) console.log(`    different: ${task}`);
  }
  for (const { tool } of TOOLS) console.log(summaryOf(tool, rows));
  return rows.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

async function fetchModules(): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const module of MODULES) {
    const child = Bun.spawn(["go", "mod", "download", "-json", module], {
      cwd: tmpdir(),
      stdout: "pipe",
      stderr: "ignore",
    });
    const text = await new Response(child.stdout).text();
    // The go command's documented form: `Dir` is missing where the download failed.
    const { Dir: dir } = JSON.parse(text === "" ? "{}" : text) as { readonly Dir?: string };
    if (dir === undefined) console.error(`${module} can't be had`);
    else folders.push(dir);
  }
  return folders;
}

async function filesBelow(folder: string): Promise<readonly Found[]> {
  const names = await readdir(folder, { recursive: true });
  return names.flatMap((name) => {
    if (/(?:^|\/)(?:node_modules|vendor|\.git)\//.test(name)) return [];
    const match = TOOLS.find(({ pattern }) => pattern.test(basename(name)));
    return match === undefined ? [] : [{ tool: match.tool, path: join(folder, name) }];
  });
}

/** Converts a copy of the file's folder, since commands of a dry run may write. */
async function tryOne(found: Found): Promise<Row> {
  const scratch = await mkdtemp(join(tmpdir(), "zr-migration-"));
  const nothing = { ...found, total: 0, converted: 0, leftOut: 0, same: 0, different: [], open: 0 };
  try {
    await cp(dirname(found.path), scratch, {
      recursive: true,
      filter: (from) => !/\/(?:node_modules|\.git)$/.test(from),
    });
    await Bun.spawn(["chmod", "-R", "u+w", scratch]).exited;
    const child = Bun.spawn(
      [
        ...ZR,
        "init",
        `--from-${found.tool}`,
        "--source",
        basename(found.path),
        "--force",
        "--verify",
        "--json",
      ],
      {
        cwd: scratch,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
        timeout: 300_000,
      },
    );
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    // What is refused is told as data too.
    if (!stdout.startsWith('{\n  "files"'))
      return { ...nothing, failure: /"message": "(.*)"/.exec(stdout)?.[1] ?? stderr.trim() };
    // Our own output.
    const made = JSON.parse(stdout) as {
      readonly total: number;
      readonly converted: number;
      readonly report: readonly { readonly severity: string }[];
      readonly verified: readonly { readonly task: string; readonly verdict: string }[];
    };
    const having = (verdict: string): readonly string[] =>
      made.verified.filter((one) => one.verdict === verdict).map(({ task }) => task);
    return {
      ...found,
      total: made.total,
      converted: made.converted,
      leftOut: made.report.filter(({ severity }) => severity === "left-out").length,
      same: having("same").length,
      different: having("different"),
      open: having("open").length,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const lineOf = ({ tool, path, total, converted, leftOut, same, different, open, failure }: Row): string =>
  failure === undefined
    ? `${tool}\t${converted}/${total}\t${leftOut} left out\t${same} same, ${different.length} different, ${open} not compared\t${path}`
    : `${tool}\tfailed: ${failure}\t${path}`;

function summaryOf(tool: Found["tool"], all: readonly Row[]): string {
  const rows = all.filter((row) => row.tool === tool);
  const sum = (value: (row: Row) => number): number => rows.reduce((total, row) => total + value(row), 0);
  const [total, converted] = [sum((row) => row.total), sum((row) => row.converted)];
  const share = total === 0 ? "0" : ((100 * converted) / total).toFixed(1);
  return `${tool}: ${rows.length} files, ${converted} of ${total} recipes converted (${share} %), ${sum(({ same }) => same)} same, ${sum(({ different }) => different.length)} different, ${sum(({ open }) => open)} not compared, ${rows.filter(({ failure }) => failure !== undefined).length} refused`;
}

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));
