import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const QUIET = /^/;

test("a check of a Makefile stops only where what it looks at is empty", async () => {
  await using project = await makeProject({
    Makefile: `define _assert
	$(if $(1),,$(error Assertion failed: $(2)))
endef
_assert_var = $(call _assert,$($(1)),$(1) is not set)
CACHE ?= $(HOME)/.cache
CACHE_VERSIONS := $(CACHE)/versions
$(call _assert_var,CACHE_VERSIONS)
KERNEL := $(shell echo Linux)
$(call _assert_var,KERNEL)
$(call _assert_var,TOKEN)
all:
	@echo all
`,
  });
  await project.zr("init", "--from-make").expect({ stderr: /\nconverted 1 of 1 task of Makefile\n$/ });
  const failed = await project.zr("run", "all", "--raw").expect({ code: 1, stdout: "", stderr: QUIET });
  expect(failed.stderr).toContain("Assertion failed: TOKEN is not set\n");
  expect(failed.stderr).not.toContain("CACHE_VERSIONS is not set");
  await project
    .zrWith({ env: { TOKEN: "1" } }, "run", "all", "--raw")
    .expect({ stdout: "all\n", stderr: QUIET });
});

test("what a branch of a condition assigns counts where the condition holds, and only there", async () => {
  await using project = await makeProject({
    Makefile: "MODE := slow\n$(if $(FAST),$(eval MODE := fast))\nall:\n\t@echo $(MODE)\n",
  });
  await project.zr("init", "--from-make").expect({ stderr: /\nconverted 1 of 1 task of Makefile\n$/ });
  await project.zr("run", "all", "--raw").expect({ stdout: "slow\n", stderr: QUIET });
  await project
    .zrWith({ env: { FAST: "1" } }, "run", "all", "--raw")
    .expect({ stdout: "fast\n", stderr: QUIET });
});

test("a recipe compares all words of a variadic parameter as just does", async () => {
  await using project = await makeProject({
    justfile: `one *args:
  @echo {{args}} {{ if args == "a b" { "both" } else { "other" } }}
two *args:
  @echo {{ if args == "" { "--all; echo none" } else { "-p " + args } }}
`,
  });
  await project.zr("init", "--from-just").expect({
    stderr: "created zr.toml\nconverted 2 of 2 tasks of justfile\n",
  });
  const run = async (...words: readonly string[]): Promise<string> =>
    (await project.zr("run", ...words, "--raw").expect({ stdout: QUIET, stderr: QUIET })).stdout;
  expect(await run("one")).toBe("other\n");
  expect(await run("one", "a")).toBe("a other\n");
  expect(await run("one", "a", "b")).toBe("a b both\n");
  expect(await run("two")).toBe("--all\nnone\n");
  expect(await run("two", "x", "y")).toBe("-p x y\n");
});

test("a call in a Taskfile gives values by reference, and a task that runs once is told where calls need it", async () => {
  await using project = await makeProject({
    "Taskfile.yml": `version: '3'
vars:
  MODE: usual
tasks:
  gen:
    run: once
    cmds: ["echo gen {{.MODE}}"]
  build:
    vars: { MODE: own }
    deps:
      - task: gen
        vars: { MODE: { ref: .MODE } }
    cmds: ["echo build"]
  plain:
    run: once
    cmds: ["echo plain"]
  all:
    deps: [plain]
    cmds: [{ task: build }, { task: build }]
`,
  });
  await project.zr("init", "--from-task").expect({
    stderr:
      "created zr.toml\n" +
      "Taskfile.yml:6: approximated: gen.run: each call of a task by a command has it run again; as a dependency it runs once\n" +
      "converted 4 of 4 tasks of Taskfile.yml (1 approximated)\n",
  });
  await project.zr("run", "build", "--raw").expect({ stdout: "gen own\nbuild\n", stderr: QUIET });
});

test("a line without an end in a mise file is told in words", async () => {
  await using project = await makeProject({
    "mise.toml": `[tasks.a]\nrun = "${"x ".repeat(1_000_000)}"\n`,
    "deep.toml": `[tasks.a]\nrun = ${"[".repeat(100_000)}`,
  });
  await project.zr("init", "--from-mise").expect({
    code: 2,
    stderr:
      "error[E481]: can't convert mise.toml: it has a value that is too long, or too deep, for its place to be found\n",
  });
  await project.zr("init", "--from-mise", "--source", "deep.toml").expect({
    code: 2,
    stderr:
      "error[E481]: can't convert deep.toml: its tables and arrays lie more than 200 deep in each other\n",
  });
});
