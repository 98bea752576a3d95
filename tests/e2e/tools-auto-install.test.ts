import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "#tests/support/deadline";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { archivePath, ToolSite } from "#tests/support/tool-site";

const VERSION = "20.11.1";

let site: ToolSite;
let project: Project;

beforeEach(async () => {
  site = new ToolSite();
  site.publish(VERSION);
  project = await makeProject(
    { "zr.toml": '[tools]\nnode = "20"\n[tasks.v]\ncmd = "node --version"\n' },
    { env: { ...site.variables, ZR_DOWNLOAD_TIMEOUT: "1m" } },
  );
});

afterEach(async () => {
  site[Symbol.dispose]();
  await project[Symbol.asyncDispose]();
});

const installed = (): readonly string[] => {
  const folder = join(project.folders.data, "zr", "tools", "node");
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** From now on the archive is begun and never ends. */
const stall = (): void =>
  site.answer(
    archivePath(VERSION),
    () => new Response(new ReadableStream({ pull: () => new Promise<void>(() => undefined) })),
  );

const archiveIsAskedFor = (): Promise<unknown> =>
  until(
    () => site.asked.includes(archivePath(VERSION)),
    "the archive to be asked for",
    () => project.transcript(),
  );

describe("an interruption while missing tools are installed", () => {
  test.each([
    ["SIGINT", ["run", "v", "--yes"]],
    ["SIGTERM", ["run", "v", "--yes"]],
    ["SIGINT", ["exec", "--yes", "--", "node"]],
  ] as const)("by %s ends zr %p with exit code 130, and the next try works", async (signal, words) => {
    stall();
    const run = project.zr(...words);
    await archiveIsAskedFor();
    run.kill(signal);
    await run.expect({
      code: 130,
      stderr: /^error\[E426\]: the installation of node 20 was interrupted\n/m,
    });
    expect(installed()).toEqual([]);
    site.publish(VERSION);
    await project.zr("run", "v", "--yes").expect({ stdout: `v${VERSION}\n`, stderr: anything });
  });

  test("by Ctrl-C on a terminal is the same, and so it is at the question whether to install", async () => {
    stall();
    const asked = await project.terminal({}, "run", "v");
    await asked.waitForScreen("[y/N]");
    asked.type("\u0003");
    const { code, signal } = await asked.exited;
    expect(code === 130 || signal === "SIGINT").toBe(true);
    expect(site.asked).toEqual([]);
    const terminal = await project.terminal({}, "run", "v");
    await terminal.waitForScreen("[y/N]");
    terminal.type("y\r");
    await archiveIsAskedFor();
    terminal.type("\u0003");
    expect((await terminal.exited).code).toBe(130);
    expect(installed()).toEqual([]);
  });
});
