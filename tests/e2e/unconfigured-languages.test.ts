import { expect, test } from "bun:test";
import { homedir } from "node:os";
import { join } from "node:path";
import { atLeisure } from "#tests/support/at-leisure";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { testUnless, without } from "#tests/support/left-out";

/** What only the real home has: compilers that a manager chooses by files in it. */
const HOMES = {
  CARGO_HOME: process.env["CARGO_HOME"] ?? join(homedir(), ".cargo"),
  RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? join(homedir(), ".rustup"),
  PYENV_ROOT: process.env["PYENV_ROOT"],
  GOTOOLCHAIN: "local",
};

interface Case {
  readonly language: string;
  /** The programs that it needs. */
  readonly needs: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly run: readonly string[];
  /** A part of what the tool itself prints. */
  readonly prints: RegExp;
  readonly listed: string;
}

const CASES: readonly Case[] = [
  {
    language: "node",
    needs: ["node", "npm"],
    files: { "package.json": '{ "name": "a", "scripts": { "hello": "node -p 6*7" } }' },
    run: ["hello"],
    prints: /^42$/m,
    listed: "hello",
  },
  {
    language: "python",
    needs: ["python3", "pytest"],
    files: {
      "pyproject.toml":
        '[project]\nname = "a"\nversion = "1.0.0"\n[tool.pytest.ini_options]\n[dependency-groups]\ndev = ["pytest"]\n',
      "test_a.py": "def test_a():\n    assert 6 * 7 == 42\n",
    },
    run: ["test"],
    prints: /1 passed/,
    listed: "test",
  },
  {
    language: "go",
    needs: ["go"],
    files: {
      "go.mod": "module example.com/a\n\ngo 1.18\n",
      "a.go": "package a\nfunc  A() {}\n",
    },
    // With an empty cache its tests would compile half of the library; this one says which files it changed.
    run: ["fmt"],
    prints: /^a\.go$/m,
    listed: "test",
  },
  {
    language: "rust",
    needs: ["cargo"],
    files: {
      "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n',
      "src/lib.rs": "#[test]\nfn a() { assert_eq!(6 * 7, 42); }\n",
    },
    run: ["test"],
    prints: /test result: ok\. 1 passed/,
    listed: "test",
  },
  {
    language: "ruby",
    needs: ["ruby", "rake"],
    files: { Rakefile: "desc 'Say it'\ntask :hello do\n  puts 6 * 7\nend\n" },
    run: ["hello"],
    prints: /^42$/m,
    listed: "hello",
  },
  {
    language: "make",
    needs: ["make"],
    files: { Makefile: ".PHONY: hello\nhello: ## Say it\n\t@echo $$((6 * 7))\n" },
    run: ["hello"],
    prints: /^42$/m,
    listed: "Say it",
  },
  {
    language: "cpp",
    needs: ["cmake", "ctest", "make", "cc"],
    files: {
      "CMakeLists.txt":
        "cmake_minimum_required(VERSION 3.16)\nproject(a VERSION 1.0 LANGUAGES C)\nenable_testing()\nadd_executable(a a.c)\nadd_test(NAME runs COMMAND a)\n",
      "a.c": "int main(void) { return 0; }\n",
    },
    run: ["test"],
    prints: /100% tests passed/,
    listed: "configure",
  },
  {
    language: "java",
    needs: ["java", "mvn"],
    files: {
      "pom.xml":
        "<project><modelVersion>4.0.0</modelVersion><groupId>org.acme</groupId><artifactId>a</artifactId><version>1</version></project>",
    },
    // Its phases need plugins that are fetched; what Maven says of itself needs none.
    run: ["test", "--", "--version"],
    prints: /Apache Maven/,
    listed: "verify",
  },
  {
    language: "terraform",
    needs: ["terraform"],
    files: { "main.tf": 'output "a" {\n  value = 6 * 7\n}\n' },
    run: ["validate"],
    prints: /The configuration is valid/,
    listed: "validate",
  },
];

for (const { language, needs, files, run, prints, listed } of CASES) {
  testUnless(without(...needs))(
    `a folder with nothing but a manifest of ${language} lists tasks and runs them by its own tool`,
    async () => {
      await using project = await makeProject(files, { git: true, env: HOMES });
      const list = await project.zr("list").expect({ stdout: anything });
      expect(list.stdout).toContain(listed);
      expect(await atLeisure(project, "run", "--raw", ...run)).toMatch(prints);
    },
    120_000,
  );
}

test("a Makefile beside a package of another language gives it no tasks", async () => {
  await using project = await makeProject(
    {
      "package.json": '{ "name": "a", "scripts": { "test": "true" } }',
      Makefile: "hello:\n\ttrue\n",
      Dockerfile: "FROM scratch\n",
    },
    { git: true },
  );
  const { stdout } = await project.zr("list", "--json").expect({ stdout: anything });
  expect(stdout).toContain('"test"');
  expect(stdout).not.toContain('"hello"');
  expect(stdout).not.toContain('"image"');
});

test("a folder of a glob with only a Makefile is no package, and one that is named is", async () => {
  const files = {
    "packages/a/package.json": '{ "name": "a" }',
    "packages/native/Makefile": "hello:\n\ttrue\n",
    "tools/gen/Makefile": "hello:\n\ttrue\n",
  };
  await using project = await makeProject({
    ...files,
    "zr.toml": '[workspace]\nmembers = ["packages/*", "tools/gen"]\n',
  });
  await project.zr("workspace", "list").expect({
    stdout: /^project\s+\.\na\s+packages\/a\ntools\/gen\s+tools\/gen\n$/,
  });
});
