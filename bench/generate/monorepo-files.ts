import { bunLock, PACKAGE_MANAGER } from "./bun-workspace";
import { seededNumbers } from "./random";

/** A package of a generated monorepo: its folder is `packages/NAME`, its sources are `src/f00.txt` and so on. */
export interface GeneratedPackage {
  readonly name: string;
  /** Names of packages further to the front. */
  readonly deps: readonly string[];
  /** Size of each source in bytes. */
  readonly sources: readonly number[];
}

/** With the manifest of its tool a package has twenty files. */
const SOURCES = 19;
const LEAST_BYTES = 1024;
const MOST_BYTES = 8 * 1024;
/** A package has three dependencies on average: none to six, each number as often. */
const MOST_DEPS = 6;

/** What a package runs: its sources in one file. */
export const BUILD = "mkdir -p dist && cat src/* > dist/all.txt";

/** Packages in an order in which each comes behind what it depends on. The same for the same count on every machine. */
export function monorepoPackages(count: number): readonly GeneratedPackage[] {
  const next = seededNumbers(count + 7);
  const nameOf = (index: number): string => `p${`${index}`.padStart(4, "0")}`;
  return Array.from({ length: count }, (_, index) => {
    const wanted = Math.min(index, next(MOST_DEPS + 1));
    const deps = new Set<string>();
    for (let dep = 0; dep < wanted; dep += 1) deps.add(nameOf(next(index)));
    const sources = Array.from({ length: SOURCES }, () => LEAST_BYTES + next(MOST_BYTES - LEAST_BYTES));
    return { name: nameOf(index), deps: [...deps].toSorted(), sources };
  });
}

/** The paths of a package's sources, from the root. */
export const sourcePaths = ({ name, sources }: GeneratedPackage): readonly string[] =>
  sources.map((_, index) => `packages/${name}/src/f${`${index}`.padStart(2, "0")}.txt`);

/** Tools that take part with a monorepo. */
export type MonorepoTool = "zr" | "turbo" | "nx" | "ninja";

type Files = Readonly<Record<string, string>>;
type Writer = (packages: readonly GeneratedPackage[]) => Files;

/** All that a tool needs beside the sources: paths from the root and contents. */
export const MONOREPO_FILES: Readonly<Record<MonorepoTool, Writer>> = {
  zr: (packages) => ({
    ".gitignore": ignored,
    "package.json": rootManifest({ workspaces: ["packages/*"] }),
    "zr.toml": '[workspace]\n\n[cache]\nlocal_dir = ".zr-cache"\n',
    ...eachPackage(packages, (one) => ({ "package.json": manifest(one), "zr.toml": ZR_TASK })),
  }),
  turbo: (packages) => ({
    ".gitignore": ignored,
    "package.json": rootManifest({ workspaces: ["packages/*"], packageManager: PACKAGE_MANAGER }),
    "bun.lock": bunLock(
      packages.map((one) => ({
        name: one.name,
        folder: `packages/${one.name}`,
        dependencies: dependencies(one),
      })),
    ),
    "turbo.json": JSON.stringify({
      ui: "stream",
      tasks: { build: { dependsOn: ["^build"], outputs: ["dist/**"] } },
    }),
    ...eachPackage(packages, (one) => ({ "package.json": manifest(one), "scripts/build": `${BUILD}\n` })),
  }),
  nx: (packages) => ({
    ".gitignore": ignored,
    "package.json": rootManifest({}),
    "nx.json": JSON.stringify({ analytics: false, neverConnectToCloud: true }),
    ...eachPackage(packages, (one) => ({ "project.json": nxProject(one) })),
  }),
  ninja: (packages) => ({
    ".gitignore": ignored,
    "build.ninja": [
      `rule build\n  command = cd packages/$name && ${BUILD}\n`,
      ...packages.map(ninjaBuild),
      "",
    ].join("\n"),
    ...eachPackage(packages, (one) => ({ "package.json": manifest(one) })),
  }),
};

const ignored = [
  "dist",
  "node_modules",
  ".zr",
  ".zr-cache",
  ".turbo",
  ".nx",
  ".ninja_log",
  ".ninja_deps",
  "",
].join("\n");

const ZR_TASK = `[tasks.build]
cmd = "${BUILD}"
deps = ["^build"]
cache = true
outputs = ["dist"]
`;

function eachPackage(
  packages: readonly GeneratedPackage[],
  filesOf: (one: GeneratedPackage) => Files,
): Files {
  const all: Record<string, string> = {};
  for (const one of packages)
    for (const [path, text] of Object.entries(filesOf(one))) all[`packages/${one.name}/${path}`] = text;
  return all;
}

const rootManifest = (more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ name: "bench", private: true, ...more });

const dependencies = ({ deps }: GeneratedPackage): Readonly<Record<string, string>> =>
  Object.fromEntries(deps.map((dep) => [dep, "*"]));

const manifest = (one: GeneratedPackage): string =>
  JSON.stringify({
    name: one.name,
    version: "1.0.0",
    scripts: { build: BUILD },
    dependencies: dependencies(one),
  });

const nxProject = (one: GeneratedPackage): string =>
  JSON.stringify({
    name: one.name,
    implicitDependencies: one.deps,
    targets: {
      build: {
        executor: "nx:run-commands",
        cache: true,
        dependsOn: ["^build"],
        inputs: ["{projectRoot}/**/*", "^{projectRoot}/**/*"],
        outputs: ["{projectRoot}/dist"],
        options: { command: BUILD, cwd: `packages/${one.name}` },
      },
    },
  });

function ninjaBuild(one: GeneratedPackage): string {
  const made = one.deps.map((dep) => `packages/${dep}/dist/all.txt`);
  const inputs = [...sourcePaths(one), ...made].join(" ");
  return `build packages/${one.name}/dist/all.txt: build ${inputs}\n  name = ${one.name}\n`;
}
