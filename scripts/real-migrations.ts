import { statSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/**
 * Tries the converters of `zr init --from-make|just|task` on files of real projects, and writes what became of each to
 * `dist/real-migrations.txt`: recipes, how many of them were converted, how many run the same commands as the other
 * tool's dry run, and why the others do not.
 *
 * `bun scripts/real-migrations.ts [FOLDER…]` looks for files below the folders; without any, packages of other projects
 * are fetched by `go`, `cargo` and `npm`, as far as these are there. Tools to compare with are taken from PATH, and
 * `just` and `task` else from PyPI.
 */

/** Go modules whose archives hold files of these tools; versions are pinned so that figures can be compared. */
const MODULES = [
  "github.com/air-verse/air@v1.67.4",
  "github.com/alecthomas/chroma/v2@v2.27.0",
  "github.com/anchore/grype@v0.121.2",
  "github.com/anchore/stereoscope@v0.4.1",
  "github.com/anchore/syft@v1.57.0",
  "github.com/aws/smithy-go@v1.23.0",
  "github.com/charmbracelet/glow/v2@v2.1.1",
  "github.com/containerd/containerd/v2@v2.4.2",
  "github.com/evanw/esbuild@v0.28.2",
  "github.com/go-delve/delve@v1.27.2",
  "github.com/go-task/task/v3@v3.44.1",
  "github.com/golang-migrate/migrate/v4@v4.20.1",
  "github.com/golangci/golangci-lint/v2@v2.15.0",
  "github.com/goreleaser/goreleaser/v2@v2.12.0",
  "github.com/goreleaser/nfpm/v2@v2.48.0",
  "github.com/gorilla/mux@v1.8.1",
  "github.com/hashicorp/terraform-plugin-sdk/v2@v2.40.1",
  "github.com/jaegertracing/jaeger@v1.76.0",
  "github.com/junegunn/fzf@v0.65.2",
  "github.com/mikefarah/yq/v4@v4.54.2",
  "github.com/moby/buildkit@v0.34.2",
  "github.com/open-policy-agent/opa@v1.22.2",
  "github.com/pressly/goose/v3@v3.29.0",
  "github.com/prometheus/alertmanager@v0.34.2",
  "github.com/prometheus/node_exporter@v1.9.1",
  "github.com/prometheus/prometheus@v0.316.0",
  "github.com/rabbitmq/amqp091-go@v1.10.0",
  "github.com/spf13/cobra@v1.10.1",
  "github.com/spf13/viper@v1.21.0",
  "github.com/sqlc-dev/sqlc@v1.31.1",
  "github.com/stretchr/objx@v0.5.3",
  "github.com/traefik/traefik/v3@v3.7.13",
  "github.com/vektra/mockery/v3@v3.7.0",
  "github.com/wagoodman/dive@v0.13.1",
  "github.com/wailsapp/wails/v2@v2.9.2",
  "go.etcd.io/bbolt@v1.5.0",
  "go.opentelemetry.io/otel@v1.38.0",
  "google.golang.org/grpc@v1.75.0",
  "helm.sh/helm/v3@v3.22.0",
  "sigs.k8s.io/kind@v0.33.0",
];

/** Crates whose archives do. */
const CRATES = [
  "coreutils@0.12.0",
  "fd-find@10.5.0",
  "just@1.43.0",
  "martin@1.14.0",
  "miniserve@0.35.0",
  "onefetch@3.2.0",
  "ord@0.29.1",
  "zoxide@0.10.0",
];

/** Packages of npm that do. */
const PACKAGES = ["debug@2.2.0", "jade@1.11.0", "superagent@3.8.3", "mocha@2.5.3", "component-emitter@1.2.1"];

/** Where to take the tools from that are not on PATH. */
const PYTHON_TOOLS = { just: "rust-just==1.43.0", task: "go-task-bin==3.44.1" } as const;

const TOOLS = [
  { tool: "make", pattern: /^(?:GNUmakefile|makefile|Makefile)$/ },
  { tool: "just", pattern: /^\.?justfile$/i },
  { tool: "task", pattern: /^[Tt]askfile\.ya?ml$/ },
] as const;

const ROOT = dirname(import.meta.dir);
/** The program at `ZR_TEST_BINARY`, or the sources. */
const ZR =
  process.env["ZR_TEST_BINARY"] === undefined
    ? [process.execPath, "--no-env-file", "--no-install", join(ROOT, "src", "main.ts")]
    : [process.env["ZR_TEST_BINARY"]];

interface Found {
  readonly tool: (typeof TOOLS)[number]["tool"];
  readonly path: string;
}

/** A task that runs other commands than the other tool says. */
interface Difference {
  readonly task: string;
  readonly reason: string;
}

interface Row extends Found {
  readonly total: number;
  readonly converted: number;
  readonly leftOut: number;
  readonly same: number;
  readonly different: readonly Difference[];
  readonly open: number;
  /** What zr said where it gave no report. */
  readonly failure?: string;
}

async function main(args: readonly string[]): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), "zr-real-"));
  try {
    await providePrograms(join(scratch, "tools"));
    const folders =
      args.length > 0
        ? args
        : [...(await fetchModules()), ...(await fetchCrates()), ...(await fetchPackages(scratch))];
    const lines: string[] = [];
    const say = (line: string): void => {
      lines.push(line);
      console.log(line);
    };
    const rows: Row[] = [];
    for (const file of await filesOf(folders)) {
      const row = { ...(await tryOne(file)), path: shownPath(file.path, scratch) };
      rows.push(row);
      say(lineOf(row));
      for (const { task, reason } of row.different) say(`    different: ${task}: ${reason}`);
    }
    for (const { tool } of TOOLS) say(summaryOf(tool, rows));
    await mkdir(join(ROOT, "dist"), { recursive: true });
    await writeFile(join(ROOT, "dist", "real-migrations.txt"), `${lines.join("\n")}\n`);
    return rows.some(({ failure }) => failure !== undefined) ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const filesOf = async (folders: readonly string[]): Promise<readonly Found[]> =>
  (await Promise.all(folders.map(filesBelow))).flat().toSorted((a, b) => (a.path < b.path ? -1 : 1));

/** The path below the store that a package was fetched to. */
const shownPath = (path: string, scratch: string): string =>
  path.replace(`${scratch}/`, "").replace(/^.*\/(?:pkg\/mod|registry\/src\/[^/]+)\//, "");

/** Puts the tools that are missing on PATH for this run. */
async function providePrograms(folder: string): Promise<void> {
  const missing = Object.entries(PYTHON_TOOLS).filter(([name]) => Bun.which(name) === null);
  if (missing.length === 0) return;
  const [bin, pip] = [join(folder, "bin"), join(folder, "bin", "pip")];
  const isThere =
    (await said(["python3", "-m", "venv", folder])) !== undefined &&
    (await said([pip, "install", "-q", ...missing.map(([, wanted]) => wanted)])) !== undefined;
  if (isThere) process.env["PATH"] = `${bin}:${process.env["PATH"] ?? ""}`;
  else console.error(`${missing.map(([name]) => name).join(" and ")} can't be had, so nothing is compared`);
}

/** What a command prints; undefined where it fails or is not there. */
async function said(argv: readonly string[], cwd = tmpdir()): Promise<string | undefined> {
  if (Bun.which(argv[0] ?? "") === null) return undefined;
  const child = Bun.spawn([...argv], {
    cwd,
    env: { ...process.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    timeout: 300_000,
  });
  const text = await new Response(child.stdout).text();
  return (await child.exited) === 0 ? text : undefined;
}

async function fetchModules(): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const module of MODULES) {
    const text = (await said(["go", "mod", "download", "-json", module])) ?? "{}";
    // The go command's documented form: `Dir` is missing where the download failed.
    const { Dir: dir } = JSON.parse(text === "" ? "{}" : text) as { readonly Dir?: string };
    if (dir === undefined) console.error(`${module} can't be had`);
    else folders.push(dir);
  }
  return folders;
}

/** `cargo info` unpacks a crate into the registry's folder, without building it. */
async function fetchCrates(): Promise<readonly string[]> {
  const home = process.env["CARGO_HOME"] ?? join(process.env["HOME"] ?? "", ".cargo");
  const folders: string[] = [];
  for (const crate of CRATES) {
    await said(["cargo", "info", "-q", crate]);
    const pattern = new Bun.Glob(`registry/src/*/${crate.replace("@", "-")}/Cargo.toml`);
    const [found] = await Array.fromAsync(pattern.scan({ cwd: home, absolute: true }));
    if (found === undefined) console.error(`${crate} can't be had`);
    else folders.push(dirname(found));
  }
  return folders;
}

async function fetchPackages(scratch: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const name of PACKAGES) {
    const folder = join(scratch, "npm", name);
    await mkdir(folder, { recursive: true });
    const archive = await said(["npm", "pack", "--silent", name], folder);
    const unpacked = archive === undefined ? undefined : await said(["tar", "-xzf", archive.trim()], folder);
    if (unpacked === undefined) console.error(`${name} can't be had`);
    else folders.push(folder);
  }
  return folders;
}

async function filesBelow(folder: string): Promise<readonly Found[]> {
  const names = await readdir(folder, { recursive: true });
  return names.flatMap((name) => {
    // Files for tests of such a tool are no files that anybody works with.
    if (/(?:^|\/)(?:node_modules|vendor|\.git|testdata|tests?)\//.test(name)) return [];
    if (!statSync(join(folder, name)).isFile()) return [];
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
        env: { ...process.env },
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
    if (!/^\{\n(?: {2}"v": \d+,\n)? {2}"files"/.test(stdout))
      return { ...nothing, failure: /"message": "(.*)"/.exec(stdout)?.[1] ?? stderr.trim() };
    // Our own output.
    const made = JSON.parse(stdout) as {
      readonly total: number;
      readonly converted: number;
      readonly report: readonly { readonly severity: string }[];
      readonly verified: readonly Verified[];
    };
    const having = (verdict: string): readonly Verified[] =>
      made.verified.filter((one) => one.verdict === verdict);
    return {
      ...found,
      total: made.total,
      converted: made.converted,
      leftOut: made.report.filter(({ severity }) => severity === "left-out").length,
      same: having("same").length,
      different: having("different").map((one) => ({ task: one.task, reason: reasonOf(one) })),
      open: having("open").length,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Verified {
  readonly task: string;
  readonly verdict: string;
  readonly reason?: string;
  readonly missing: readonly string[];
  readonly added: readonly string[];
}

/** The lines that only one of the tools has. */
function reasonOf({ reason, missing, added }: Verified): string {
  if (reason !== undefined && reason !== "") return reason;
  const short = (sign: string, lines: readonly string[]): readonly string[] =>
    lines.slice(0, 1).map((line) => `${sign} ${line.length > 120 ? `${line.slice(0, 119)}…` : line}`);
  const left = added.find((line) => line.includes("not converted: "));
  return left === undefined ? [...short("-", missing), ...short("+", added)].join("  ") : "left out";
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
