import { readdirSync, symlinkSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { notOn, testUnless } from "#tests/support/left-out";

/** Why commands can't be watched on this machine; undefined where they can. */
function whyNot(): string | undefined {
  if (process.platform !== "linux") return "commands are watched on Linux only";
  if (Bun.which("strace") === null) return "strace is not installed";
  const { exitCode } = Bun.spawnSync(["strace", "-f", "-o", "/dev/null", "true"], { stderr: "ignore" });
  return exitCode === 0 ? undefined : "processes may not be watched here";
}

const watched = testUnless(whyNot());

const ROOT = `
  [workspace]
  members = ["pkg"]
  [cache]
  local_dir = "//.results"
  [tasks.gen]
  cmd = "mkdir -p gen; echo made > gen/out; echo ran >> gen-log"
  inputs = []
  outputs = ["gen/**"]
  cache = true
`;

const pkg = (keys: string): string => `
  [tasks.build]
  cmd = """
    mkdir -p dist
    cat ../gen/out src/a ../shared/x ../node_modules/m/i > dist/out
    (cd ../shared; read line < 'we[i]rd é')
    echo $USER >> log; echo part > tmp; mv tmp dist/part; echo gone > gone; rm gone
  """
  deps = ["//:gen"]
  cache = true
  ${keys}
`;

const making = (keys: string): Promise<Project> =>
  makeProject({
    "zr.toml": ROOT,
    "pkg/zr.toml": pkg(keys),
    "pkg/src/a": "a\n",
    "shared/x": "x\n",
    "shared/we[i]rd é": "w\n",
    "node_modules/m/i": "i\n",
  });

const USER = { env: { USER: "somebody" } };

watched(
  "what a task reads, writes and names without declaring it is told with the lines to add",
  async () => {
    await using project = await making('inputs = ["src/**"]\n  outputs = ["dist/**"]');
    await project.zrWith(USER, "cache", "audit", "pkg:build").expect({
      code: 1,
      stderr: anything,
      stdout: [
        "pkg:build (pkg/zr.toml:1)",
        "  reads //shared/we[i]rd é, which is not among its inputs",
        "  reads //shared/x, which is not among its inputs",
        "  writes log, which is not among its outputs",
        "  uses $USER, which is not in its key",
        "to be put there:",
        '  inputs = ["src/**", "//shared/we\\\\[i\\\\]rd é", "//shared/x"]',
        '  outputs = ["dist/**", "log"]',
        '  env_inputs = ["USER"]',
        "",
      ].join("\n"),
    });
    expect(readdirSync(project.path(".zr/run"))).toEqual([]);
  },
);

watched("a task with the lines that were told is found to declare everything", async () => {
  await using project = await making('inputs = ["src/**"]\n  outputs = ["dist/**"]');
  const { stdout } = await project
    .zrWith(USER, "cache", "audit", "pkg:build", "--json")
    .expect({ code: 1, stdout: anything, stderr: anything });
  const [found] = JSON.parse(stdout).tasks;
  expect(found).toMatchObject({
    id: "pkg:build",
    place: { file: "pkg/zr.toml", line: 1 },
    state: "success",
    reads: ["//shared/we[i]rd é", "//shared/x"],
    writes: ["log"],
    env: ["USER"],
  });
  project.write("pkg/zr.toml", pkg(found.add.join("\n")));
  await project.zrWith(USER, "cache", "audit", "pkg:build").expect({
    stdout: /^pkg:build \(pkg\/zr\.toml:1\): all is declared \(4 files read, 3 written\)\n$/,
    stderr: anything,
  });
});

watched("what an audited task needs comes from the cache, and the task itself is run", async () => {
  await using project = await making('inputs = ["src/**", "//shared/**"]\n  outputs = ["dist/**", "log"]');
  for (let run = 0; run < 2; run += 1)
    await project
      .zrWith(USER, "cache", "audit", "pkg:build")
      .expect({ code: 1, stdout: anything, stderr: anything });
  expect(project.read("gen-log")).toBe("ran\n");
  expect(project.read("pkg/log")).toBe("somebody\nsomebody\n");
});

watched("a workspace that is reached through a link is watched all the same", async () => {
  await using project = await makeProject({
    "real/zr.toml": '[tasks.a]\ncmd = "cat x"\ninputs = []\n',
    "real/x": "x\n",
  });
  symlinkSync(project.path("real"), project.path("link"));
  await project
    .zr("-C", "link", "cache", "audit", "a")
    .expect({ code: 1, stdout: /^ {2}reads x, which/m, stderr: anything });
});

watched("a secret that a file is called after is not told", async () => {
  await using project = await makeProject({
    "zr.toml":
      '[env]\nKEY = { value = "hunter2hunter2", secret = true }\n[tasks.a]\ncmd = "echo x > $KEY"\ninputs = []\n',
  });
  const { stdout } = await project
    .zr("cache", "audit", "a", "--json")
    .expect({ code: 1, stdout: anything, stderr: anything });
  expect(JSON.parse(stdout).tasks[0].writes).toHaveLength(1);
  expect(stdout).not.toContain("hunter2");
});

watched("a task that fails ends the audit with its code, and what it did until then is told", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks.bad]\ncmd = "cat deep/x; exit 3"\ninputs = []\n',
    "deep/x": "x\n",
  });
  await project.zr("cache", "audit", "bad").expect({
    code: 3,
    stderr: /bad failed: exit code 3/,
    stdout: /reads deep\/x, which.*it did not run to its end \(failed\), so there may be more\n$/s,
  });
});

test("a task without commands of its own can't be audited", async () => {
  await using project = await makeProject({
    "zr.toml": '[tasks.a]\ndeps = ["b"]\n[tasks.b]\ncmd = "true"\n',
  });
  await project
    .zr("cache", "audit", "a")
    .expect({ code: 2, stderr: /E387.*can't audit 'a': it runs no command of its own/s });
  await project.zr("cache", "audit").expect({ code: 2, stderr: /E184.*the name of a task/s });
});

testUnless(notOn("linux"))("without strace it is said how to get it", async () => {
  await using project = await makeProject({ "zr.toml": '[tasks.a]\ncmd = "true"\n' });
  await project
    .zrWith({ env: { PATH: "/nowhere" } }, "cache", "audit", "a")
    .expect({ code: 2, stderr: /E387.*strace is not there; install it \(`apt install strace`/s });
});
