import { expect, test } from "bun:test";
import { makeProject } from "./project";
import { cmd } from "./scripted-command";

/** A stand-in for zr: the shell runs the file `main.sh` of the project. */
const shell = { program: ["sh", "main.sh"] };

test("the screen shows what is left after cursor moves, erasing and wrapping", async () => {
  await using project = await makeProject(
    {
      "main.sh": String.raw`printf '12%%\r100%%\nold\nkept\n\033[2A\033[2K\033[31mnew\033[0m\n\nabcdefghijKL'`,
    },
    shell,
  );
  const terminal = await project.terminal({ cols: 10, rows: 6 });
  expect(await terminal.exited).toEqual({ code: 0, signal: null });
  expect(terminal.screen()).toEqual(["100%", "new", "kept", "abcdefghij", "KL"]);
  expect(terminal.cursor()).toEqual({ row: 4, col: 2 });
});

test("lines that scroll off the top stay in the scrollback", async () => {
  await using project = await makeProject({ "main.sh": "printf '1\\n2\\n3\\n4'" }, shell);
  const terminal = await project.terminal({ cols: 10, rows: 2 });
  await terminal.exited;
  expect(terminal.screen()).toEqual(["3", "4"]);
  expect(terminal.scrollback()).toEqual(["1", "2", "3", "4"]);
});

test("the program sees a terminal of that size, its keys and its new size", async () => {
  await using project = await makeProject(
    { "main.sh": `stty size; trap 'stty size' WINCH; ${cmd("ui")}; ${cmd("ui")}` },
    shell,
  );
  const terminal = await project.terminal({ cols: 40, rows: 12 });
  const ui = await project.command("ui").started();
  expect(ui.terminals).toEqual([true, true, true]);
  await terminal.waitForScreen("12 40");
  terminal.type("hello");
  terminal.press("enter");
  expect(await ui.readLine()).toBe("hello\n");
  terminal.resize(50, 20);
  await ui.exit();
  await terminal.waitForScreen("20 50");
  await (await project.command("ui").started()).exit(3);
  expect(await terminal.exited).toEqual({ code: 3, signal: null });
});

test("Ctrl-C reaches the program in the foreground as SIGINT", async () => {
  await using project = await makeProject({ "main.sh": `exec ${cmd("ui")}` }, shell);
  const terminal = await project.terminal({});
  const ui = await project.command("ui").started();
  terminal.press("ctrl-c");
  await ui.signalled("SIGINT");
  expect(await terminal.exited).toEqual({ code: null, signal: "SIGINT" });
});

test("waiting for a screen that can no longer come fails at once and shows the screen", async () => {
  await using project = await makeProject({ "main.sh": "echo something else" }, shell);
  const terminal = await project.terminal({ cols: 20, rows: 5 });
  await expect(terminal.waitForScreen("never")).rejects.toThrow("|something else      |");
  await terminal.exited;
});
