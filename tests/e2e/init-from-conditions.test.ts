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

const FORTY = Array.from({ length: 40 }, (_, index) => index);

test("forty conditions that have nothing to do with each other are all taken over", async () => {
  await using project = await makeProject({
    Makefile: FORTY.map(
      (n) => `ifdef A${n}\nX${n} := on${n}\nelse\nX${n} := off${n}\nendif\nt${n}:\n\t@echo $(X${n})\n`,
    ).join(""),
  });
  const made = await project.zr("init", "--from-make", "--strict").expect({ stderr: QUIET });
  expect(made.stderr).toEndWith("\nconverted 40 of 40 tasks of Makefile\n");
  await project
    .zrWith({ env: { A0: "1", A39: "1" } }, "run", "t0", "t20", "t39", "--raw", "--jobs", "1")
    .expect({ stdout: "on0\noff20\non39\n", stderr: QUIET });
});

test("forty conditions in one recipe each have their step, and those not looked at in all combinations are told", async () => {
  await using project = await makeProject({
    Makefile: `all:\n\t@echo start\n${FORTY.map((n) => `ifdef A${n}\n\t@echo on${n}\nendif\n`).join("")}`,
  });
  const made = await project.zr("init", "--from-make").expect({ stderr: QUIET });
  const told = [
    ...made.stderr.matchAll(/^Makefile:(\d+): approximated: ifdef A(\d+): too many conditions /gm),
  ];
  expect(told.length).toBeGreaterThan(20);
  for (const [, line, n] of told) expect(Number(line)).toBe(3 * Number(n) + 3);
  expect(made.stderr).toEndWith(`\nconverted 1 of 1 task of Makefile (${told.length} approximated)\n`);
  const output = async (...set: readonly number[]): Promise<string> => {
    const env = Object.fromEntries(set.map((n) => [`A${n}`, "1"]));
    return (await project.zrWith({ env }, "run", "all", "--raw").expect({ stdout: QUIET, stderr: QUIET }))
      .stdout;
  };
  expect(await output()).toBe("start\n");
  expect(await output(3, 17, 39)).toBe("start\non3\non17\non39\n");
  expect(await output(...FORTY)).toBe(`start\n${FORTY.map((n) => `on${n}\n`).join("")}`);
  await project.zr("init", "--from-make", "--force", "--strict").expect({ code: 1, stderr: QUIET });
});

test("a task that too many conditions change fails where one that was not combined is otherwise", async () => {
  const options = FORTY.map((n) => `ifdef A${n}\nFLAGS += -f${n}\nendif\n`).join("");
  await using project = await makeProject({
    Makefile: `FLAGS :=\n${options}all:\n\t@echo cc $(FLAGS)\nother:\n\t@echo other\nhalf:\n\t@echo cc $(FLAGS)\n\t$(guile x)\n`,
  });
  const made = await project.zr("init", "--from-make").expect({ code: 1, stderr: QUIET });
  const told = [
    ...made.stderr.matchAll(
      /^Makefile:(\d+): approximated: ifdef A(\d+): too many conditions have to do with each other: all and half are as where nothing is set, and fail where this one is otherwise$/gm,
    ),
  ].map(([, line, n]) => ({ line, n: Number(n) }));
  const free = FORTY.filter((one) => told.every(({ n }) => n !== one));
  const [first = -1, second = -1] = free;
  expect(free.length).toBeGreaterThanOrEqual(4);
  expect(told.length).toBe(40 - free.length);
  const run = (set: readonly number[], task: string): ReturnType<typeof project.zrWith> =>
    project.zrWith({ env: Object.fromEntries(set.map((n) => [`A${n}`, "1"])) }, "run", task, "--raw");
  await run([], "all").expect({ stdout: "cc\n", stderr: QUIET });
  await run([first], "half").expect({ code: 1, stdout: `cc -f${first}\n`, stderr: QUIET });
  await run([first, second], "all").expect({ stdout: `cc -f${first} -f${second}\n`, stderr: QUIET });
  for (const { line, n } of [told[0], told.at(-1)].flatMap((one) => (one === undefined ? [] : [one]))) {
    const failed = await run([first, n], "all").expect({ code: 1, stdout: "", stderr: QUIET });
    expect(failed.stderr).toContain(`not converted: Makefile:${line}`);
    await run([n], "half").expect({ code: 1, stdout: "", stderr: QUIET });
    await run([n], "other").expect({ stdout: "other\n", stderr: QUIET });
  }
});

test("a check of a Makefile whether words are among others stops where they are", async () => {
  await using project = await makeProject({
    Makefile: `TAGS ?=
STATIC ?=
CGO := 0
ifneq (,$(findstring mattn,$(TAGS))$(findstring pam,$(TAGS)))
CGO := 1
endif
ifneq ($(and $(STATIC),$(or $(findstring pam,$(TAGS)),$(FORCE))),)
$(error no static pam)
endif
all:
	@echo cgo $(CGO)
`,
  });
  const made = await project.zr("init", "--from-make", "--strict").expect({ stderr: QUIET });
  expect(made.stderr).toEndWith("\nconverted 1 of 1 task of Makefile\n");
  const run = (env: Readonly<Record<string, string>>): ReturnType<typeof project.zrWith> =>
    project.zrWith({ env }, "run", "all", "--raw");
  await run({}).expect({ stdout: "cgo 0\n", stderr: QUIET });
  await run({ STATIC: "1" }).expect({ stdout: "cgo 0\n", stderr: QUIET });
  await run({ TAGS: "a pam b" }).expect({ stdout: "cgo 1\n", stderr: QUIET });
  await run({ TAGS: "xmattn" }).expect({ stdout: "cgo 1\n", stderr: QUIET });
  for (const env of [
    { STATIC: "1", TAGS: "pam" },
    { STATIC: "1", FORCE: "1" },
  ]) {
    const failed = await run(env).expect({ code: 1, stdout: "", stderr: QUIET });
    expect(failed.stderr).toContain("no static pam\n");
  }
});
