import { expect, test } from "bun:test";
import { discoverPackages } from "./discover-packages";
import { languageProviders } from "./index";

/** What is found in a repository of these files: of each package but the root the folder, and what it depends on how. */
async function found(files: Readonly<Record<string, string>>) {
  const paths = Object.keys(files).map((path) => `/w/${path}`);
  const { packages } = await discoverPackages(
    { root: "/w", providers: languageProviders, lists: [], ignore: [], infersRootTasks: true },
    {
      find: (pattern, folder, skipped) => {
        const glob = new Bun.Glob(pattern);
        const isFound = (path: string) =>
          path.startsWith(`${folder}/`) &&
          glob.match(path.slice(folder.length + 1)) &&
          !path.split("/").some((part) => skipped.has(part));
        return Promise.resolve(paths.filter(isFound));
      },
      readText: (path) => Promise.resolve(files[path.slice(3)]),
    },
  );
  const edges = Object.fromEntries(
    [...packages].map(([dir, { edges: list }]) => [
      dir.slice(3),
      list.map(({ on, kind }) => `${kind} ${on.slice(3)}`),
    ]),
  );
  const tasks = (dir: string): readonly string[] =>
    (packages.get(dir === "" ? "/w" : `/w/${dir}`)?.tasks ?? []).map(({ name }) => name);
  return { edges, tasks, packages };
}

test("Gradle's projects are found where settings move them, by their new names, and with those above them", async () => {
  const { edges, packages } = await found({
    "settings.gradle": [
      `include ":grpc-api", ":grpc-core"`,
      `include 'ext:android'`,
      `project(':grpc-api').projectDir = "$rootDir/api" as File`,
      `project(":grpc-core").projectDir = new File(settingsDir, 'core')`,
      `include(":server", ":server:http")`,
      `project(":server").projectDir = settingsDir.resolve("srv")`,
      `project(":server").name = "server3"`,
      `project(":ext").projectDir = file(someFolder)`,
    ].join("\n"),
    "api/build.gradle": "",
    "core/build.gradle": "implementation project(':grpc-api')",
    "ext/build.gradle": "",
    "ext/android/build.gradle": "",
    "srv/build.gradle": "api(project(':grpc-core'))",
    "server/http/build.gradle": "api project(':server3')",
  });
  expect(edges).toEqual({
    "": [],
    api: [],
    core: ["implementation api"],
    ext: [],
    "ext/android": [],
    srv: ["api core"],
    "server/http": ["api srv"],
  });
  const [build] = packages.get("/w/server/http")?.tasks ?? [];
  expect(build?.sources[0]?.table["cmd"]).toEqual(["gradle", ":server3:http:build"]);
});

test("a Gradle project is depended on in every form in which scripts write it", async () => {
  const names = ["a", "b", "c-d", "e", "f", "g", "h", "i"];
  const { edges } = await found({
    "settings.gradle.kts": `include(${names.map((name) => `":${name}"`).join(", ")})`,
    ...Object.fromEntries(names.map((name) => [`${name}/build.gradle.kts`, ""])),
    "i/build.gradle": "",
    "h/build.gradle": "",
    "h/build.gradle.kts": [
      `dependencies {`,
      `  "friendsApi"(projects.a)`,
      `  add("dokka", project(":b"))`,
      `  implementation(projects.cD.path)`,
      `  implementation project(configuration: 'shadow', path: ':e'), // one`,
      `      libraries.truth,`,
      `      testFixtures(project(':f'))`,
      `  api(enforcedPlatform(project(":g")))`,
      `  // api(project(":i"))`,
      `  url = "https://example.com/project(':i')"`,
      `}`,
    ].join("\n"),
  });
  expect(edges["h"]).toEqual([
    "friendsApi a",
    "dokka b",
    "implementation c-d",
    "implementation e",
    "implementation f",
    "api g",
  ]);
});

test("crates of Cargo depend on the root by an empty path, by old names of tables and by [patch]", async () => {
  const { edges } = await found({
    "Cargo.toml": [
      `[package]\nname = "top"`,
      `[workspace]\nmembers = ["crates/*", "ex/one", "deep/x/*"]\nexclude = ["ex", "deep/x/"]`,
      `[workspace.dependencies]\ntop = { path = "" }`,
      `[patch.crates-io]\nrenamed = { package = "patched", path = "crates/patched" }\nout = { path = "out" }`,
    ].join("\n"),
    "crates/a/Cargo.toml": `[package]\nname = "a"\n[dev_dependencies]\ntop.workspace = true\n[build_dependencies]\nb.path = "../b"`,
    "crates/b/Cargo.toml": `[package]\nname = "b"\n[dependencies]\nother = { package = "patched", version = "1" }\nout = "1"`,
    "crates/patched/Cargo.toml": `[package]\nname = "patched"`,
    "deep/x/y/Cargo.toml": `[package]\nname = "y"`,
    "ex/one/Cargo.toml": `[package]\nname = "one"`,
    "out/Cargo.toml": `[package]\nname = "out"`,
  });
  expect(edges).toEqual({
    "": [],
    "crates/a": ["dev-dependencies ", "build-dependencies crates/b"],
    "crates/b": ["dependencies crates/patched"],
    "crates/patched": [],
    "ex/one": [],
  });
});

test("all sources of a Python dependency are seen, and what a project is built with", async () => {
  const project = (name: string, more = "") => `[project]\nname = "${name}"\n${more}`;
  const { edges } = await found({
    "pyproject.toml": project(
      "top",
      [
        `dependencies = ["marked"]`,
        `[tool.uv.workspace]\nmembers = ["libs/*"]`,
        `[tool.uv.sources]\nbackend = { workspace = true }`,
        `marked = [{ index = "other", marker = "sys_platform == 'win32'" }, { path = "out/marked" }]`,
        `[tool.poetry.dependencies]\nlib = [{ version = "1", python = "<3" }, { path = "out/lib" }]`,
      ].join("\n"),
    ),
    "libs/a/pyproject.toml": project("a", `[build-system]\nrequires = ["backend>=1"]`),
    "libs/backend/pyproject.toml": project("backend"),
    "out/marked/pyproject.toml": project("marked"),
    "out/lib/pyproject.toml": project("lib"),
  });
  expect(edges).toEqual({
    "": ["dependencies out/marked", "dependencies out/lib"],
    "libs/a": ["build-system libs/backend"],
    "libs/backend": [],
    "out/lib": [],
    "out/marked": [],
  });
});

test("modules of Maven need plugins, extensions and lists of versions of other modules", async () => {
  const pom = (name: string, more = "") =>
    `<project><groupId>org.x</groupId><artifactId>${name}</artifactId><version>1</version>${more}</project>`;
  const named = (name: string, more = "") =>
    `<groupId>org.x</groupId><artifactId>${name}</artifactId>${more}`;
  const { edges } = await found({
    "pom.xml": pom(
      "top",
      `<subprojects><subproject>app</subproject><subproject>bom</subproject></subprojects>
       <modules><module>plug</module><module>ext</module><module>lib</module></modules>
       <dependencyManagement><dependencies>
         <dependency>${named("bom", "<version>1</version><type>pom</type><scope>import</scope>")}</dependency>
         <dependency>${named("lib", "<version>1</version>")}</dependency>
       </dependencies></dependencyManagement>`,
    ),
    "app/pom.xml": pom(
      "app",
      `<build>
         <pluginManagement><plugins><plugin>${named("lib")}</plugin></plugins></pluginManagement>
         <extensions><extension>${named("ext", "<version>${project.version}</version>")}</extension></extensions>
         <plugins>
           <plugin>${named("plug")}<dependencies><dependency>${named("lib")}</dependency></dependencies></plugin>
           <plugin>${named("bom", "<version>0.9</version>")}</plugin>
           <plugin><artifactId>top</artifactId></plugin>
         </plugins>
       </build>`,
    ),
    "bom/pom.xml": pom("bom"),
    "ext/pom.xml": pom("ext"),
    "lib/pom.xml": pom("lib"),
    "plug/pom.xml": pom("plug"),
  });
  expect(edges).toEqual({
    "": ["import bom"],
    app: ["compile lib", "extension ext", "plugin plug"],
    bom: [],
    ext: [],
    lib: [],
    plug: [],
  });
});

test("blocks of go.mod need no blank before their bracket", async () => {
  const { edges } = await found({
    "go.work": "go 1.22\nuse(\n\t./a\n\t./b\n)\n",
    "a/go.mod": "module(\n\texample.com/a\n)\nrequire(\n\texample.com/b v0.0.0 // of here\n)\n",
    "b/go.mod": "module example.com/b\n",
  });
  expect(edges).toEqual({ a: ["require b"], b: [], "": [] });
});

test("a ProjectReference may name several projects, and its own folder by a variable", async () => {
  const { edges } = await found({
    "all.slnx": `<Solution><Project Path="src/app/app.csproj" /></Solution>`,
    "src/app/app.csproj": `<Project><ItemGroup><ProjectReference
      Include="../a/a.csproj;\n $(MSBuildThisFileDirectory)..\\b\\b.csproj;$(Elsewhere)/c.csproj" /></ItemGroup></Project>`,
    "src/a/a.csproj": "<Project />",
    "src/b/b.csproj": "<Project />",
  });
  expect(edges["src/app"]).toEqual(["ProjectReference src/a", "ProjectReference src/b"]);
});

test("scripts around others are tasks of their own where Yarn does not run them", async () => {
  const scripts = { prebuild: "echo before", build: "echo built", postbuild: "echo after" };
  const tasks = async (packageManager: string) => {
    const repository = await found({ "package.json": JSON.stringify({ packageManager, scripts }) });
    return repository.tasks("");
  };
  expect(await tasks("yarn@4.9.1")).toEqual(["prebuild", "build", "postbuild"]);
  expect(await tasks("yarn@1.22.22")).toEqual(["build"]);
  expect(await tasks("pnpm@10.0.0")).toEqual(["build"]);
});
