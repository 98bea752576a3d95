import { COMPILE_FLAGS } from "#scripts/compile-flags";
import { chmod, copyFile, mkdir, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PROJECT_FILES } from "./generate/project-files";
import { chainedTasks, commandTasks, independentTasks, layeredTasks, singleTask } from "./generate/tasks";
import { numberedText } from "./generate/text";
import { writeMonorepo, writeOutputs } from "./generate/write-monorepo";
import { writeTree } from "./generate/write-tree";
import { findLostLine } from "./generate/verify-lines";
import type { BenchTask, Lab, Monorepo, Shape, Tool } from "./scenarios/scenario";

const TOOLS: readonly Tool[] = ["make", "ninja", "just", "task", "mise", "turbo", "moon", "nx"];
const MEBIBYTE = 1024 * 1024;
/** Folders with a `bun`, in the scratch folder. */
const RUNNER = "runner";
const STAND_IN = "stand-in";

/** The repository's folder. */
const root = dirname(import.meta.dir);

/**
 * Makes the lab in an empty folder: tools come from where scripts/install-peers puts them, else from PATH.
 * `zr` is the executable to measure.
 */
export async function makeLab(scratch: string, zr: string): Promise<Lab> {
  const tools = new Map<Tool, string>();
  if (await Bun.file(zr).exists()) tools.set("zr", await copied(zr, join(scratch, "zr")));
  for (const tool of TOOLS) {
    const installed = join(root, "node_modules/.cache/zr-peers/bin", tool);
    const found = (await Bun.file(installed).exists()) ? installed : Bun.which(tool);
    if (found !== null) tools.set(tool, found);
  }
  const texts = new Map<string, readonly string[]>();
  const folders = new Map<string, Promise<string>>();
  const monorepos = new Map<string, Monorepo>();
  const once = (key: string, make: () => Promise<string>): Promise<string> => {
    const made = folders.get(key) ?? make();
    folders.set(key, made);
    return made;
  };
  await writeRunners(scratch);
  return {
    scratch,
    tools,
    standIn: { PATH: pathWith(join(scratch, STAND_IN)) },
    compile: (name) => once(`program ${name}`, () => compile(name, join(scratch, `program-${name}`))),
    project: (tool, shape) =>
      once(`${tool} ${JSON.stringify(shape)}`, () =>
        writeProject(tool, tasksOf(shape), join(scratch, `${tool}-${folders.size}`)),
      ),
    monorepo: async (tool, count, apart) => {
      const key = `${tool}-${count}${apart === undefined ? "" : `-${apart}`}`;
      const made = monorepos.get(key) ?? writeMonorepo(tool, count, join(scratch, `monorepo-${key}`));
      if (!monorepos.has(key)) await finishProject(tool, made.folder);
      monorepos.set(key, made);
      return made;
    },
    monorepoCopy: async (count) => {
      const outputs = join(scratch, `monorepo-outputs-${count}`);
      const folder = join(scratch, `monorepo-copy-${count}`);
      await mkdir(folder, { recursive: true });
      writeOutputs(count, outputs);
      return { folder, outputs };
    },
    tree: (tool, count) =>
      once(`tree ${tool} ${count}`, async () => {
        const folder = join(scratch, `tree-${tool}-${count}`);
        writeTree(tool, count, folder);
        await finishProject(tool, folder);
        return folder;
      }),
    text: async (files, megabytes) => {
      const key = `${files} ${megabytes}`;
      const made = texts.get(key) ?? (await writeTexts(scratch, files, megabytes));
      texts.set(key, made);
      return made;
    },
    verifyLines: (sources, isGrouped) => async (output) =>
      findLostLine(
        await Bun.file(output).bytes(),
        await Promise.all(sources.map((source) => Bun.file(source).bytes())),
        isGrouped,
      ),
  };
}

/**
 * The environment of every measured command: an empty home, no colours, nothing that reports or updates. The bun that
 * measures is in front of PATH: by it turbo starts each script.
 */
export function labEnvironment(scratch: string): Record<string, string> {
  return {
    PATH: pathWith(join(scratch, RUNNER)),
    HOME: join(scratch, "home"),
    TMPDIR: scratch,
    LANG: "C.UTF-8",
    NO_COLOR: "1",
    TERM: "dumb",
    DO_NOT_TRACK: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    NX_DAEMON: "false",
    NX_NO_CLOUD: "true",
    NX_TUI: "false",
    MISE_TRUSTED_CONFIG_PATHS: scratch,
    MISE_OFFLINE: "1",
    MOON_TOOLCHAIN_FORCE_GLOBALS: "true",
  };
}

function tasksOf(shape: Shape): readonly BenchTask[] {
  switch (shape.form) {
    case "single":
      return singleTask();
    case "layers":
      return layeredTasks(shape.count);
    case "independent":
      return independentTasks(shape.count);
    case "chain":
      return chainedTasks(shape.count);
    case "commands":
      return commandTasks(shape.commands);
  }
}

async function writeProject(tool: Tool, tasks: readonly BenchTask[], folder: string): Promise<string> {
  for (const [name, text] of Object.entries(PROJECT_FILES[tool]?.(tasks) ?? {})) {
    await Bun.write(join(folder, name), text);
  }
  await finishProject(tool, folder);
  return folder;
}

async function finishProject(tool: Tool, folder: string): Promise<void> {
  if (tool === "nx") {
    // It runs only where it is installed.
    const modules = join(root, "node_modules/.cache/zr-peers/npm/nx/node_modules");
    await symlink(modules, join(folder, "node_modules"));
  }
  commitAll(folder);
}

/** Projects are git repositories, as they are in life; some tools ask git about them. */
function commitAll(folder: string): void {
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0"];
  // Straight into a pack: twenty thousand loose objects would take longer than what is measured.
  identity.push("-c", "core.bigFileThreshold=1", "-c", "core.compression=0");
  const steps = [
    ["init", "--quiet"],
    ["add", "--all"],
    ["commit", "--quiet", "--message", "bench"],
  ];
  for (const step of steps) Bun.spawnSync(["git", ...identity, ...step], { cwd: folder });
}

async function compile(name: string, outfile: string): Promise<string> {
  const source = join(import.meta.dir, "programs", `${name}.ts`);
  const built = Bun.spawnSync([process.execPath, "build", ...COMPILE_FLAGS, source, "--outfile", outfile], {
    cwd: root,
  });
  if (built.exitCode !== 0) throw new Error(`cannot compile ${source}: ${built.stderr.toString()}`);
  return copied(outfile, `${outfile}-copy`);
}

/**
 * The executable in a folder of its own, written in one go: in how large pieces it was written decides how much of it the
 * system maps at once, until it has been read anew from the disk.
 */
async function copied(executable: string, folder: string): Promise<string> {
  await mkdir(folder);
  const copy = join(folder, basename(executable));
  await copyFile(executable, copy);
  return copy;
}

async function writeTexts(scratch: string, files: number, megabytes: number): Promise<readonly string[]> {
  const paths = Array.from({ length: files }, (_, index) => join(scratch, `text-${megabytes}-${index}`));
  for (const [index, path] of paths.entries())
    await Bun.write(path, numberedText(index, megabytes * MEBIBYTE));
  return paths;
}

const pathWith = (folder: string): string => `${folder}:${process.env["PATH"] ?? ""}`;

/**
 * What `bun run NAME` is: bun itself, and a stand-in that runs the file `scripts/NAME` if there is one, else `true`, so
 * that what is left of turbo's time is turbo's own.
 */
async function writeRunners(scratch: string): Promise<void> {
  await mkdir(join(scratch, "home"), { recursive: true });
  await mkdir(join(scratch, RUNNER), { recursive: true });
  await symlink(process.execPath, join(scratch, RUNNER, "bun"));
  const path = join(scratch, STAND_IN, "bun");
  await Bun.write(path, '#!/bin/sh\n[ -f "scripts/$2" ] && . "./scripts/$2"\nexec true\n');
  await chmod(path, 0o755);
}
