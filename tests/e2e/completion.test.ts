import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync } from "node:fs";
import { ensureBinary } from "#tests/support/binary";
import { withDeadline } from "#tests/support/deadline";
import { anything } from "#tests/support/run";
import { makeProject, type Project } from "#tests/support/project";
import { describeUnless, without } from "#tests/support/left-out";

const FILES = {
  "zr.toml": `
    [workspace]
    members = ["api"]
    [alias]
    b = "run build"
    [profiles.ci]
    [workflows.release]
    stages = [{ name = "check", tasks = ["build"] }, { name = "ship", tasks = ["deploy"] }]
    [tasks.build]
    description = "Build the program"
    tags = ["slow"]
    cmd = "true"
    [tasks._hidden]
    cmd = "true"
    [tasks.deploy]
    cmd = "true"
    args = [{ name = "target", choices = ["prod", "staging"], description = "Where to" }]
  `,
  "api/zr.toml": `
    [tasks.test]
    cmd = "true"
  `,
  "notes.txt": "",
};

/** A project with zr as a program of its own in \`bin\`, which shells can call by its path. */
async function completionProject(): Promise<Project> {
  const project = await makeProject(FILES);
  const words = (await ensureBinary()).map((word) => `'${word}'`).join(" ");
  project.write("bin/zr", `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(project.path("bin/zr"), 0o755);
  return project;
}

/** The same with a run in its history and a tool that is not installed. */
async function dynamicProject(): Promise<Project> {
  const project = await completionProject();
  await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
  project.write("zr.local.toml", '[tools]\nnode = "22"\n');
  return project;
}

const RUN_ID = /^\d{8}-\d{6}-\w{4}$/;

/** Command lines that end where a name of the workspace belongs, and the names. */
const DYNAMIC: readonly (readonly [line: string, words: readonly string[]])[] = [
  ["zr run --profile ", ["ci"]],
  ["zr -p ", ["ci"]],
  ["zr list --package ", ["project", "api"]],
  ["zr list --tags ", ["slow"]],
  ["zr run --tag ", ["slow"]],
  ["zr workspace info a", ["api"]],
  ["zr workflow rel", ["release"]],
  ["zr workflow release --from ", ["check", "ship"]],
  ["zr graph --format me", ["mermaid"]],
  ["zr history --status fa", ["failed"]],
  ["zr history --task bui", ["build"]],
  ["zr show api", ["api:test"]],
  ["zr watch bui", ["build"]],
  ["zr cache audit bui", ["build"]],
  ["zr tools install no", ["node"]],
  ["zr alias remove ", ["b"]],
  ["zr completion unin", ["uninstall"]],
  ["zr ai --lang k", ["ko"]],
  ["zr deploy --target=p", ["--target=prod"]],
];

const firstWords = (lines: readonly string[]): string[] =>
  lines.map((line) => line.split(/\t| {2}-- /)[0] ?? "");

/** The lines that a script prints, run by a shell in the project with zr in front of the PATH. */
async function linesOf(
  project: Project,
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<string[]> {
  const environment = project.environment(env);
  const child = Bun.spawn([...command], {
    cwd: project.root,
    env: { ...environment, PATH: `${project.path("bin")}:${environment["PATH"]}` },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const ended = Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  const [out, problems] = await withDeadline(ended, `${command[0]} to end`, () => command.join(" "));
  expect(problems).toBe("");
  return out.split("\n").filter((line) => line !== "");
}

describe("zr complete", () => {
  test("candidates come a line each, with what they do behind a tab", async () => {
    await using project = await completionProject();
    const { stdout } = await project
      .zr("complete", "--", "")
      .expect({ stdout: /\nbuild\tBuild the program\n[^]*\napi:test\nb\tzr run build\n/ });
    expect(stdout).not.toContain("_hidden");
  });

  test("parameters and choices of a task follow its name", async () => {
    await using project = await completionProject();
    await project.zr("complete", "--", "run", "deploy", "").expect({ stdout: "prod\nstaging\n" });
    await project
      .zr("complete", "--shell", "bash", "--", "deploy", "--tar")
      .expect({ stdout: "--target=\tWhere to\n" });
    await project.zr("complete", "--", "run", "--profile", "").expect({ stdout: "ci\n" });
  });

  test("the options of the line that is being written say which tasks there are", async () => {
    await using project = await completionProject();
    await project
      .zr("complete", "--shell", "bash", "--", "-C", "api", "run", "t")
      .expect({ stdout: "test\n" });
  });

  test("a broken configuration and none leave commands and options, and it exits with 0", async () => {
    await using project = await makeProject({ "broken/zr.toml": "[tasks", "none.txt": "" });
    for (const cwd of ["broken", "."]) {
      const { stdout } = await project.zrWith({ cwd }, "complete", "--", "").expect({ stdout: /^run\t/ });
      expect(stdout).toContain("\nlist\t");
      await project.zrWith({ cwd }, "complete", "--", "list", "--").expect({ stdout: /--jobs\t/ });
      await project.zrWith({ cwd }, "complete", "--", "run", "").expect({ stdout: "" });
    }
  });

  test("a name that leads nowhere keeps nobody from completing the others", async () => {
    await using project = await makeProject({ "zr.toml": '[tasks.build]\ncmd = "true"\ndeps = ["lnit"]\n' });
    await project.zr("complete", "--", "run", "").expect({ stdout: "build\n" });
  });

  test("the index of the current word stands for an empty one that the shell has dropped", async () => {
    await using project = await completionProject();
    await project
      .zr("complete", "--shell", "pwsh", "--index", "2", "--", "run", "deploy")
      .expect({ stdout: "prod\nstaging\n" });
  });
});

describeUnless(without("bash"))("in Bash", () => {
  /** What Bash would offer for words that it has cut itself. */
  const offers = (project: Project, words: readonly string[], line: string): Promise<string[]> =>
    linesOf(project, [
      "bash",
      "--norc",
      "-c",
      `source <(zr completion bash); complete -p zr >/dev/null || exit 1
       COMP_LINE="$1"; COMP_POINT=\${#1}; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _zr; printf '%s\\n' "\${COMPREPLY[@]}"`,
      "bash",
      line,
      ...words,
    ]);

  test("commands and tasks are offered by their beginning", async () => {
    await using project = await completionProject();
    expect(await offers(project, ["zr", "bui"], "zr bui")).toEqual(["build"]);
    expect(await offers(project, ["zr", "run", "deploy", ""], "zr run deploy ")).toEqual(["prod", "staging"]);
    expect(await offers(project, ["zr", "run", "--key"], "zr run --key")).toEqual([]);
  });

  test("words that Bash cuts at colons and equals signs are put together again", async () => {
    await using project = await completionProject();
    expect(await offers(project, ["zr", "run", "api", ":", "te"], "zr run api:te")).toEqual(["test"]);
    expect(await offers(project, ["zr", "run", "api", ":"], "zr run api:")).toEqual(["test"]);
    expect(await offers(project, ["zr", "deploy", "--target", "=", "p"], "zr deploy --target=p")).toEqual([
      "prod",
    ]);
    expect(await offers(project, ["zr", "deploy", "--target", "="], "zr deploy --target=")).toEqual([
      "prod",
      "staging",
    ]);
  });

  test("names of the workspace and its history are offered", async () => {
    await using project = await dynamicProject();
    for (const [line, wanted] of DYNAMIC) {
      const words = line
        .split(" ")
        .flatMap((word) => word.split(/(=)/))
        .filter((word, at, all) => word !== "" || at === all.length - 1);
      const cut = wanted.map((word) => word.replace(/^.*=/, ""));
      expect(await offers(project, words, line)).toEqual(cut);
    }
    expect((await offers(project, ["zr", "logs", ""], "zr logs "))[1]).toMatch(RUN_ID);
  });

  test("paths are offered where an option takes one", async () => {
    await using project = await completionProject();
    expect(await offers(project, ["zr", "--config", "no"], "zr --config no")).toEqual(["notes.txt"]);
    expect(await offers(project, ["zr", "-C", "a"], "zr -C a")).toEqual(["api"]);
  });
});

/** A task whose parameter takes words that a shell reads as something else. */
const ODD_WORDS = {
  "zr.toml": `
    [alias]
    ship = "run deploy"
    ls = "list"
    [tasks.deploy]
    cmd = "true"
    tags = ["very slow"]
    args = [{ name = "target", choices = ["us east", "it's", "$HOME", "a;b", "c:d"] }]
  `,
  "there/zr.toml": '[tasks.far]\ncmd = "true"\n',
  "my dir/zr.toml": '[tasks.near]\ncmd = "true"\n',
};

async function oddProject(): Promise<Project> {
  const project = await completionProject();
  for (const [path, text] of Object.entries(ODD_WORDS)) project.write(path, text);
  return project;
}

test("words with blanks are offered, but not to a shell whose script can't quote", async () => {
  await using project = await oddProject();
  await project.zr("complete", "--", "run", "--tag", "").expect({ stdout: "very slow\n" });
  await project.zr("complete", "--shell", "pwsh", "--", "run", "--tag", "").expect({ stdout: "" });
});

test("behind an alias comes what may stand behind the words that it stands for", async () => {
  await using project = await oddProject();
  await project.zr("complete", "--shell", "bash", "--", "ship", "us").expect({ stdout: "us east\n" });
  const { stdout } = await project.zr("complete", "--", "ls", "--").result();
  expect(stdout).toContain("--tags\t");
  expect(stdout).not.toContain("--keep-going\t");
});

test("the home folder may be written as a shell has it", async () => {
  await using project = await oddProject();
  await project
    .zrWith({ env: { HOME: project.root } }, "complete", "--", "-C", "~/there", "run", "")
    .expect({ stdout: "far\n" });
});

describeUnless(without("bash"))("what Bash puts into the line", () => {
  /** The words of a line that is completed behind its end; quotes are as the user has typed them. */
  const completed = async (project: Project, words: readonly string[]): Promise<string[]> =>
    linesOf(project, [
      "bash",
      "--norc",
      "-c",
      `source <(zr completion bash)
       COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _zr; printf '%s\\n' "\${COMPREPLY[@]}"`,
      "bash",
      ...words,
    ]);

  test("is quoted as the word is that was begun", async () => {
    await using project = await oddProject();
    const behind = (word: string): Promise<string[]> => completed(project, ["zr", "run", "deploy", word]);
    expect(await behind("")).toEqual(["us\\ east", "it\\'s", "\\$HOME", "a\\;b", "c:d"]);
    expect(await behind("it\\'")).toEqual(["it\\'s"]);
    expect(await behind("us\\ ")).toEqual(["us\\ east"]);
    expect(await behind("'it")).toEqual(["it'\\''s"]);
    expect(await behind('"it')).toEqual(["it's"]);
    expect(await behind('"$H')).toEqual(["\\$HOME"]);
    expect(await behind("'c:")).toEqual(["c:d"]);
    expect(await completed(project, ["zr", "run", '--tag="ver'])).toEqual(["very slow"]);
  });

  test("is found for a program and folders that are written with quotes or the home folder", async () => {
    await using project = await oddProject();
    expect(await completed(project, ["zr", "-C", '"my dir"', "run", "ne"])).toEqual(["near"]);
    expect(await completed(project, ["zr", "-C", "my\\ dir", "run", "ne"])).toEqual(["near"]);
    const home = `HOME=${project.root}; source <(zr completion bash); COMP_LINE="~/bin/zr run dep"; COMP_POINT=16; COMP_WORDS=("~/bin/zr" run dep); COMP_CWORD=2; _zr; echo "$COMPREPLY"`;
    expect(await linesOf(project, ["bash", "--norc", "-c", home])).toEqual(["deploy"]);
  });

  test("is a file also where its name has a colon", async () => {
    await using project = await oddProject();
    project.write("a:b.txt", "");
    const line =
      'source <(zr completion bash); COMP_LINE="zr --config a:"; COMP_POINT=14; COMP_WORDS=(zr --config a :); COMP_CWORD=3; _zr; printf "%s\\n" "${COMPREPLY[@]}"';
    expect(await linesOf(project, ["bash", "--norc", "-c", line])).toEqual(["b.txt"]);
  });
});

describeUnless(without("fish"))("what fish finds below the home folder", () => {
  test("is tasks by a program there, and files", async () => {
    await using project = await oddProject();
    const line = `set -gx HOME ${project.root}; zr completion fish | source; complete -C '~/bin/zr run dep'; complete -C 'zr --config ~/not'`;
    expect(await linesOf(project, ["fish", "--no-config", "-c", line])).toEqual(["deploy", "~/notes.txt"]);
  });
});

describeUnless(without("zsh"))("in Zsh", () => {
  /** What the function hands to Zsh, with its own functions replaced by ones that print. */
  const offers = (project: Project, ...words: readonly string[]): Promise<string[]> =>
    linesOf(project, [
      "zsh",
      "-f",
      "-c",
      `compdef() { : }
       compadd() { local -a shown; local at; for ((at = 1; at <= $#; at++)); do
         [[ $argv[at] == -d ]] && shown=("\${(@P)argv[at+1]}"); done; print -rl -- "\${(@P)argv[-1]}" "$shown[@]" }
       compset() { print -r -- "compset $*" }
       _files() { print -r -- "files $*" }
       source <(zr completion zsh)
       words=("$@"); CURRENT=$#; _zr`,
      "zsh",
      ...words,
    ]);

  test("tasks are offered with their descriptions", async () => {
    await using project = await completionProject();
    const lines = await offers(project, "zr", "");
    expect(lines).toContain("fmt");
    expect(lines).toContain("build");
    expect(lines).toContain("build  -- Build the program");
    expect(lines).toContain("api:test");
  });

  test("choices of parameters follow the task, and their names want no blank behind them", async () => {
    await using project = await completionProject();
    expect(await offers(project, "zr", "run", "deploy", "")).toEqual(["prod", "staging", "prod", "staging"]);
    expect(await offers(project, "zr", "deploy", "--")).toContain("--target=  -- Where to");
  });

  test("names of the workspace and its history are offered", async () => {
    await using project = await dynamicProject();
    for (const [line, wanted] of DYNAMIC) {
      const found = firstWords(await offers(project, ...line.split(" ")));
      for (const word of wanted) expect(found).toContain(word);
    }
    expect((await offers(project, "zr", "logs", "")).some((word) => RUN_ID.test(word))).toBe(true);
  });

  test("paths are left to Zsh, behind an equals sign too", async () => {
    await using project = await completionProject();
    expect(await offers(project, "zr", "-C", "")).toEqual(["files -/"]);
    expect(await offers(project, "zr", "--config=n")).toEqual(["compset -P *=", "files "]);
  });

  test("a line that is being typed is completed by it", async () => {
    await using project = await completionProject();
    project.write("site/_zr", (await project.zr("completion", "zsh").result()).stdout);
    const script = `zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell 'PS1=; fpath=(site $fpath); autoload -Uz compinit; compinit -u -D; print RE""ADY'
      zpty -r -m shell seen '*READY*'
      zpty -n -w shell $'zr run dep\\t'
      zpty -r -m shell seen '*run deploy*'
      zpty -n -w shell $'pr\\t'
      zpty -r -m shell seen '*p*r*o*d*'
      print completed`;
    expect(await linesOf(project, ["zsh", "-f", "-c", script], { TERM: "xterm" })).toEqual(["completed"]);
  });
});

describeUnless(without("fish"))("in fish", () => {
  const offers = (project: Project, line: string): Promise<string[]> =>
    linesOf(project, ["fish", "--no-config", "-c", `zr completion fish | source; complete -C '${line}'`]);

  test("commands, tasks and their descriptions are offered", async () => {
    await using project = await completionProject();
    expect(await offers(project, "zr buil")).toEqual(["build\tBuild the program"]);
    expect(await offers(project, "zr run api")).toEqual(["api:test"]);
    expect(await offers(project, "zr run deploy ")).toEqual(["prod", "staging"]);
    expect(await offers(project, "zr list --js")).toEqual(["--json\tShort for --format json"]);
  });

  test("it finds by itself what install has written, and nothing after uninstall", async () => {
    await using project = await completionProject();
    const ask = (): Promise<string[]> => linesOf(project, ["fish", "-c", "complete -C 'zr buil'"]);
    await project.zr("completion", "install", "fish").expect({ stderr: anything });
    expect(await ask()).toEqual(["build\tBuild the program"]);
    await project.zr("completion", "uninstall", "fish").expect({ stderr: anything });
    expect((await ask()).filter((line) => line.startsWith("build\t"))).toEqual([]);
  });

  test("names of the workspace and its history are offered", async () => {
    await using project = await dynamicProject();
    for (const [line, wanted] of DYNAMIC)
      expect(firstWords(await offers(project, line)).toSorted()).toEqual(wanted.toSorted());
    const [run, last, ...more] = firstWords(await offers(project, "zr logs ")).toSorted();
    expect([last, more]).toEqual(["last", []]);
    expect(run).toMatch(RUN_ID);
  });

  test("paths are left to fish, behind an equals sign too", async () => {
    await using project = await completionProject();
    expect(await offers(project, "zr --config note")).toEqual(["notes.txt"]);
    expect((await offers(project, "zr --config=note")).map((line) => line.split("\t")[0])).toEqual([
      "--config=notes.txt",
    ]);
    expect((await offers(project, "zr -C ap")).map((line) => line.split("\t")[0])).toEqual(["api/"]);
  });
});

describe("zr completion", () => {
  test("install writes the script where the shell looks, once, and says so", async () => {
    await using project = await makeProject({});
    const env = { SHELL: "/usr/bin/fish" };
    await project
      .zrWith({ env }, "completion", "install")
      .expect({ stderr: "fish: wrote <config>/fish/completions/zr.fish\n" });
    await project
      .zrWith({ env }, "completion", "install")
      .expect({ stderr: "fish: is up to date: <config>/fish/completions/zr.fish\n" });
    const { stdout } = await project.zr("completion", "fish").result();
    expect(await Bun.file(`${project.folders.config}/fish/completions/zr.fish`).text()).toBe(stdout);
  });

  test("install tells what is left to do where a shell does not look there by itself", async () => {
    await using project = await makeProject({});
    await project.zr("completion", "install", "zsh").expect({
      stderr:
        "zsh: wrote <data>/zsh/site-functions/_zr\nPut this into ~/.zshrc, above compinit:\n  fpath=(<data>/zsh/site-functions $fpath)\n",
    });
    expect(existsSync(`${project.folders.data}/zsh/site-functions/_zr`)).toBe(true);
  });

  test("uninstall takes away what install has written, and says where a line of one's own is left", async () => {
    await using project = await makeProject({});
    for (const shell of ["bash", "zsh", "fish", "pwsh"]) {
      const { stderr } = await project.zr("completion", "install", shell).expect({ stderr: anything });
      const [, path = ""] = /wrote (.*)/.exec(stderr) ?? [];
      expect(existsSync(path)).toBe(true);
      const gone = await project.zr("completion", "uninstall", shell).expect({ stderr: anything });
      expect(gone.stderr).toStartWith(`${shell}: removed `);
      expect(gone.stderr.includes("Take this out of")).toBe(stderr.includes("Put this into"));
      expect(existsSync(path)).toBe(false);
      await project.zr("completion", "uninstall", shell).expect({ stderr: /^\w+: there is no / });
    }
  });

  test("uninstall leaves a script that is not zr's own", async () => {
    await using project = await makeProject({});
    const path = `${project.folders.config}/fish/completions/zr.fish`;
    await Bun.write(path, "complete -c zr -a mine\n");
    await project
      .zr("completion", "uninstall", "fish")
      .expect({ code: 2, stderr: /E190.*not a script of zr/ });
    expect(existsSync(path)).toBe(true);
  });

  test("an unknown shell is a usage error with a suggestion", async () => {
    await using project = await makeProject({});
    await project.zr("completion", "bahs").expect({ code: 2, stderr: /'bahs'[^]*did you mean 'bash'/ });
    await project.zr("completion").expect({ code: 2, stderr: /needs a shell: bash, zsh, fish, pwsh/ });
    await project
      .zrWith({ env: { SHELL: "/bin/tcsh" } }, "completion", "install")
      .expect({ code: 2, stderr: /'zr completion' needs a shell: bash, zsh, fish, pwsh; not 'tcsh'\n/ });
  });
});
