import { chmodSync } from "node:fs";
import { afterAll, describe, expect, test } from "bun:test";
import { closeBrowser, noChromium, showPage, SIZES } from "#tests/support/browser";
import type { ShownPage } from "#tests/support/browser";
import { until } from "#tests/support/deadline";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { describeUnless, testUnless } from "#tests/support/left-out";

const HOSTILE = `</script><script>alert(1)</script><img src=x onerror=alert(2)><!--`;

const FILES = {
  "zr.toml": `
    [workspace]
    members = ["lib", "app"]

    [tasks.all]
    description = "${HOSTILE}"
    tags = ["ci", "<b>bold</b>"]
    deps = ["app:build", "lint"]

    [tasks.lint]
    cmd = "false"
    tags = ["quick"]

    [tasks.odd]
    cmd = "true"
    matrix = { value = ["${HOSTILE}"] }
  `,
  "lib/zr.toml": '[tasks.build]\ncmd = "true"\n[tasks.test]\ncmd = "true"\ndeps = ["build"]\n',
  "app/zr.toml": '[tasks.build]\ncmd = "true"\ndeps = ["lib:build"]\n',
};

const LARGE = { width: 1440, height: 900 };

afterAll(closeBrowser);

/** Writes the page of a project's graph and shows it. */
async function pageOf(
  project: Project,
  args: readonly string[] = [],
  look: { readonly size: typeof LARGE; readonly dark: boolean } = { size: LARGE, dark: false },
): Promise<ShownPage> {
  await project.zr("graph", ...args, "--format", "html", "-o", "graph.html").expect({});
  return showPage(project.path("graph.html"), look);
}

const chosen = ({ page }: ShownPage): Promise<string | null> =>
  page.locator(".node.selected").getAttribute("aria-label");

const shown = ({ page }: ShownPage): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll(".node")].map((node) => node.getAttribute("aria-label")).sort()`,
  );

/** Nothing was said, thrown or asked for. */
function expectQuiet({ problems, requests }: ShownPage): void {
  expect(problems).toEqual([]);
  expect(requests).toHaveLength(1);
}

describeUnless(noChromium)(`the graph page`, () => {
  for (const size of SIZES) {
    for (const dark of [false, true]) {
      test(`works at ${size.width} by ${size.height} in the ${dark ? "dark" : "light"}, and asks nobody for anything`, async () => {
        await using project = await makeProject(FILES);
        await project
          .zr("run", "all", "--keep-going")
          .expect({ code: 1, stdout: anything, stderr: anything });
        await using shownPage = await pageOf(project, [], { size, dark });
        const { page } = shownPage;
        expect(await shown(shownPage)).toEqual(["all", "app:build", "lib:build", "lib:test", "lint", "odd"]);
        await page.locator(".node", { hasText: "lint" }).click();
        await page.locator("aside", { hasText: "failed" }).waitFor();
        const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        expect(background).toBe(dark ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)");
        // Nothing lies outside of the window.
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(size.width);
        expectQuiet(shownPage);
      });
    }
  }

  test("shows what tasks are called as text, whatever it holds", async () => {
    await using project = await makeProject(FILES);
    await using shownPage = await pageOf(project, ["all", "odd"]);
    const { page } = shownPage;
    expect(await shown(shownPage)).toContain(`odd[value=${HOSTILE}]`);
    await page.locator(".node", { hasText: "all" }).click();
    expect(await page.locator("aside p").first().textContent()).toBe(HOSTILE);
    expect(await page.locator("aside .tag").allTextContents()).toEqual(["ci", "<b>bold</b>"]);
    expect(await page.locator("img").count()).toBe(0);
    expectQuiet(shownPage);
  });

  test("its policy refuses a script that somebody has got into it", async () => {
    await using project = await makeProject(FILES);
    await project.zr("graph", "--format", "html", "-o", "graph.html").expect({});
    const text = project.read("graph.html");
    project.write(
      "bad.html",
      text.replace('<div id="app">', '<script>document.title = "bad"</script><div id="app">'),
    );
    await using shownPage = await showPage(project.path("bad.html"), { size: LARGE, dark: false });
    expect(await shownPage.page.title()).not.toBe("bad");
    expect(shownPage.problems.join()).toContain("Content Security Policy");
  });

  test("filters by package, tag and state", async () => {
    await using project = await makeProject(FILES);
    await project.zr("run", "all", "--keep-going").expect({ code: 1, stdout: anything, stderr: anything });
    await using shownPage = await pageOf(project);
    const { page } = shownPage;
    await page.getByLabel("Package").selectOption("lib");
    expect(await shown(shownPage)).toEqual(["lib:build", "lib:test"]);
    await page.getByLabel("State").selectOption("success");
    expect(await shown(shownPage)).toEqual(["lib:build"]);
    await page.getByLabel("Package").selectOption("");
    await page.getByLabel("State").selectOption("failed");
    expect(await shown(shownPage)).toEqual(["lint"]);
    await page.getByLabel("State").selectOption("");
    await page.getByLabel("Tag").selectOption("quick");
    expect(await shown(shownPage)).toEqual(["lint"]);
    expect(await page.locator(".status").textContent()).toBe("1 of 6 tasks, 0 edges");
    expectQuiet(shownPage);
  });

  test("finds by search and goes from one to the next", async () => {
    await using project = await makeProject(FILES);
    await using shownPage = await pageOf(project);
    const { page } = shownPage;
    await page.keyboard.press("/");
    await page.keyboard.type("build");
    expect(await page.locator(".node.hit").count()).toBe(2);
    await page.keyboard.press("Enter");
    const first = await chosen(shownPage);
    await page.keyboard.press("Enter");
    const second = await chosen(shownPage);
    expect([first, second].sort()).toEqual(["app:build", "lib:build"]);
    await page.keyboard.press("Shift+Enter");
    expect(await chosen(shownPage)).toBe(first);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await page.locator(".node.hit, .node.selected").count()).toBe(0);
    expect(await page.getByLabel("Search").inputValue()).toBe("");
    expectQuiet(shownPage);
  });

  test("can be used with keys alone", async () => {
    await using project = await makeProject(FILES);
    await using shownPage = await pageOf(project, ["all"]);
    const { page } = shownPage;
    await page.keyboard.press("ArrowDown");
    expect(await chosen(shownPage)).toBe("all");
    await page.keyboard.press("ArrowDown");
    const needed = await chosen(shownPage);
    expect(["app:build", "lint"]).toContain(needed!);
    await page.keyboard.press("ArrowUp");
    expect(await chosen(shownPage)).toBe("all");
    await page.locator("aside li", { hasText: "app:build" }).getByRole("button").click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("c");
    expect(await page.getByRole("button", { name: "The chain" }).getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("t");
    await page.keyboard.press("t");
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(13, 17, 23)");
    expectQuiet(shownPage);
  });

  test("a focus leaves a task and its paths, and ends again", async () => {
    await using project = await makeProject(FILES);
    await using shownPage = await pageOf(project);
    const { page } = shownPage;
    await page.locator(".node", { hasText: "app:build" }).click();
    expect(await page.locator(".node.path").count()).toBe(3);
    await page.getByRole("button", { name: "Only this and its paths" }).click();
    expect(await shown(shownPage)).toEqual(["all", "app:build", "lib:build"]);
    await page.keyboard.press("Enter");
    expect(await shown(shownPage)).toHaveLength(6);
    await page.locator(".node", { hasText: "lib:build" }).dblclick();
    expect(await shown(shownPage)).toEqual(["all", "app:build", "lib:build", "lib:test"]);
    await page.keyboard.press("Escape");
    expect(await shown(shownPage)).toHaveLength(6);
    expectQuiet(shownPage);
  });

  test("zooms by the wheel and moves by dragging, which chooses nothing", async () => {
    await using project = await makeProject(FILES);
    await using shownPage = await pageOf(project);
    const { page } = shownPage;
    const place = (): Promise<{ readonly x: number; readonly width: number } | null> =>
      page.locator(".node", { hasText: "lint" }).boundingBox();
    const start = await place();
    await page.mouse.move(720, 450);
    await page.mouse.wheel(0, -300);
    await page.waitForFunction(
      `document.querySelector("svg.graph > g").getAttribute("transform").match(/scale\\((.+?)\\)/)[1] > 1.5`,
    );
    const near = await place();
    expect(near!.width).toBeGreaterThan(start!.width * 1.2);
    const transform = await page.locator("svg.graph > g").getAttribute("transform");
    await page.mouse.down();
    await page.mouse.move(820, 500, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(
      `document.querySelector("svg.graph > g").getAttribute("transform") !== ${JSON.stringify(transform)}`,
    );
    expect((await place())!.x - near!.x).toBeCloseTo(100, 0);
    expect(await page.locator(".node.selected").count()).toBe(0);
    expectQuiet(shownPage);
  });

  test("marks the critical path, what is affected, and cycles of packages", async () => {
    await using project = await makeProject(
      {
        "zr.toml": `
          [workspace]
          members = ["a", "b", "c"]
        `,
        "a/package.json": '{ "name": "a", "dependencies": { "b": "*" } }',
        "b/package.json": '{ "name": "b", "devDependencies": { "a": "*" }, "dependencies": { "c": "*" } }',
        "c/package.json": '{ "name": "c" }',
        "package.json": '{ "name": "root", "workspaces": ["a", "b", "c"] }',
      },
      { git: true },
    );
    project.write("a/new.txt", "x");
    await using shownPage = await pageOf(project, ["--packages", "--affected=HEAD", "--critical"]);
    const { page } = shownPage;
    expect(await page.locator(".node.affected").count()).toBeGreaterThan(0);
    expect(await page.locator(".node.affected", { hasText: "c" }).count()).toBe(0);
    expect(await page.locator(".edge.cycle").count()).toBe(2);
    expect(await page.locator(".node.critical").count()).toBeGreaterThan(1);
    await page.getByRole("button", { name: "Edges that lead round" }).click();
    expect(await page.locator("svg.show-cycles.show-affected.show-critical").count()).toBe(1);
    expectQuiet(shownPage);
  });

  test("shows a thousand tasks, which can be searched, chosen and focused", async () => {
    const tasks = Array.from({ length: 1000 }, (_, at) => {
      const deps = [at * 2 + 1, at * 2 + 2, at + 7].filter((other) => other < 1000 && other > at);
      return `[tasks.t${at}]\ncmd = "true"\ndeps = [${[...new Set(deps)].map((other) => `"t${other}"`).join(", ")}]\n`;
    });
    await using project = await makeProject({ "zr.toml": tasks.join("") });
    await using shownPage = await pageOf(project);
    const { page } = shownPage;
    expect(await page.locator(".node").count()).toBe(1000);
    expect(await page.locator("svg.far").count()).toBe(1);
    await page.keyboard.press("/");
    await page.keyboard.type("t998");
    await page.keyboard.press("Enter");
    expect(await chosen(shownPage)).toBe("t998");
    await page.locator(".status", { hasText: "1 found" }).waitFor();
    expectQuiet(shownPage);
  });
});

describe("zr graph as pages", () => {
  test("prints the page where no file is named, and the same page every time", async () => {
    await using project = await makeProject(FILES);
    const { stdout } = await project
      .zr("graph", "--format", "html")
      .expect({ stdout: /^<!doctype html>[^]*<\/html>\n$/ });
    await project.zr("graph", "--format", "html").expect({ stdout });
    expect(stdout).not.toContain("<img");
    expect(stdout).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
  });

  test("draws an SVG that holds names as text and marks what it is asked to", async () => {
    await using project = await makeProject(FILES);
    const { stdout } = await project
      .zr("graph", "all", "odd", "--format", "svg", "--critical")
      .expect({ stdout: /^<svg xmlns/ });
    expect(stdout).not.toContain("<img");
    expect(stdout).not.toContain("<script");
    expect(stdout.match(/class="node[^"]*"/g)).toHaveLength(5);
    expect(stdout).toContain('class="node critical"');
    await project.zr("graph", "--format", "svg").expect({ stdout: /^(?![^]*class="node critical)/ });
  });

  test("--open writes the page to a place of its own and shows it in the browser of BROWSER", async () => {
    await using project = await makeProject(FILES);
    project.write("browser", '#!/bin/sh\nprintf "%s\\n" "$@" > shown.part && mv shown.part shown\n');
    chmodSync(project.path("browser"), 0o755);
    const env = { BROWSER: project.path("browser") };
    const page = project.path(".zr/pages/graph.html");
    await project.zrWith({ env }, "graph", "--open").expect({ stdout: "<root>/.zr/pages/graph.html\n" });
    await until(
      () => project.exists("shown"),
      "the browser",
      () => project.transcript(),
    );
    expect(project.read("shown")).toBe(`${page}\n`);
    expect(project.read(".zr/pages/graph.html")).toStartWith("<!doctype html>");
    expect(project.read(".zr/.gitignore")).toBe("*\n");
    project.remove("shown");
    const words = { BROWSER: `no-such-program:${project.path("browser")} --app=%s` };
    await project.zrWith({ env: words }, "graph", "--open").expect({ stdout: anything });
    await until(
      () => project.exists("shown"),
      "the browser",
      () => project.transcript(),
    );
    expect(project.read("shown")).toBe(`--app=${page}\n`);
    await project
      .zrWith(
        { env: { BROWSER: "no-such-program", PATH: project.root } },
        "graph",
        "--open",
        "-o",
        "my.svg",
        "--format",
        "svg",
      )
      .expect({
        stdout: "<root>/my.svg\n",
        stderr: /^zr: the page can't be opened: there is no no-such-program and no /,
      });
    expect(project.read("my.svg")).toStartWith("<svg");
  });

  test("refuses to show as a page what is none", async () => {
    await using project = await makeProject(FILES);
    await project.zr("graph", "--open", "--format", "dot").expect({ code: 2, stderr: /E183[^]*--format/ });
    await project.zr("graph", "--serve", "--format", "svg").expect({ code: 2, stderr: /E183[^]*--format/ });
    await project.zr("graph", "--serve=x").expect({ code: 2, stderr: /E183[^]*--serve/ });
    await project.zr("graph", "--format", "html", "-o", ".").expect({ code: 2, stderr: /E190/ });
    await project.zr("graph", "nope", "--format", "html").expect({ code: 2, stderr: /E160/ });
  });
});

test("packages that depend on each other in a circle are in every graph, from either side", async () => {
  await using project = await makeProject({
    "zr.toml": '[workspace]\nmembers = ["a", "b"]\n',
    "package.json": '{ "name": "root", "workspaces": ["a", "b"] }',
    "a/package.json": '{ "name": "a", "dependencies": { "b": "*" } }',
    "b/package.json": '{ "name": "b", "devDependencies": { "a": "*" } }',
  });
  await project.zr("graph", "--packages").expect({ stdout: /^root\na\n└─ b/ });
  for (const args of [[], ["--reverse"]]) {
    const { stdout } = await project
      .zr("graph", "--packages", "--json", ...args)
      .expect({ stdout: anything });
    const { nodes } = JSON.parse(stdout) as { readonly nodes: readonly { readonly id: string }[] };
    expect(nodes.map(({ id }) => id).sort()).toEqual(["a", "b", "root"]);
  }
});

describe("zr graph --serve", () => {
  async function served(project: Project, ...args: readonly string[]) {
    const run = project.zr("graph", "--serve", ...args);
    const text = await run.waitForOutput(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\n/, "stdout");
    return { run, address: text.trim() };
  }

  test("answers on this machine only, to who knows where it is, and ends by a signal", async () => {
    await using project = await makeProject(FILES);
    const { run, address } = await served(project);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toBe("frame-ancestors 'none'");
    expect(await page.text()).toContain("connect-src 'self'");
    const { port, origin } = new URL(address);
    // Other users of the machine can ask, but do not know the key.
    for (const path of [
      "",
      "/",
      "/data",
      "/events",
      `/${"0".repeat(32)}/data`,
      `${address.slice(0, -1)}/data`,
    ])
      expect((await fetch(new URL(path, origin))).status).toBe(404);
    expect((await fetch(`${address}/data`, { headers: { host: `localhost:${port}` } })).status).toBe(200);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      `127.0.0.1.evil.example:${port}`,
    ])
      expect((await fetch(`${address}/data`, { headers: { host } })).status).toBe(403);
    expect((await fetch(address, { method: "POST", body: "" })).status).toBe(405);
    expect((await fetch(`${address}/other`)).status).toBe(404);
    const taken = project.zr("graph", `--serve=${port}`);
    await taken.expect({ code: 2, stderr: /^error\[E193\]: can't listen on 127\.0\.0\.1:/ });
    run.kill("SIGINT");
    expect(await run.exited).toBe(0);
  });

  testUnless(noChromium)(`shows changes of the configuration and running tasks as they happen`, async () => {
    await using project = await makeProject({ "zr.toml": `[tasks]\nfirst = "${cmd("first")}"\n` });
    const { run, address } = await served(project);
    await using shownPage = await showPage(address, { size: LARGE, dark: false });
    const { page, problems } = shownPage;
    await page.locator(".status", { hasText: "live" }).waitFor();
    await page.locator(".node", { hasText: "first" }).click();
    project.write("zr.toml", `[tasks]\nfirst = "${cmd("first")}"\nsecond = "true"\n`);
    await page.locator(".node", { hasText: "second" }).waitFor();
    expect(await chosen(shownPage)).toBe("first");
    const running = project.zr("run", "first");
    const first = await project.command("first").started();
    await page.locator(".node.running", { hasText: "first" }).waitFor();
    first.exit(3);
    await running.expect({ code: 3, stdout: anything, stderr: anything });
    await page.locator(".node.failed", { hasText: "first" }).waitFor();
    await page.locator("aside", { hasText: "failed" }).waitFor();
    // What can't be read leaves the page as it is.
    project.write("zr.toml", "[tasks\n");
    await run.waitForOutput(/error\[/, "stderr");
    expect(await shown(shownPage)).toEqual(["first", "second"]);
    expect(problems).toEqual([]);
    run.kill("SIGINT");
    expect(await run.exited).toBe(0);
    await page.locator(".status", { hasText: "not connected" }).waitFor();
  });
});
