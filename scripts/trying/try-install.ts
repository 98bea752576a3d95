/**
 * `./scripts/try-install [--program FILE] [--out FILE]`: takes zr into use as people do, in root file systems that have a
 * shell, curl, Node.js and a package of npm: by the installer, by the action and by the Homebrew formula. The release comes
 * from a server on loopback, signed with a key that is thrown away. What was typed and printed goes to
 * `dist/try-install.txt`. Exit code 1 where a step failed, 3 where there can be no such root here.
 */
import { existsSync } from "node:fs";
import { cp, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureBinary } from "#tests/support/binary";
import { makeKey } from "#tests/support/release-site";
import { filesBeside, installerWith, packProgram } from "#scripts/releasing/contents";
import { formula } from "#scripts/releasing/formula";
import { minisign } from "#scripts/releasing/sign";
import { projectRoot, runCommand } from "#scripts/project";
import { hostTarget } from "#scripts/targets";
import { makeEmptyRoot, runInside, unavailable, type Said } from "./empty-root";
import { realProject } from "./real-project";

interface Release {
  readonly version: string;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** One way to get zr. */
interface Way {
  readonly title: string;
  /** Programs that the root has beside the shell. */
  readonly programs: readonly string[];
  /** As in `Session`. */
  readonly shown?: Readonly<Record<string, string>>;
  /** Commands after which zr is in PATH. The release lies in /release, the action's scripts in /action. */
  readonly steps: readonly string[];
}

/** The same for every way. */
const STEPS = ["zr --version", "cd /project", "zr init --detect", "cat zr.toml", "zr list", "zr run test"];

if (import.meta.main) process.exitCode = await main(Bun.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { program: { type: "string" }, out: { type: "string" } },
  });
  const project = await realProject();
  const reason = (await unavailable()) ?? ("unavailable" in project ? project.unavailable : undefined);
  if (reason !== undefined || "unavailable" in project) {
    console.error(`try-install: ${reason}`);
    return 3;
  }
  const release = await makeRelease(values.program ?? (await ensureBinary())[0] ?? "");
  using server = serve(release);
  const parts: string[] = [];
  let failed = 0;
  for (const way of await waysOf(release)) {
    const { exitCode, said } = await tryWay(way, { release, server, project: project.folder });
    parts.push(`== ${way.title}\n\n${said}${exitCode === 0 ? "" : `\n(exit code ${exitCode})\n`}`);
    if (exitCode !== 0) failed += 1;
  }
  const text = parts.join("\n");
  await Bun.write(values.out ?? join(projectRoot, "dist/try-install.txt"), text);
  console.log(text);
  return failed === 0 ? 0 : 1;
}

async function makeRelease(program: string): Promise<Release> {
  const key = await makeKey();
  const target = hostTarget();
  if (target === undefined) throw new Error(`zr is not built for ${process.platform} ${process.arch}`);
  const version = (await runCommand([program, "--version"])).stdout.trim().replace(/^zr /, "");
  const archive = packProgram({
    version,
    target,
    program: await Bun.file(program).bytes(),
    beside: await filesBeside(program),
    time: 0,
  });
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const put = (name: string, content: string | Uint8Array): void =>
    void files.set(name, typeof content === "string" ? new TextEncoder().encode(content) : content.slice());
  put(archive.name, archive.bytes);
  put("install.sh", await installerWith("install.sh", key.publicKey));
  const sums = new Map([...files].map(([name, bytes]) => [name, Bun.SHA256.hash(bytes, "hex")] as const));
  put("SHA256SUMS", [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join(""));
  put(
    "SHA256SUMS.minisig",
    await minisign(files.get("SHA256SUMS") ?? new Uint8Array(), key, `zr ${version}`),
  );
  put("zr.rb", formula({ version, sums, repository: "https://github.com/zr-build/zr" }));
  return { version, files };
}

/** With the addresses that a release has on GitHub. */
function serve({ version, files }: Release): Disposable & { readonly url: string } {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const [, name = ""] =
        /^\/releases\/(?:latest\/download|download\/v[^/]+)\/([^/]+)$/.exec(new URL(request.url).pathname) ??
        [];
      const bytes =
        request.url.includes("/download/v") && !request.url.includes(`/v${version}/`)
          ? undefined
          : files.get(name);
      return bytes === undefined ? new Response("not found", { status: 404 }) : new Response(bytes);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/releases`,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

async function waysOf({ version }: Release): Promise<readonly Way[]> {
  const install = 'curl -fsSL "$ZR_RELEASES/latest/download/install.sh" | sh';
  const offline = `sh /release/install.sh --from /release --version ${version} --dir /usr/local/bin`;
  const runner =
    "export GITHUB_PATH=/tmp/path GITHUB_ENV=/tmp/env GITHUB_OUTPUT=/tmp/output RUNNER_TOOL_CACHE=/tools";
  const setup = `INPUT_VERSION=${version} INPUT_NEED_SIGNATURE=true INPUT_RELEASES="$ZR_RELEASES" sh /action/action/setup.sh`;
  const ways: Way[] = [
    {
      title: "the installer",
      programs: ["curl"],
      steps: [install, 'export PATH="$HOME/.local/bin:$PATH"'],
    },
    {
      title: "the installer, from a folder",
      programs: [],
      steps: ["ls /release", offline, 'export PATH="/usr/local/bin:$PATH"'],
    },
    {
      title: "the action",
      programs: ["curl", "openssl"],
      steps: [runner, setup, "cat $GITHUB_OUTPUT", 'export PATH="$(cat $GITHUB_PATH):$PATH"'],
    },
  ];
  const ruby = await runCommand(["ruby", "-e", "puts $LOAD_PATH"]);
  if (ruby.exitCode !== 0) return ways;
  const arch = process.arch === "arm64" ? "arm" : "intel";
  const folders = ruby.stdout.split("\n").filter((path) => existsSync(path));
  const brew = {
    title: "the Homebrew formula",
    programs: ["ruby"],
    shown: {
      ...Object.fromEntries(folders.map((path) => [path, path])),
      "/shim": join(projectRoot, "tests/release"),
    },
    steps: [
      `ruby /shim/formula-shim.rb /release/zr.rb linux ${arch} /release /brew`,
      'export PATH="/brew/bin:$PATH"',
    ],
  };
  return [...ways, brew];
}

interface Setting {
  readonly release: Release;
  readonly server: { readonly url: string };
  readonly project: string;
}

async function tryWay(way: Way, { release, server, project }: Setting): Promise<Said> {
  const root = await mkdtemp(join(tmpdir(), "zr-root-"));
  try {
    await makeEmptyRoot(root, [...way.programs, "node"]);
    const npm = join(await realpath(Bun.which("npm") ?? ""), "../..");
    await symlink("/npm/bin/npm-cli.js", join(root, "bin/npm"));
    await cp(project, join(root, "project"), { recursive: true });
    for (const [name, bytes] of release.files) await Bun.write(join(root, "release", name), bytes);
    await Bun.write(join(root, "action/install.sh"), release.files.get("install.sh") ?? "");
    await cp(join(projectRoot, "scripts/action"), join(root, "action/action"), { recursive: true });
    return await runInside({
      root,
      shown: { "/npm": npm, ...way.shown },
      env: { HOME: "/home/me", PATH: "/bin", TERM: "dumb", ZR_RELEASES: server.url },
      script: sessionOf([...way.steps, ...STEPS]),
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Shows each command before it runs it; the first that fails ends it. */
function sessionOf(steps: readonly string[]): string {
  return steps.map((step) => `cat <<'END'\n$ ${step}\nEND\n${step} || exit $?\n`).join("");
}
