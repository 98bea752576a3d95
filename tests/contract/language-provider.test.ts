import { afterEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { formatProblem } from "#core/config/formats";
import type { Discovery } from "#core/config/discovery";
import { discoverPackages } from "#languages/discover-packages";
import { languageProviders } from "#languages/index";
import { locateDiagnostics } from "#app/locate-diagnostics";
import { findFiles } from "#system/fs/find-files";
import { readText } from "#system/fs/read-text";

/** A small repository as its tools would have it, and what is to be found in it. */
interface Fixture {
  readonly title: string;
  readonly provider: string;
  readonly files: Readonly<Record<string, string>>;
  /** Path → name and version; packages without a name of their own have none. */
  readonly packages: Readonly<Record<string, string>>;
  /** `from kind to`, by path, with the text at the place of the declaration. */
  readonly edges: Readonly<Record<string, string>>;
  /** Path → task → words of its command. */
  readonly tasks?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const FIXTURES: readonly Fixture[] = [
  {
    title: "npm workspaces with all four kinds of dependencies",
    provider: "node",
    files: {
      "package.json":
        '{ "name": "root", "workspaces": ["packages/*", "tools/cli"], "scripts": { "lint": "eslint ." } }',
      "package-lock.json": "{}",
      "packages/app/package.json": JSON.stringify({
        name: "@acme/app",
        version: "1.0.0",
        scripts: { prebuild: "a", build: "b", "test:unit": "c", "not a name": "d", self: "npx zr run x" },
        dependencies: { "@acme/lib": "^1.1.0", react: "^18.0.0" },
        devDependencies: { cli: "file:../../tools/cli", "@acme/old": "^1.0.0" },
        peerDependencies: { "@acme/ui": "*" },
        optionalDependencies: { renamed: "npm:@acme/extra@^3" },
      }),
      "packages/lib/package.json": '{ "name": "@acme/lib", "version": "1.2.0" }',
      "packages/old/package.json": '{ "name": "@acme/old", "version": "2.0.0" }',
      "packages/ui/package.json": '{ "name": "@acme/ui" }',
      "packages/extra/package.json": '{ "name": "@acme/extra", "version": "3.4.5" }',
      "packages/none/readme.md": "",
      "packages/app/node_modules/react/package.json": '{ "name": "react" }',
      "tools/cli/package.json": '{ "name": "cli" }',
    },
    packages: {
      ".": "root",
      "packages/app": "@acme/app 1.0.0",
      "packages/extra": "@acme/extra 3.4.5",
      "packages/lib": "@acme/lib 1.2.0",
      "packages/old": "@acme/old 2.0.0",
      "packages/ui": "@acme/ui",
      "tools/cli": "cli",
    },
    edges: {
      "packages/app dependencies packages/lib": '"^1.1.0"',
      "packages/app devDependencies tools/cli": '"file:../../tools/cli"',
      "packages/app peerDependencies packages/ui": '"*"',
      "packages/app optionalDependencies packages/extra": '"npm:@acme/extra@^3"',
    },
    tasks: {
      ".": { lint: "npm run --silent lint --" },
      "packages/app": { build: "npm run --silent build --", "test:unit": "npm run --silent test:unit --" },
    },
  },
  {
    title: "a pnpm workspace with negations and the workspace protocol",
    provider: "node",
    files: {
      "package.json": '{ "private": true }',
      "pnpm-workspace.yaml": "packages:\n  - 'packages/**'\n  - '!**/fixtures/**'\n",
      "packages/a/package.json":
        '{ "name": "a", "scripts": { "build": "x" }, "dependencies": { "b": "workspace:^", "c": "workspace:./../deep/c", "alias": "workspace:b@*" } }',
      "packages/b/package.json":
        '{ "name": "b", "version": "0.0.1", "dependencies": { "up": "github:x/b" } }',
      "packages/deep/c/package.json":
        '{ "name": "c", "dependencies": { "a": "https://host.example/a.tgz" } }',
      "packages/a/fixtures/one/package.json": '{ "name": "one" }',
      "packages/a/node_modules/b/package.json": '{ "name": "b" }',
    },
    packages: { ".": "", "packages/a": "a", "packages/b": "b 0.0.1", "packages/deep/c": "c" },
    edges: {
      "packages/a dependencies packages/b": '"workspace:^"',
      "packages/a dependencies packages/deep/c": '"workspace:./../deep/c"',
      "packages/a dependencies packages/b #2": '"workspace:b@*"',
    },
    tasks: { "packages/a": { build: "pnpm --silent run build" } },
  },
  {
    title: "Yarn by its lock file, and Bun by the packageManager field",
    provider: "node",
    files: {
      "package.json": '{ "workspaces": { "packages": ["a"] }, "packageManager": "bun@1.2.0" }',
      "yarn.lock": "",
      "a/package.json": '{ "name": "a", "scripts": { "test": "x" } }',
    },
    packages: { ".": "", a: "a" },
    edges: {},
    tasks: { a: { test: "bun run --silent test" } },
  },
  {
    title: "a Cargo workspace with globs, exclusions, path, inherited and target dependencies",
    provider: "rust",
    files: {
      "Cargo.toml":
        '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/skip"]\n[workspace.package]\nversion = "0.3.0"\n[workspace.dependencies]\ncore = { path = "crates/core" }\n',
      "crates/app/Cargo.toml":
        '[package]\nname = "app"\nversion.workspace = true\n[dependencies]\ncore.workspace = true\nserde = "1"\n[dev-dependencies]\nhelper = { path = "../../tools/helper", package = "helper" }\n[target.\'cfg(unix)\'.build-dependencies]\nunixy = { path = "../unixy" }\n',
      "crates/core/Cargo.toml": '[package]\nname = "core"\nversion = "1.0.0"\n',
      "crates/unixy/Cargo.toml": '[package]\nname = "unixy"\n',
      "crates/skip/Cargo.toml": '[package]\nname = "skip"\n',
      "tools/helper/Cargo.toml": '[package]\nname = "helper"\n',
      "crates/app/target/package/Cargo.toml": '[package]\nname = "built"\n',
    },
    packages: {
      ".": "",
      "crates/app": "app 0.3.0",
      "crates/core": "core 1.0.0",
      "crates/unixy": "unixy",
      "tools/helper": "helper",
    },
    edges: {
      "crates/app dependencies crates/core": "core",
      "crates/app dev-dependencies tools/helper": '{ path = "../../tools/helper", package = "helper" }',
      "crates/app build-dependencies crates/unixy": '{ path = "../unixy" }',
    },
    tasks: { "crates/core": { build: "cargo build", clippy: "cargo clippy --all-targets" } },
  },
  {
    title: "a Go workspace with requirements among its modules",
    provider: "go",
    files: {
      "go.work": "go 1.22\n\nuse (\n\t./api // the service\n\t./lib\n)\n",
      "api/go.mod":
        "module example.com/api\n\ngo 1.22\n\nrequire (\n\texample.com/lib v0.0.0\n\tgithub.com/x/y v1.2.3 // indirect\n)\n",
      "lib/go.mod": 'module "example.com/lib"\n',
    },
    packages: { api: "example.com/api", lib: "example.com/lib" },
    edges: { "api require lib": "example.com/lib v0.0.0" },
    tasks: { lib: { build: "go build ./...", test: "go test ./...", vet: "go vet ./..." } },
  },
  {
    title: "Go modules that replace each other by folder",
    provider: "go",
    files: {
      "go.mod":
        "module example.com/root\nrequire example.com/lib v1.0.0\nreplace example.com/lib => ./lib\nreplace example.com/x => example.com/y v1.0.0\n",
      "lib/go.mod": "module example.com/lib\n",
    },
    packages: { ".": "example.com/root", lib: "example.com/lib" },
    edges: { ". replace lib": "replace example.com/lib => ./lib" },
  },
  {
    title: "a uv workspace with sources by workspace and by path",
    provider: "python",
    files: {
      "pyproject.toml":
        '[project]\nname = "root"\nversion = "0.1.0"\ndependencies = ["My.Lib>=1"]\n[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/old"]\n[tool.uv.sources]\nmy-lib = { workspace = true }\n',
      "uv.lock": "",
      "libs/my/pyproject.toml":
        '[project]\nname = "my_lib"\nversion = "1.0.0"\ndependencies = ["requests"]\n[dependency-groups]\ndev = ["pytest>=8", "tools"]\n[tool.uv.sources]\ntools = { path = "../../tools" }\n[build-system]\nrequires = []\n',
      "libs/old/pyproject.toml": '[project]\nname = "old"\n',
      "tools/pyproject.toml": '[project]\nname = "tools"\n',
    },
    packages: { ".": "root 0.1.0", "libs/my": "my_lib 1.0.0", tools: "tools" },
    edges: {
      ". dependencies libs/my": '"My.Lib>=1"',
      "libs/my dependency-groups tools": '"tools"',
    },
    tasks: { "libs/my": { test: "uv run pytest", build: "uv build" } },
  },
  {
    title: "path dependencies of Poetry, PDM and PEP 508",
    provider: "python",
    files: {
      "pyproject.toml":
        '[tool.poetry]\nname = "app"\nversion = "2.0.0"\n[tool.poetry.dependencies]\nlib = { path = "lib", develop = true }\n[tool.poetry.group.dev.dependencies]\npytest = "^8"\n[tool.pdm.dev-dependencies]\ndev = ["-e file:///${PROJECT_ROOT}/extra#egg=extra"]\n',
      "poetry.lock": "",
      "lib/pyproject.toml":
        '[project]\nname = "lib"\ndependencies = ["extra @ file:///${PROJECT_ROOT}/../extra", "web @ https://host.example/web.whl"]\n',
      "extra/pyproject.toml": '[project]\nname = "extra"\n[tool.ruff]\n',
    },
    packages: { ".": "app 2.0.0", extra: "extra", lib: "lib" },
    edges: {
      ". dependencies lib": '{ path = "lib", develop = true }',
      ". dev-dependencies extra": '"-e file:///${PROJECT_ROOT}/extra#egg=extra"',
      "lib dependencies extra": '"extra @ file:///${PROJECT_ROOT}/../extra"',
    },
    tasks: { ".": { test: "poetry run pytest" }, extra: { lint: "poetry run ruff check ." } },
  },
  {
    title: "Maven modules, nested ones included",
    provider: "java",
    files: {
      "pom.xml":
        "<project><groupId>org.acme</groupId><artifactId>parent</artifactId><version>1.0</version><modules><module>core</module><!-- <module>gone</module> --><module>web</module></modules></project>",
      mvnw: "",
      "core/pom.xml":
        "<project><parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>1.0</version></parent><artifactId>core</artifactId></project>",
      "web/pom.xml":
        "<project><parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>1.0</version></parent><artifactId>web</artifactId><modules><module>ui</module></modules><dependencyManagement><dependencies><dependency><groupId>org.acme</groupId><artifactId>ui</artifactId></dependency></dependencies></dependencyManagement><dependencies><dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId><scope>test</scope></dependency></dependencies></project>",
      "web/ui/pom.xml":
        "<project><groupId>org.acme</groupId><artifactId>ui</artifactId><version>2.0</version></project>",
    },
    packages: { ".": "parent 1.0", core: "core 1.0", web: "web 1.0", "web/ui": "ui 2.0" },
    edges: {
      "core parent .": "<parent>",
      "web parent .": "<parent>",
      "web test core": "<dependency>",
    },
    tasks: {
      ".": { test: "./mvnw -B test" },
      "web/ui": { test: "./mvnw -B -pl web/ui -am test", clean: "./mvnw -B -pl web/ui clean" },
    },
  },
  {
    title: "Gradle projects by their settings, moved folders and typed accessors",
    provider: "java",
    files: {
      "settings.gradle.kts":
        'rootProject.name = "acme"\ninclude(":app", ":core:data-store")\n// include(":gone")\ninclude(":moved")\nproject(":moved").projectDir = file("other/place")\nincludeBuild("tools")\n',
      gradlew: "",
      "app/build.gradle.kts":
        'version = "1.5"\ndependencies {\n  implementation(project(":core:data-store"))\n  testImplementation(projects.moved)\n  /* api(project(":moved")) */\n}\n',
      "core/data-store/build.gradle": "dependencies {\n  api project(path: ':moved')\n}\n",
      "other/place/build.gradle": "",
      "tools/build.gradle": "",
    },
    packages: { ".": "acme", app: " 1.5", "core/data-store": "", "other/place": "" },
    edges: {
      "app implementation core/data-store": 'implementation(project(":core:data-store"',
      "app testImplementation other/place": "testImplementation(projects.moved",
      "core/data-store api other/place": "api project(path: ':moved'",
    },
    tasks: { app: { test: "./gradlew :app:test" }, ".": { build: "./gradlew build" } },
  },
  {
    title: "a .NET solution and what its projects refer to",
    provider: "dotnet",
    files: {
      "Acme.sln":
        'Microsoft Visual Studio Solution File\nProject("{FAE0}") = "App", "src\\App\\App.csproj", "{1}"\nEndProject\nProject("{2150}") = "folder", "folder", "{2}"\nEndProject\n',
      "src/App/App.csproj":
        '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><Version>3.1.0</Version></PropertyGroup><ItemGroup><ProjectReference Include="..\\Lib\\Lib.fsproj" /></ItemGroup></Project>',
      "src/Lib/Lib.fsproj":
        '<Project><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" /></ItemGroup></Project>',
    },
    packages: { ".": "", "src/App": "App 3.1.0", "src/Lib": "Lib" },
    edges: { "src/App ProjectReference src/Lib": '<ProjectReference Include="..\\Lib\\Lib.fsproj" />' },
    tasks: { "src/App": { build: "dotnet build" }, "src/Lib": { test: "dotnet test" } },
  },
  {
    title: "a solution in the XML form",
    provider: "dotnet",
    files: {
      "Acme.slnx": '<Solution><Folder Name="/x/"><Project Path="a/A.csproj" /></Folder></Solution>',
      "a/A.csproj": "<Project/>",
    },
    packages: { ".": "", a: "A" },
    edges: {},
  },
];

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "zr-languages-"));
  made.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const providerNamed = (name: string): (typeof languageProviders)[number] => {
  const found = languageProviders.find((provider) => provider.name === name);
  if (found === undefined) throw new Error(`no provider ${name}`);
  return found;
};

const discover = (root: string, provider: string, lists: readonly string[] = []): Promise<Discovery> =>
  discoverPackages(
    {
      root,
      providers: [providerNamed(provider)],
      lists: lists.length === 0 ? [] : [{ base: root, folders: lists }],
      ignore: [],
      infersRootTasks: true,
    },
    {
      find: findFiles,
      readText: async (path) => {
        const read = await readText(path);
        return read.kind === "text" ? read.text : undefined;
      },
    },
  );

const below = (root: string, dir: string): string => (dir === root ? "." : dir.slice(root.length + 1));

/** The text that a place means. */
function textAt(discovery: Discovery, place: Discovery["diagnostics"][number]["place"]): string {
  if (place === undefined) return "";
  const [located] = locateDiagnostics(
    [{ code: "", severity: "error", data: {}, place }],
    [],
    discovery.texts,
  );
  const { file = "", span } = located?.place ?? {};
  return span === undefined ? "" : (discovery.texts.get(file)?.slice(span.start, span.end) ?? "");
}

describe.each(FIXTURES.map((fixture) => [fixture.title, fixture] as const))("%s", (_, fixture) => {
  test("the packages are found with their names and versions", async () => {
    const root = write(fixture.files);
    const { packages, diagnostics } = await discover(root, fixture.provider);
    const found = [...packages.values()].filter(
      ({ dir, manifests }) => manifests.length > 0 || (dir === root && "." in fixture.packages),
    );
    expect(diagnostics).toEqual([]);
    expect(
      Object.fromEntries(
        found.map(({ dir, name = "", version }) => [
          below(root, dir),
          version === undefined ? name : `${name} ${version}`,
        ]),
      ),
    ).toEqual(fixture.packages);
  });

  test("every dependency between them is there once, with the place that declares it", async () => {
    const root = write(fixture.files);
    const discovery = await discover(root, fixture.provider);
    const found: Record<string, string> = {};
    for (const { dir, edges } of discovery.packages.values())
      for (const { on, kind, place } of edges) {
        const edge = `${below(root, dir)} ${kind} ${below(root, on)}`;
        found[edge in found ? `${edge} #2` : edge] = textAt(discovery, place);
      }
    expect(found).toEqual({ ...fixture.edges });
  });

  test("tasks have names and commands that zr takes, and are those of the tools", async () => {
    const root = write(fixture.files);
    const { packages } = await discover(root, fixture.provider);
    for (const { dir, tasks } of packages.values()) {
      const commands = Object.fromEntries(
        tasks.map(({ name, sources }) => [name, [sources[0]?.table.cmd].flat().join(" ")]),
      );
      for (const [name, command] of Object.entries(commands)) {
        expect(formatProblem("task-name", name)).toBeUndefined();
        expect(command).not.toBe("");
      }
      expect(commands).toMatchObject(fixture.tasks?.[below(root, dir)] ?? {});
    }
  });
});

describe.each(languageProviders.map(({ name }) => name))("%s", (name) => {
  const provider = providerNamed(name);
  const example = FIXTURES.find((fixture) => fixture.provider === name);

  test("finds nothing in an empty folder", async () => {
    const root = write({ "readme.md": "" });
    const { packages } = await discover(root, name);
    expect([...packages.values()].flatMap(({ manifests }) => manifests)).toEqual([]);
  });

  test("takes manifests cut off anywhere without falling over", async () => {
    const files = example?.files ?? {};
    for (const [path, text] of Object.entries(files)) {
      for (const share of [0, 0.3, 0.6, 0.9]) {
        const root = write({ ...files, [path]: text.slice(0, Math.floor(text.length * share)) });
        await discover(root, name);
      }
    }
  });

  test("takes values of other types than its format has for what they are", async () => {
    const odd: Readonly<Record<string, string>> = {
      ".json":
        '{ "name": 3, "version": [], "workspaces": 7, "scripts": { "a": 1 }, "dependencies": ["x"], "packageManager": {} }',
      ".toml":
        'project = 3\ntool = []\nworkspace = "x"\npackage = { name = 1 }\ndependencies = { a = 1, b = { path = 2 } }\n',
    };
    for (const manifest of provider.manifests) {
      const text = odd[manifest.slice(manifest.lastIndexOf("."))];
      if (text === undefined) continue;
      const root = write({ [manifest]: text });
      const { packages } = await discover(root, name);
      expect([...packages.values()].flatMap(({ edges }) => edges)).toEqual([]);
    }
  });

  test("lists no package twice, none outside of the root, and none below what others have written", async () => {
    const files = example?.files ?? {};
    const [foreign = ".git"] = provider.foreignFolders ?? [];
    const pathOfMember = Object.keys(example?.packages ?? {}).find((path) => path !== ".");
    const copies = Object.entries(files).flatMap(([path, text]) =>
      path.startsWith(`${pathOfMember ?? ""}/`) ? [[`${foreign}/x/${path}`, text] as const] : [],
    );
    const root = write({ ...files, ...Object.fromEntries(copies) });
    const { packages } = await discover(root, name, ["**", "../*"]);
    for (const dir of packages.keys()) {
      expect(dir === root || dir.startsWith(`${root}/`)).toBe(true);
      expect(below(root, dir).split("/")).not.toContain(foreign);
    }
  });
});
