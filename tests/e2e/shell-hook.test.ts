import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { openTerminal } from "#tests/support/terminal";
import { ToolSite } from "#tests/support/tool-site";
import { testUnless, without } from "#tests/support/left-out";

const VERSION = "20.11.1";

let site: ToolSite;
let project: Project;

beforeEach(async () => {
  site = new ToolSite();
  site.publish(VERSION);
  project = await makeProject(
    {
      "zr.toml":
        '[workspace]\nmembers = ["sub"]\n[tools]\nnode = "20"\n[env]\nMODE = "it\'s $HOME"\nGONE = false\n',
      "sub/zr.toml": '[env]\nPART = "sub"\n',
    },
    { env: { ...site.variables, ZR_DATA: "", GONE: "here" } },
  );
});

afterEach(async () => {
  site[Symbol.dispose]();
  await project[Symbol.asyncDispose]();
});

/** How a shell is started without the user's files, takes the hook, and shows its prompt. */
interface ShellUse {
  readonly argv: readonly string[];
  readonly hook: (zr: string) => string;
  readonly prompt: string;
}

const SHELLS: Readonly<Record<string, ShellUse>> = {
  bash: {
    argv: ["bash", "--norc", "--noprofile"],
    hook: (zr) => `eval "$('${zr}' hook bash)"`,
    prompt: 'eval "$PROMPT_COMMAND"',
  },
  zsh: {
    argv: ["zsh", "-f"],
    hook: (zr) => `eval "$('${zr}' hook zsh)"`,
    prompt: "for f in $precmd_functions; do $f; done",
  },
  fish: {
    argv: ["fish", "--no-config"],
    hook: (zr) => `'${zr}' hook fish | source`,
    prompt: "emit fish_prompt",
  },
};

/** Runs lines in a shell with the hook, with a prompt after each; gives what they print. */
async function inShell(name: string, lines: readonly string[]): Promise<string> {
  const use = SHELLS[name];
  const [zr] = await ensureBinary();
  if (use === undefined || zr === undefined) throw new Error(`no shell ${name}`);
  const script = [use.hook(zr), use.prompt, ...lines.flatMap((line) => [line, use.prompt])].join("\n");
  const child = Bun.spawn([...use.argv, "-c", script], {
    cwd: project.home,
    env: project.environment(),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, said] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return project.normalize(`${out}${said}`);
}

describe.each(Object.keys(SHELLS))("in %s", (name) => {
  const NODE = `<data>/zr/tools/node/${VERSION}/bin/node`;

  testUnless(without(name))(
    "a folder that is trusted gives its tools and variables, and takes them back",
    async () => {
      await project.zr("tools", "install").expect({ stderr: `installed node ${VERSION}\n` });
      await project.zr("trust").expect({ stdout: "trusted sub/zr.toml\ntrusted zr.toml\n" });
      const output = await inShell(name, [
        `echo "[$MODE] $GONE"`,
        `cd ${project.root}`,
        `command -v node; echo "[$MODE] [$GONE] [$PART]"`,
        "cd sub",
        `command -v node; echo "[$MODE] [$PART]"`,
        "cd /",
        `echo "[$MODE] $GONE [$PART]"`,
        `echo $PATH | grep -c ${VERSION}`,
      ]);
      expect(output).toBe(
        ["[] here", NODE, "[it's <home>] [] []", NODE, "[it's <home>] [sub]", "[] here []", "0", ""].join(
          "\n",
        ),
      );
    },
  );

  testUnless(without(name))("a folder that is not trusted is left alone, and that is said once", async () => {
    const output = await inShell(name, [`cd ${project.root}`, `echo "[$MODE]"`, "echo again"]);
    expect(output).toBe("[]\nagain\nzr: zr.toml is not trusted; zr trust lets the hook use it\n");
  });

  testUnless(without(name))("a file that changes after it was trusted has to be trusted anew", async () => {
    await project.zr("trust").expect({ stdout: "trusted sub/zr.toml\ntrusted zr.toml\n" });
    const output = await inShell(name, [
      `cd ${project.root}`,
      `echo "[$MODE]"`,
      `echo 'vars = { x = 1 }' > ${join(project.root, "zr.toml")}`,
      `echo "[$MODE]"`,
    ]);
    expect(output).toBe(
      [
        "[it's <home>]",
        "[]",
        "zr: not installed: node 20; zr tools install does that",
        "zr: zr.toml is not trusted; zr trust lets the hook use it",
        "",
      ].join("\n"),
    );
  });

  testUnless(without(name))("what the user puts on PATH meanwhile stays", async () => {
    await project.zr("tools", "install").expect({ stderr: `installed node ${VERSION}\n` });
    await project.zr("trust").expect({ stdout: "trusted sub/zr.toml\ntrusted zr.toml\n" });
    const add = name === "fish" ? "set -gx PATH /mine $PATH" : "export PATH=/mine:$PATH";
    const output = await inShell(name, [`cd ${project.root}`, add, "cd /", "echo $PATH | grep -c /mine"]);
    expect(output).toBe("1\n");
  });
});

test("what the hook says of a file can't steer the terminal", async () => {
  project.write("zr.toml", 'include = ["\\u001bca.toml"]\n');
  project.write("\u001bca.toml", "");
  const { stderr } = await project.zr("hook", "bash", "--prompt").result();
  expect(stderr).toBe("zr: \\x1bca.toml is not trusted; zr trust lets the hook use it\n");
});

describe.each(Object.keys(SHELLS))("what belongs to the shell, in %s,", (name) => {
  testUnless(without(name))("stays in strict mode, which is about tasks", async () => {
    project.write("zr.toml", '[global]\nenv_mode = "strict"\n[env]\nMODE = "strict"\n');
    await project.zr("trust").expect({ stdout: "trusted zr.toml\n" });
    const show = `sh -c 'echo "[$MODE] [$GONE] $PWD"'`;
    const output = await inShell(name, [`cd ${project.root}`, show, "cd ..", show]);
    expect(output).toBe(`[strict] [here] <root>\n[] [here] ${project.normalize(dirname(project.root))}\n`);
  });

  testUnless(without(name))(
    "is its PATH, in its order, behind folders that put others around it",
    async () => {
      project.write(
        "zr.toml",
        '[workspace]\nmembers = ["sub", "only"]\n[env]\nPATH = "/in/front:$PATH:/behind"\n',
      );
      project.write("only/zr.toml", '[env]\nPATH = "/only:/usr/bin:/bin"\n');
      await project.zr("trust").expect({ stdout: anything });
      const show = `sh -c 'echo "$PATH"'`;
      const output = await inShell(name, [
        show,
        `cd ${project.root}`,
        show,
        "cd sub",
        show,
        "cd ../only",
        show,
        "cd /",
        show,
      ]);
      const [before, inside, deeper, only, after] = output.split("\n");
      expect(inside).toBe(`/in/front:${before}:/behind`);
      expect(deeper).toBe(inside);
      expect(only).toBe("/only:/usr/bin:/bin");
      expect(after).toBe(before);
    },
  );
});

testUnless(without("bash"))(
  "a line that was not right does not end a shell with set -e in Bash",
  async () => {
    const output = await inShell("bash", ["set -e", "! true", "echo here"]);
    expect(output).toBe("here\n");
  },
);

describe.each(Object.entries(SHELLS))("at the prompt of %s", (name, { argv, hook }) => {
  testUnless(without(name))("the hook works by itself", async () => {
    await project.zr("trust").expect({ stdout: "trusted sub/zr.toml\ntrusted zr.toml\n" });
    const [zr = ""] = await ensureBinary();
    const terminal = openTerminal([...argv, "-i"], {
      cols: 120,
      cwd: project.home,
      env: { ...project.environment(), TERM: "xterm", PS1: "$ " },
    });
    try {
      terminal.type(`${hook(zr)}\r`);
      terminal.type(`cd ${project.root}\r`);
      terminal.type('echo "<$MODE>"\r');
      await terminal.waitForScreen(`<it's ${project.home}>`);
      terminal.type("cd /\r");
      terminal.type('echo "<$MODE>gone"\r');
      await terminal.waitForScreen(/^<>gone/m);
      terminal.type("exit\r");
    } finally {
      terminal.close();
    }
  });
});

test("a command of [env] is not run by the hook before its file is trusted", async () => {
  project.write("zr.toml", '[env]\nX = { cmd = "touch ran; echo x" }\n');
  await inShell("bash", [`cd ${project.root}`]);
  expect(project.exists("ran")).toBe(false);
  await project.zr("trust").expect({ stdout: "trusted zr.toml\n" });
  await inShell("bash", [`cd ${project.root}`]);
  expect(project.exists("ran")).toBe(true);
  project.remove("ran");
  await project.zr("untrust").expect();
  await inShell("bash", [`cd ${project.root}`]);
  expect(project.exists("ran")).toBe(false);
});

test("a trusted configuration stays so when its .env or zr.lock changes, and runs nothing of what they say", async () => {
  project.write("zr.toml", '[global]\ndotenv = true\n[tools]\nnode = "20"\n');
  project.write(".env", "MODE=one\n");
  await project.zr("tools", "install").expect({ stderr: anything });
  await project.zr("trust").expect({ stdout: anything, stderr: anything });
  const lock = project.read("zr.lock");
  const said = await inShell("bash", [
    `cd '${project.home}/../project'`,
    'echo "mode $MODE $(command -v node)"',
    `printf 'MODE=two$(touch ran)\\nLOUD=\`touch ran\`\\n' > .env`,
    'echo "mode $MODE"',
    "sed -i 's/^version = .*20.*/version = \"20.0.0\"/' zr.lock",
    'echo "node $(command -v node || echo none)"',
    "echo '# other' >> zr.toml",
    'echo "last ${MODE:-none}"',
  ]);
  expect(said).toContain(`mode one <data>/zr/tools/node/${VERSION}/bin/node\n`);
  expect(said).toContain("mode two$(touch ran)\n");
  expect(said).toContain("not installed: node 20.0.0");
  expect(said).toContain("zr.toml is not trusted");
  expect(said).toContain("last none\n");
  expect(existsSync(project.path("ran"))).toBe(false);
  expect(lock).toContain(VERSION);
  expect(site.asked.filter((path) => path.includes("20.0.0"))).toEqual([]);
});

test("a prompt in a folder that has not changed prints nothing, nor does one outside of all", async () => {
  const outside = await project.zrWith({ cwd: "../home" }, "hook", "bash", "--prompt").result();
  expect(outside.stdout).toBe("");
  const first = await project.zr("hook", "bash", "--prompt").result();
  const state = /ZR_HOOK='([^']+)'/.exec(first.stdout)?.[1] ?? "";
  expect(state).not.toBe("");
  const again = await project.zrWith({ env: { ZR_HOOK: state } }, "hook", "bash", "--prompt").result();
  expect(`${again.stdout}${again.stderr}`).toBe("");
});

test("a state that is none is taken for the first prompt", async () => {
  const run = await project
    .zrWith({ env: { ZR_HOOK: "$(touch ran)'x" } }, "hook", "bash", "--prompt")
    .result();
  expect(run.code).toBe(0);
  expect(run.stdout).toStartWith("export ZR_HOOK='");
});

test("a shell that has no hook is said, with the nearest one", async () => {
  await project.zr("hook", "fisch").expect({ code: 2, stderr: /did you mean 'fish'/ });
});

test("zr shell is the user's shell with tools and variables", async () => {
  await project.zr("tools", "install").expect({ stderr: `installed node ${VERSION}\n` });
  await project
    .zrWith({ env: { SHELL: "/bin/sh" }, stdin: "node; echo $MODE $ZR_SHELL\nexit 3\n" }, "shell")
    .expect({ code: 3, stdout: `v${VERSION}\nit's <home> 1\n` });
});
