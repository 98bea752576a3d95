import { afterEach, expect, test } from "bun:test";
import { isAlive, processGroupOf } from "./processes";
import { makeProject } from "./project";
import { cmd } from "./scripted-command";

/** A stand-in for zr: the shell runs the file `main.sh` of the project. */
const shell = { program: ["sh", "main.sh"] };

afterEach(() => {
  delete process.env["ZR_TEST_TIMEOUT"];
});

test("a scripted command prints and exits as the test says, in order", async () => {
  await using project = await makeProject(
    { "main.sh": `${cmd("build")} --fast 'a b'; echo "code $?"` },
    shell,
  );
  const run = project.zr();
  const build = await project.command("build").started();
  build.print("compiling\n");
  build.print("careful\n", "stderr");
  build.print(new Uint8Array([0x6f, 0x6b, 0x0a]));
  build.exit(7);
  await run.expect({ stdout: "compiling\nok\ncode 7\n", stderr: "careful\n" });
  expect(build.args).toEqual(["--fast", "a b"]);
  expect(build.cwd).toBe(project.root);
  expect(build.env["HOME"]).toBe(project.home);
  expect(build.terminals).toEqual([false, false, false]);
});

test("starts of one name are claimed in their order and counted", async () => {
  await using project = await makeProject({ "main.sh": `${cmd("a")} 1; ${cmd("a")} 2; ${cmd("b")}` }, shell);
  const run = project.zr();
  expect(project.command("a").count).toBe(0);
  const first = await project.command("a").started();
  const second = project.command("a").started();
  await first.exit();
  expect((await second).args).toEqual(["2"]);
  expect(project.command("a").count).toBe(2);
  await (await second).exit();
  await (await project.command("b").started()).exit(1);
  await run.expect({ code: 1 });
});

test("a signal is reported and then kills as it would any program", async () => {
  await using project = await makeProject({ "main.sh": `exec ${cmd("serve")}` }, shell);
  const run = project.zr();
  const serve = await project.command("serve").started();
  run.kill("SIGTERM");
  await serve.signalled("SIGTERM");
  await serve.closed;
  expect(isAlive(serve.pid)).toBe(false);
  await run.expect({ signal: "SIGTERM" });
});

test("a trapped signal is reported and survived", async () => {
  await using project = await makeProject({ "main.sh": `exec ${cmd("serve")}` }, shell);
  const run = project.zr();
  const serve = await project.command("serve").started();
  await serve.trap("SIGTERM", "SIGINT");
  run.kill("SIGTERM");
  await serve.signalled("SIGTERM");
  run.kill("SIGINT");
  await serve.signalled("SIGINT");
  expect(serve.signals).toEqual(["SIGTERM", "SIGINT"]);
  serve.print("still here\n");
  serve.killSelf();
  await run.expect({ signal: "SIGKILL", stdout: /^(still here\n)?$/ });
});

test("a grandchild survives SIGTERM and holds its parent's output open", async () => {
  await using project = await makeProject({ "main.sh": `${cmd("build")}; echo done` }, shell);
  const run = project.zr();
  const build = await project.command("build").started();
  const grandchild = await build.fork();
  await build.exit();
  await run.waitForOutput("done");
  expect(await run.exited).toBe(0);
  process.kill(grandchild.pid, "SIGTERM");
  await grandchild.signalled("SIGTERM");
  await grandchild.print("from below\n");
  await grandchild.exit();
  await run.expect({ stdout: "done\nfrom below\n" });
});

test("a grandchild can leave the output and the process group", async () => {
  await using project = await makeProject({ "main.sh": cmd("build") }, shell);
  const run = project.zr();
  const build = await project.command("build").started();
  const grandchild = await build.fork({ holdsOutput: false, detached: true, survives: [] });
  expect(processGroupOf(grandchild.pid)).toBe(grandchild.pid);
  expect(processGroupOf(build.pid)).not.toBe(grandchild.pid);
  await build.exit();
  await run.expect();
  expect(isAlive(grandchild.pid)).toBe(true);
});

test("a flood arrives whole, in lines or in one", async () => {
  await using project = await makeProject({ "main.sh": cmd("build") }, shell);
  const run = project.zr();
  const build = await project.command("build").started();
  await build.flood(640_000);
  await build.flood(100_000, { stream: "stderr", lines: false });
  await build.exit();
  const { stdout, stderr } = await run.result();
  expect(stdout).toBe(`${"x".repeat(63)}\n`.repeat(10_000));
  expect(stderr).toBe("x".repeat(100_000));
});

test("a closed stdout ends for the reader while the command goes on", async () => {
  await using project = await makeProject({ "main.sh": `${cmd("build")} | { cat; echo end >&2; }` }, shell);
  const run = project.zr();
  const build = await project.command("build").started();
  build.print("last words\n");
  await build.closeStdout();
  await run.waitForOutput("end\n", "stderr");
  expect(isAlive(build.pid)).toBe(true);
  await build.exit();
  await run.expect({ stdout: "last words\n", stderr: "end\n" });
});

test("a command reads its stdin by lines and to the end", async () => {
  await using project = await makeProject({ "main.sh": `exec ${cmd("ask")}` }, shell);
  const run = project.zrWith({ stdin: null });
  const ask = await project.command("ask").started();
  run.write("yes\nno\n");
  expect(await ask.readLine()).toBe("yes\n");
  run.write("maybe");
  run.endStdin();
  expect(await ask.readStdin()).toBe("no\nmaybe");
  await ask.exit();
  await run.expect();
});

test("a scripted tool is found on PATH by its own name", async () => {
  await using project = await makeProject({ "main.sh": "cargo build --release" }, shell);
  const cargo = project.tool("cargo");
  const run = project.zr();
  const started = await cargo.started();
  expect(started.args).toEqual(["build", "--release"]);
  await started.exit(2);
  await run.expect({ code: 2 });
});

test("a wait that takes too long says what for and shows the run", async () => {
  await using project = await makeProject({ "main.sh": `echo working; ${cmd("other")}` }, shell);
  const run = project.zr();
  await project.command("other").started();
  process.env["ZR_TEST_TIMEOUT"] = "30";
  const message = await project
    .command("build")
    .started()
    .then(
      () => "",
      (error: Error) => error.message,
    );
  expect(project.normalize(message)).toBe(
    [
      `waited <time> for the start of "build"`.replace("<time>", "30 ms"),
      `$ sh main.sh   (running, pid <pid>, in <root>)`,
      "--- stdout, still open",
      "working",
      "--- stderr (empty, still open)",
      "--- scripted commands",
      "other: started 1, of these unclaimed 0",
      "--- folder <root> (ZR_TEST_KEEP=1 keeps it)",
    ].join("\n"),
  );
  expect(run.hasExited).toBe(false);
});

test("waiting for a start fails at once when the program has failed", async () => {
  await using project = await makeProject({ "main.sh": "echo bad config >&2; exit 2" }, shell);
  const build = project.command("build").started();
  await project.zr().result();
  await expect(build).rejects.toThrow('"build" was not started: the program exited with 2');
});

test("telling a child that is gone fails for those who await it and is quiet otherwise", async () => {
  await using project = await makeProject({ "main.sh": cmd("build") }, shell);
  project.zr();
  const build = await project.command("build").started();
  await build.killSelf();
  build.print("nobody waits for this");
  await expect(build.print("somebody does")).rejects.toThrow("ended before it could print");
  await expect(build.signalled("SIGTERM")).rejects.toThrow("ended without getting SIGTERM");
});
