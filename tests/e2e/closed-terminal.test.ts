import { expect, test } from "bun:test";
import { ensureBinary } from "#tests/support/binary";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";

const FILES = {
  "zr.toml": `
    [tasks.server]
    cmd = "${cmd("server")}"
    persistent = true
    ready = { log = "up" }
    finally = "clean"
    [tasks]
    clean = "echo cleaned > cleaned"
    other = "echo other"
  `,
};

test.each([
  [["run", "server"]],
  [["run", "server", "other"]],
  [["watch", "server"]],
  [["watch", "server", "other"]],
])("a closed terminal ends what runs as its signal does, clean-ups too: zr %p", async (words) => {
  await using project = await makeProject(FILES);
  const terminal = await project.terminal({ cols: 60, rows: 20 }, ...words);
  const server = await project.command("server").started();
  await server.trap("SIGTERM");
  server.print("up\n");
  await terminal.waitForScreen(words[0] === "watch" ? "watching" : "ready");
  terminal.hangUp();
  await server.signalled("SIGTERM");
  server.exit(0);
  expect(await terminal.exited).toEqual({ code: 129, signal: null });
  expect(project.read("cleaned")).toBe("cleaned\n");
  expect(project.processes()).toEqual([]);
});

test("a closed terminal ends the terminal interface as its signal does, and what runs in it, clean-ups too", async () => {
  await using project = await makeProject(FILES);
  const terminal = await project.terminal({ cols: 80, rows: 24 }, "tui", "server");
  await terminal.waitForScreen("server");
  terminal.press("enter");
  const server = await project.command("server").started();
  await server.trap("SIGTERM");
  server.print("up\n");
  await terminal.waitForScreen(/server +up/);
  terminal.hangUp();
  await server.signalled("SIGTERM");
  server.exit(0);
  expect(await terminal.exited).toEqual({ code: 129, signal: null });
  expect(project.read("cleaned")).toBe("cleaned\n");
});

test("a watch that was to go on after Ctrl-Z when its terminal is gone ends in order", async () => {
  await using project = await makeProject(FILES);
  const terminal = await project.terminal({ cols: 60, rows: 20 }, "watch", "server");
  const server = await project.command("server").started();
  await server.trap("SIGTERM");
  server.print("up\n");
  await terminal.waitForScreen("watching");
  terminal.press("ctrl-z");
  // Out of raw mode the terminal itself shows what is typed.
  while (!terminal.raw().includes("x")) {
    terminal.type("x");
    await new Promise((resolve) => setImmediate(resolve));
  }
  terminal.hangUp();
  await server.signalled("SIGTERM");
  terminal.kill("SIGCONT");
  server.exit(0);
  expect(await terminal.exited).toEqual({ code: 129, signal: null });
  expect(project.read("cleaned")).toBe("cleaned\n");
});

test("a watch that can't say what it does stops what runs, cleans up and ends with 2", async () => {
  const [binary = ""] = await ensureBinary();
  await using project = await makeProject(FILES, {
    program: ["sh", "-c", `exec "${binary}" "$@" 2>/dev/full`, "sh"],
  });
  const run = project.zr("watch", "server");
  const server = await project.command("server").started();
  await server.trap("SIGTERM");
  server.print("up\n");
  await server.signalled("SIGTERM");
  server.exit(0);
  await run.expect({ code: 2, stdout: anything });
  expect(project.read("cleaned")).toBe("cleaned\n");
});
