import { expect, test } from "bun:test";
import { ReadFolder } from "#languages/folder-files";
import type { FolderFiles } from "#languages/folder-view";
import { languageProviders } from "#languages/index";

function folder(dir: string, files: Readonly<Record<string, string>>): FolderFiles {
  const texts = new Map(Object.entries(files));
  return new ReadFolder(
    { dir, path: dir === "/w" ? "." : dir.slice(3) },
    { names: new Set(texts.keys()), texts },
    () => {},
  );
}

/** `cwd: command && command`, of a folder that may be a member of a root. */
async function install(
  language: string,
  files: Readonly<Record<string, string>>,
  root?: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const project = await languageProviders.find(({ name }) => name === language)?.project?.();
  const top = root === undefined ? undefined : folder("/w", root);
  const own = folder(top === undefined ? "/w" : "/w/a", files);
  const found = project?.install?.(own, top ?? own);
  return found === undefined
    ? undefined
    : `${found.cwd}: ${found.cmds.map((cmd) => cmd.join(" ")).join(" && ")}`;
}

test.each([
  ["npm without a lock file", "node", { "package.json": "{}" }, "npm install"],
  ["pnpm", "node", { "package.json": "{}", "pnpm-lock.yaml": "" }, "pnpm install --frozen-lockfile"],
  ["Yarn 1", "node", { "package.json": "{}", "yarn.lock": "" }, "yarn install --frozen-lockfile"],
  [
    "Yarn by its version",
    "node",
    { "package.json": '{ "packageManager": "yarn@4.1.0" }', "yarn.lock": "" },
    "yarn install --immutable",
  ],
  [
    "Yarn by its settings",
    "node",
    { "package.json": "{}", "yarn.lock": "", ".yarnrc.yml": "" },
    "yarn install --immutable",
  ],
  ["Poetry", "python", { "pyproject.toml": "[tool.poetry]\n" }, "poetry install"],
  ["PDM", "python", { "pyproject.toml": "[project]\n", "pdm.lock": "" }, "pdm install"],
  [
    "pip with a list",
    "python",
    { "pyproject.toml": "[project]\n", "requirements.txt": "" },
    "python3 -m venv .venv && python3 -m pip --python .venv install -r requirements.txt",
  ],
  [
    "pip alone",
    "python",
    { "pyproject.toml": '[project]\nname = "a"\n' },
    "python3 -m venv .venv && python3 -m pip --python .venv install -e .",
  ],
  [
    "pip with the extras and groups that the tasks' programs are in",
    "python",
    {
      "pyproject.toml":
        '[project]\nname = "a"\n[project.optional-dependencies]\ndev = ["pytest>=8", "x"]\nplot = ["matplotlib", "pytest-x"]\ntest = ["ruff"]\n[dependency-groups]\nlint = ["mypy", { include-group = "x" }]\ndocs = ["sphinx"]\n',
    },
    "python3 -m venv .venv && python3 -m pip --python .venv install -e .[dev,test] --group lint",
  ],
  [
    "pip with a list of what is needed to work on it",
    "python",
    { "pyproject.toml": "[project]\n", "requirements.txt": "", "requirements-dev.txt": "" },
    "python3 -m venv .venv && python3 -m pip --python .venv install -r requirements.txt -r requirements-dev.txt",
  ],
  ["Cargo without a lock file", "rust", { "Cargo.toml": "" }, "cargo fetch"],
  [
    "a .NET project with a lock file",
    "dotnet",
    { "a.csproj": "", "packages.lock.json": "" },
    "dotnet restore --locked-mode",
  ],
  ["Flutter", "dart", { "pubspec.yaml": "dependencies:\n  flutter:\n    sdk: flutter\n" }, "flutter pub get"],
  ["Gradle", "java", { "build.gradle": "" }, "gradle dependencies"],
] as const)("dependencies by %s are fetched by its own command", async (_, language, files, command) => {
  expect(await install(language, files)).toBe(`/w: ${command}`);
});

test.each([
  [
    "npm",
    "node",
    { "package.json": "{}" },
    { "package.json": '{ "workspaces": ["a"] }', "package-lock.json": "" },
    "/w: npm ci",
  ],
  [
    "a package beside the others",
    "node",
    { "package.json": "{}" },
    { "package.json": "{}" },
    "/w/a: npm install",
  ],
  [
    "uv",
    "python",
    { "pyproject.toml": "[project]\n" },
    { "pyproject.toml": "", "uv.lock": "" },
    "/w: uv sync --all-packages",
  ],
  [
    "Cargo",
    "rust",
    { "Cargo.toml": "" },
    { "Cargo.toml": "[workspace]\n", "Cargo.lock": "" },
    "/w: cargo fetch --locked",
  ],
  ["Deno", "deno", { "deno.json": "{}" }, { "deno.json": '{ "workspace": ["a"] }' }, "/w: deno install"],
  ["an umbrella", "elixir", { "mix.exs": "" }, { "mix.exs": 'apps_path: "apps"' }, "/w: mix deps.get"],
  ["pub", "dart", { "pubspec.yaml": "resolution: workspace\n" }, { "pubspec.yaml": "" }, "/w: dart pub get"],
  ["Maven", "java", { "pom.xml": "" }, { "pom.xml": "", mvnw: "" }, "/w: ./mvnw -B dependency:go-offline"],
] as const)(
  "a member of %s is installed where its lock file is",
  async (_, language, files, root, command) => {
    expect(await install(language, files, root)).toBe(command);
  },
);
