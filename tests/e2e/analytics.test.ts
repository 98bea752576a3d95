import { chmodSync, mkdirSync } from "node:fs";
import { afterAll, describe, expect, test } from "bun:test";
import { closeBrowser, noChromium, showPage, SIZES } from "#tests/support/browser";
import { until } from "#tests/support/deadline";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { testUnless } from "#tests/support/left-out";

const HOSTILE = `</script><script>alert(1)</script><img src=x onerror=alert(2)><!--`;

const FILES = {
  "zr.toml": `
    [tasks.gen]
    cmd = "cat in.txt > out.txt"
    inputs = ["in.txt"]
    outputs = ["out.txt"]
    cache = true

    [tasks.build]
    cmd = "true"
    deps = ["gen"]

    [tasks.shaky]
    cmd = "test -f tried || { touch tried; exit 7; }"
    retry = 1

    [tasks.broken]
    cmd = "exit 5"
  `,
  "in.txt": "input\n",
};

afterAll(closeBrowser);

interface View {
  readonly totals: Readonly<Record<string, number | null>>;
  readonly runs: readonly Readonly<Record<string, unknown>>[];
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
  readonly failures: readonly Readonly<Record<string, unknown>>[];
  readonly flaky: readonly Readonly<Record<string, unknown>>[];
  readonly inputs: { readonly files: number; readonly slowest: readonly { readonly path: string }[] };
}

async function viewOf(project: Project, ...args: readonly string[]): Promise<View> {
  const { stdout } = await project.zr("analytics", "--json", ...args).expect({ stdout: anything });
  return JSON.parse(stdout) as View;
}

async function runAll(project: Project): Promise<void> {
  for (const words of [["build"], ["build"], ["shaky"], ["broken"], ["broken"]])
    await project.zr("run", ...words).expect({
      code: words[0] === "broken" ? 5 : 0,
      stdout: anything,
      stderr: anything,
    });
}

/** Records of runs whose tasks have such names, as a program that means no good could write them. */
function past(project: Project, names: readonly string[], runs: number): void {
  mkdirSync(project.path(".zr/history/inbox"), { recursive: true });
  for (let number = 0; number < runs; number += 1) {
    const run = `20260101-0000${String(number).padStart(2, "0")}-aaaa`;
    const instances = names.map((id, at) => ({
      id,
      package: "",
      task: id,
      command: "true",
      tags: [],
      outcome:
        number === 1 ? { state: "failed", failure: { kind: "spawn", message: id } } : { state: "success" },
      attempts: number === 2 ? 2 : 1,
      startedAt: 0,
      durationMs: 100 * (number + 1),
      cpuMs: 50,
      peakMemoryBytes: 1_000_000,
      exitCode: 0,
      cacheKey: null,
      ...(at === 0 ? {} : { after: [at - 1] }),
    }));
    const record = {
      v: 1,
      run,
      wallMs: Date.now() - 3_600_000 + number * 60_000,
      durationMs: 1000 * (number + 1),
      zr: "0",
      jobs: 2,
      requested: names,
      invocation: { command: "run", options: [], words: names, extra: [], cwd: project.root },
      labels: {},
      exitCode: number === 1 ? 1 : 0,
      instances,
    };
    project.write(
      `.zr/history/inbox/${run}.run`,
      `${JSON.stringify({ packBytes: 0, run: record })}\n\n#end\n`,
    );
  }
}

describe("zr analytics --json", () => {
  test("tells what runs, tasks, the cache and failures were like", async () => {
    await using project = await makeProject(FILES, { git: true });
    await runAll(project);
    const { totals, runs, tasks, failures, flaky } = await viewOf(project);
    expect(totals).toMatchObject({ runs: 5, succeeded: 3, failed: 2, executed: 6, cached: 1, hitRate: 0.5 });
    expect(runs.map(({ criticalPath }) => criticalPath)).toEqual([
      ["gen", "build"],
      ["build"],
      ["shaky"],
      ["broken"],
      ["broken"],
    ]);
    expect(runs[0]).toMatchObject({ status: "success", requested: ["build"], jobs: 4, executed: 2 });
    const { criticalMs, busyMs, idealMs, durationMs } = runs[0] as Record<string, number>;
    expect(criticalMs).toBeCloseTo(busyMs!, 6);
    expect(idealMs).toBe(criticalMs!);
    expect(durationMs).toBeGreaterThanOrEqual(idealMs!);
    expect(tasks.find(({ task }) => task === "gen")).toMatchObject({ executed: 1, cached: 1, hitRate: 0.5 });
    expect(failures).toMatchObject([
      { task: "broken", failures: 2, rate: 1, lastFailure: { kind: "exit", code: 5 } },
    ]);
    expect(flaky).toMatchObject([{ id: "shaky", retried: 1 }]);
  });

  test("measures the inputs of cached tasks", async () => {
    await using project = await makeProject(FILES);
    // A file that was written in the moment in which it is read is not remembered.
    await until(
      () => Date.now() - Bun.file(project.path("in.txt")).lastModified > 50,
      "the clock of the file system",
      () => "",
    );
    await project.zr("run", "gen").expect({ stdout: anything, stderr: anything });
    const { inputs } = await viewOf(project);
    expect(inputs.slowest.map(({ path }) => path)).toEqual(["in.txt"]);
    expect(inputs.files).toBe(1);
  });

  test("looks at one task, at some time, at so many runs", async () => {
    await using project = await makeProject(FILES);
    await runAll(project);
    const { totals, tasks } = await viewOf(project, "--task", "build");
    expect(totals).toMatchObject({ runs: 2, executed: 2, cached: 0, hitRate: null });
    expect(tasks.map(({ task }) => task)).toEqual(["build"]);
    expect((await viewOf(project, "--limit", "3")).totals).toMatchObject({ runs: 3, failed: 2 });
    expect((await viewOf(project, "--since", "2099-01-01")).totals).toMatchObject({ runs: 0 });
    await project.zr("analytics", "--since", "soon").expect({ code: 2, stderr: /E183[^]*--since/ });
  });

  test("a task that nobody knows is an error with what may have been meant, one that is gone has its past", async () => {
    await using project = await makeProject({ "zr.toml": `[tasks]\nbuild = "true"\nlint = "true"\n` });
    await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
    project.write("zr.toml", `[tasks]\nlint = "true"\n`);
    for (const command of ["analytics", "history"]) {
      const json = command === "analytics" ? ["--json"] : [];
      await project.zr(command, "--task", "lnit").expect({
        code: 2,
        stderr: "error[E160]: no task 'lnit'\n  = did you mean 'lint'?\n",
      });
      await project.zr(command, "--task", "lint", ...json).expect({ stdout: anything });
      await project.zr(command, "--task", "build", ...json).expect({ stdout: /build/ });
    }
    expect(project.exists(".zr/analytics.html")).toBe(false);
  });

  test("has nothing to tell where nothing was run, and says so in the same form", async () => {
    await using project = await makeProject(FILES);
    expect(await viewOf(project)).toEqual({
      v: 1,
      from: null,
      to: null,
      totals: {
        runs: 0,
        succeeded: 0,
        failed: 0,
        executed: 0,
        cached: 0,
        hitRate: null,
        savedMs: 0,
        busyMs: 0,
      },
      runs: [],
      tasks: [],
      failures: [],
      flaky: [],
      inputs: { files: 0, bytes: 0, slowest: [] },
    } as never);
  });
});

describe("zr analytics as a page", () => {
  test("lies in a place of its own, which is told, or where -o says, and is opened only on demand", async () => {
    await using project = await makeProject(FILES);
    project.write("browser", '#!/bin/sh\nprintf "%s\\n" "$@" > shown.part && mv shown.part shown\n');
    chmodSync(project.path("browser"), 0o755);
    const env = { BROWSER: project.path("browser") };
    await project.zrWith({ env }, "analytics").expect({ stdout: "<root>/.zr/pages/analytics.html\n" });
    expect(project.read(".zr/pages/analytics.html")).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    await project.zrWith({ env }, "analytics", "-o", "report.html").expect({});
    expect(project.exists("report.html")).toBe(true);
    await project.zrWith({ env }, "analytics", "--no-open").expect({ stdout: anything });
    expect(project.exists("shown")).toBe(false);
    await project.zrWith({ env }, "analytics", "-o", "report.html", "--open").expect({ stdout: anything });
    await until(
      () => project.exists("shown"),
      "the browser",
      () => project.transcript(),
    );
    expect(project.read("shown")).toBe(`${project.path("report.html")}\n`);
    await project.zr("analytics", "-o", ".").expect({ code: 2, stderr: /E190/ });
    await project.zr("analytics", "--json", "-o", "data.json").expect({});
    expect(JSON.parse(project.read("data.json"))).toMatchObject({ v: 1 });
  });

  test("on a terminal it is opened unless --no-open", async () => {
    await using project = await makeProject(FILES);
    project.write("browser", '#!/bin/sh\nprintf "%s\\n" "$@" > shown.part && mv shown.part shown\n');
    chmodSync(project.path("browser"), 0o755);
    const env = { BROWSER: project.path("browser") };
    const quiet = await project.terminal({ env, cols: 200 }, "analytics", "--no-open");
    await quiet.waitForScreen(/analytics\.html/);
    expect((await quiet.exited).code).toBe(0);
    expect(project.exists("shown")).toBe(false);
    const open = await project.terminal({ env, cols: 200 }, "analytics");
    expect((await open.exited).code).toBe(0);
    await until(
      () => project.exists("shown"),
      "the browser",
      () => project.transcript(),
    );
  });

  for (const size of SIZES) {
    for (const dark of [false, true]) {
      testUnless(noChromium)(
        `shows charts and tables at ${size.width} by ${size.height} in the ${dark ? "dark" : "light"}, and asks nobody for anything`,
        async () => {
          await using project = await makeProject(FILES);
          past(project, ["one", "two"], 6);
          await project.zr("analytics").expect({ stdout: anything });
          await using shown = await showPage(project.path(".zr/pages/analytics.html"), { size, dark });
          const { page, problems, requests } = shown;
          await page.locator(".uplot canvas").nth(2).waitFor();
          expect(await page.locator(".tile b").first().textContent()).toBe("6");
          expect(await page.locator("#failures tbody tr").count()).toBe(2);
          expect(await page.locator("#flaky tbody tr").count()).toBe(2);
          expect(await page.locator("#critical tbody tr").first().textContent()).toBe("one6100%");
          const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
          expect(background).toBe(dark ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)");
          expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(size.width);
          expect(problems).toEqual([]);
          expect(requests).toHaveLength(1);
        },
      );
    }
  }

  testUnless(noChromium)(
    `shows names as text whatever they hold, sorts, filters and changes the task of the chart`,
    async () => {
      await using project = await makeProject(FILES);
      const names = [HOSTILE, ...Array.from({ length: 20 }, (_, at) => `task${String(at).padStart(2, "0")}`)];
      past(project, names, 3);
      await project.zr("analytics").expect({ stdout: anything });
      await using shown = await showPage(project.path(".zr/pages/analytics.html"), {
        size: SIZES[1],
        dark: false,
      });
      const { page, problems, requests } = shown;
      await page.locator("#tasks tbody tr").nth(14).waitFor();
      expect(await page.locator("#failures td.text").first().textContent()).toContain(
        "<img src=x onerror=alert(2)>",
      );
      expect(await page.locator("img").count()).toBe(0);
      const first = page.locator("#tasks tbody tr td").first();
      await page.locator("#tasks").getByRole("button", { name: "Sort by Task" }).click();
      expect(await first.textContent()).toBe(HOSTILE);
      await page.locator("#tasks").getByRole("button", { name: "Sort by Task" }).click();
      expect(await first.textContent()).toBe("task19");
      await page.locator("#tasks").getByRole("button", { name: "Show all 21" }).click();
      expect(await page.locator("#tasks tbody tr").count()).toBe(21);
      await page.getByLabel("Filter tasks").fill("task07");
      expect(await page.locator("#tasks tbody tr").count()).toBe(1);
      await page.locator("#tasks tbody").getByRole("button", { name: "task07" }).click();
      await page.getByRole("img", { name: "Duration of task07 over time" }).waitFor();
      await page.getByLabel("Task", { exact: true }).selectOption(HOSTILE);
      await page.getByRole("img", { name: `Duration of ${HOSTILE} over time` }).waitFor();
      await page.getByRole("button", { name: "As the system" }).click();
      await page.getByRole("button", { name: "As the system" }).click();
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(13, 17, 23)");
      expect(problems).toEqual([]);
      expect(requests).toHaveLength(1);
    },
  );

  testUnless(noChromium)(`records that somebody has spoilt cost nothing but themselves`, async () => {
    await using project = await makeProject(FILES);
    past(project, ["good"], 4);
    const spoil = (number: number, change: (text: string) => string): void => {
      const path = `.zr/history/inbox/20260101-00000${number}-aaaa.run`;
      project.write(path, `${change(project.read(path).split("\n")[0]!)}\n\n#end\n`);
    };
    spoil(0, (text) => text.replace('"durationMs":1000', '"durationMs":1e300'));
    spoil(1, (text) => text.replace(/"failure":\{.*?\}/, '"failure":{"kind":"hook","cause":7}'));
    spoil(2, (text) => text.replace('"startedAt":0', '"startedAt":"soon","cpuMs":"much","after":[9]'));
    await project.zr("analytics").expect({ stdout: anything });
    await using shown = await showPage(project.path(".zr/pages/analytics.html"), {
      size: SIZES[1],
      dark: false,
    });
    await shown.page.locator(".uplot canvas").first().waitFor();
    expect(await shown.page.locator(".tile b").first().textContent()).toBe("3");
    expect(await shown.page.locator("#tasks tbody td").nth(1).textContent()).toBe("2");
    expect(shown.problems).toEqual([]);
  });

  testUnless(noChromium)(`an empty history is an empty page without errors`, async () => {
    await using project = await makeProject(FILES);
    await project.zr("analytics").expect({ stdout: anything });
    await using shown = await showPage(project.path(".zr/pages/analytics.html"), {
      size: SIZES[1],
      dark: false,
    });
    await shown.page.getByText("no runs yet").waitFor();
    expect(await shown.page.getByText("Nothing to show yet.").count()).toBe(4);
    expect(shown.problems).toEqual([]);
  });
});
