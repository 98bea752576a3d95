import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { BreakingServer } from "#tests/support/breaking-server";
import { tarGz } from "#tests/support/tar-bytes";
import type { TarEntry } from "#tests/support/tar-bytes";
import { archivePath, nodeEntries, ToolSite } from "#tests/support/tool-site";
import { testUnless, withoutMounts } from "#tests/support/left-out";

const VERSION = "20.11.1";
const CONFIG = '[tools]\nnode = "20"\n[tasks.v]\ncmd = "node --version"\n';

let site: ToolSite;
let project: Project;

beforeEach(async () => {
  site = new ToolSite();
  project = await makeProject({ "zr.toml": CONFIG }, { env: site.variables });
});

afterEach(async () => {
  site[Symbol.dispose]();
  await project[Symbol.asyncDispose]();
});

const tools = (): string => join(project.folders.data, "zr", "tools");

/** Nothing that could be taken for an installation, and no part of one. */
function expectNothingInstalled(): void {
  const folder = join(tools(), "node");
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
}

/** Once the site is as it should be, the next try works. */
async function expectNextTryWorks(): Promise<void> {
  await project.zr("tools", "install").expect({ code: 0, stderr: `installed node ${VERSION}\n` });
  await project.zr("run", "v").expect({ code: 0, stdout: `v${VERSION}\n` });
}

async function expectRefused(code: string, reason: string | RegExp): Promise<void> {
  const run = await project.zr("tools", "install").result();
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(`error[${code}]`);
  if (typeof reason === "string") expect(run.stderr).toContain(reason);
  else expect(run.stderr).toMatch(reason);
  expect(run.stderr).toContain("zr.toml:2:8");
  expectNothingInstalled();
}

test("an archive that is not what the publisher's list says is refused and not kept", async () => {
  site.publish(VERSION);
  const bytes = tarGz([...nodeEntries(VERSION), { name: `node-v${VERSION}-linux-x64/evil`, content: "x" }]);
  site.answer(archivePath(VERSION), bytes);
  await expectRefused("E416", "its SHA-256 is");
  site.publish(VERSION);
  await expectNextTryWorks();
});

test("a list without the archive's digest lets nothing be installed", async () => {
  site.publish(VERSION);
  site.answer(`/v${VERSION}/SHASUMS256.txt`, `${"0".repeat(64)}  another.tar.gz\n`);
  await expectRefused("E415", "has no digest of node-v20.11.1-linux-x64.tar.gz");
  site.publish(VERSION);
  await expectNextTryWorks();
});

describe("an archive that the publisher's list vouches for", () => {
  const top = `node-v${VERSION}-linux-x64`;
  const cases: readonly (readonly [string, readonly TarEntry[], string | RegExp])[] = [
    ["with a path that leads out", [{ name: `${top}/../../evil`, content: "x" }], "leads out of the folder"],
    ["with an absolute path", [{ name: "/tmp/zr-evil", content: "x" }], "leads out of the folder"],
    [
      "with a link that leads out",
      [{ name: `${top}/bin/npm`, type: "2", link: "../../../etc" }],
      "is a link out of the folder",
    ],
    [
      "with an absolute link",
      [{ name: `${top}/bin/npm`, type: "2", link: "/etc/passwd" }],
      "is a link out of the folder",
    ],
    [
      "with links that lead out together",
      [
        { name: `${top}/a/b/c/d`, type: "2", link: "../../../s" },
        { name: `${top}/s/x`, content: "" },
        { name: `${top}/a/b/c/e`, type: "2", link: "d/../.." },
      ],
      "is a link out of the folder",
    ],
    [
      "with a file behind a link",
      [
        { name: `${top}/out`, type: "2", link: "lib" },
        { name: `${top}/out/inner`, type: "2", link: "x" },
      ],
      "lies behind a link",
    ],
    [
      "with links that lead out together where capital letters say nothing",
      [
        { name: `${top}/a/b/C`, type: "2", link: "../.." },
        { name: `${top}/s/x`, content: "" },
        { name: `${top}/out`, type: "2", link: "a/b/c/../../s" },
      ],
      "is a link out of the folder",
    ],
    [
      "with a link behind a link where capital letters say nothing",
      [
        { name: `${top}/Out`, type: "2", link: "lib" },
        { name: `${top}/out/inner`, type: "2", link: "x" },
      ],
      "lies behind a link",
    ],
    [
      "with a name that Windows reads as the folder above",
      [{ name: `${top}/.. /evil`, content: "x" }],
      "leads out of the folder",
    ],
    [
      "with a hard link to what is not in it",
      [{ name: `${top}/bin/x`, type: "1", link: `${top}/nothing` }],
      "what is not in the archive",
    ],
    [
      "with a hard link that leads out",
      [{ name: `${top}/bin/x`, type: "1", link: "../../etc/passwd" }],
      "leads out of the folder",
    ],
    ["with a device", [{ name: `${top}/dev`, type: "3" }], "is a device or another special file"],
    ["with a pipe", [{ name: `${top}/pipe`, type: "6" }], "is a device or another special file"],
    ["without its programs", [{ name: `${top}/readme`, content: "x" }], "it holds no folder 'bin'"],
  ];
  test.each(cases)("%s is refused", async (_, entries, reason) => {
    const isWithoutPrograms = reason === "it holds no folder 'bin'";
    site.publish(VERSION, {
      archive: tarGz(isWithoutPrograms ? entries : [...nodeEntries(VERSION), ...entries]),
    });
    await expectRefused(
      "E417",
      reason === "leads out of the folder" ? /leads? out of the folder|link out of the folder/ : reason,
    );
    expect(existsSync(join(tools(), "evil"))).toBe(false);
    expect(existsSync("/tmp/zr-evil")).toBe(false);
    site.publish(VERSION);
    await expectNextTryWorks();
  });

  test("that ends in the middle is refused", async () => {
    const whole = tarGz([
      ...nodeEntries(VERSION),
      { name: `${top}/big`, content: crypto.getRandomValues(new Uint8Array(60_000)) },
    ]);
    site.publish(VERSION, { archive: whole.slice(0, 30_000) });
    await expectRefused("E417", /damaged|too early/);
    site.publish(VERSION);
    await expectNextTryWorks();
  });

  test("that unpacks to far more than it is itself is refused", async () => {
    const bomb = new Uint8Array(80 * 1024 * 1024);
    site.publish(VERSION, {
      archive: tarGz([...nodeEntries(VERSION), { name: `${top}/bomb`, content: bomb }]),
    });
    await expectRefused("E417", "far more than it is itself");
    site.publish(VERSION);
    await expectNextTryWorks();
  });

  test("that is no archive at all is refused", async () => {
    site.publish(VERSION, { archive: new TextEncoder().encode("<html>not here</html>") });
    await expectRefused("E417", "damaged");
    site.publish(VERSION);
    await expectNextTryWorks();
  });
});

describe("a server", () => {
  test("that does not have the file is said with its address", async () => {
    site.publish(VERSION);
    site.answer(archivePath(VERSION), () => new Response("gone", { status: 404 }));
    await expectRefused("E415", `${archivePath(VERSION)} for node ${VERSION}: the server answered 404`);
    site.publish(VERSION);
    await expectNextTryWorks();
  });

  test("that stops sending is given up, and the next try goes on where it stopped", async () => {
    const bytes = site.publish(VERSION);
    const half = Math.floor(bytes.length / 2);
    const ranges: (string | null)[] = [];
    let isBroken = true;
    site.answer(archivePath(VERSION), (request) => {
      ranges.push(request.headers.get("range"));
      if (!isBroken) {
        const start = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
        const headers = {
          etag: '"one"',
          "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
        };
        return new Response(bytes.slice(start), { status: 206, headers });
      }
      const body = new ReadableStream({
        type: "bytes",
        pull: (controller) => {
          if (ranges.length === 1) controller.enqueue(bytes.slice(0, half));
          // Then nothing more, for ever.
          return new Promise<void>(() => undefined);
        },
      });
      const isFirst = ranges.length === 1;
      return new Response(body, {
        status: isFirst ? 200 : 206,
        headers: {
          etag: '"one"',
          ...(isFirst ? {} : { "content-range": `bytes ${half}-${bytes.length - 1}/${bytes.length}` }),
        },
      });
    });
    await expectRefused("E415", "no answer within 0.3s");
    expect(ranges[0]).toBeNull();
    expect(ranges.slice(1).every((range) => range === `bytes=${half}-`)).toBe(true);
    isBroken = false;
    await expectNextTryWorks();
    expect(ranges.at(-1)).toBe(`bytes=${half}-`);
  });

  test("that calls an archive compressed content is believed as far as the bytes go", async () => {
    const bytes = site.publish(VERSION);
    let asked = 0;
    site.answer(archivePath(VERSION), (request) => {
      asked += 1;
      const headers = { etag: '"one"', "content-encoding": "x-gzip" };
      // Whoever unpacked it on the way would ask for what is behind its end, for ever.
      const isRest = request.headers.has("range");
      return isRest ? new Response(null, { status: 416 }) : new Response(bytes, { headers });
    });
    await expectNextTryWorks();
    expect(asked).toBe(1);
  });

  test("that takes back what it began is not asked for ever", async () => {
    const bytes = site.publish(VERSION);
    let asked = 0;
    site.answer(archivePath(VERSION), (request) => {
      asked += 1;
      // Once it says that there is nothing: that must not be what ends it.
      if (asked > 10) return new Response(null, { status: 404 });
      if (request.headers.has("range")) return new Response(null, { status: 416 });
      const body = new ReadableStream({
        type: "bytes",
        start: (controller) => controller.enqueue(bytes.slice(0, Math.ceil(bytes.length / 2))),
        pull: () => new Promise<void>(() => undefined),
      });
      return new Response(body, { headers: { etag: '"one"' } });
    });
    await expectRefused("E415", /no answer within|has changed/);
    expect(asked).toBeLessThan(10);
  });

  test("that breaks the connection is asked for the rest at once", async () => {
    const bytes = site.publish(VERSION);
    using server = new BreakingServer(bytes, Math.ceil(bytes.length / 3));
    site.answer(archivePath(VERSION), () => Response.redirect(server.url, 302));
    await expectNextTryWorks();
    // What was sent just before the end may not have come: then all of it is asked for again.
    expect([undefined, `bytes=${Math.ceil(bytes.length / 3)}-`]).toContain(server.ranges[1]);
    expect(server.ranges.length).toBe(2);
  });

  test("whose file has changed since it broke off is asked for all of it again", async () => {
    const bytes = site.publish(VERSION);
    using server = new BreakingServer(new TextEncoder().encode("something else than before"), 9);
    let count = 0;
    site.answer(archivePath(VERSION), () => {
      count += 1;
      return count === 1
        ? Response.redirect(server.url, 302)
        : new Response(bytes, { headers: { etag: '"two"' } });
    });
    await expectNextTryWorks();
    expect(server.ranges.length).toBe(1);
  });

  test("that resets every connection is given up", async () => {
    using server = new BreakingServer(site.publish(VERSION), undefined);
    site.answer(archivePath(VERSION), () => Response.redirect(server.url, 302));
    await expectRefused("E415", /connection broke|the request failed/);
    site.publish(VERSION);
    await expectNextTryWorks();
  });

  test("that redirects in a circle is given up", async () => {
    site.publish(VERSION);
    site.answer(
      archivePath(VERSION),
      () => new Response(null, { status: 302, headers: { location: archivePath(VERSION) } }),
    );
    await expectRefused("E415", "it was redirected more than 10 times");
    site.publish(VERSION);
    await expectNextTryWorks();
  });

  test("that redirects to where the file is is followed", async () => {
    const bytes = site.publish(VERSION);
    site.answer(
      archivePath(VERSION),
      () => new Response(null, { status: 302, headers: { location: "/elsewhere" } }),
    );
    site.answer("/elsewhere", bytes);
    await expectNextTryWorks();
  });

  test("that leads to no http address is not followed", async () => {
    site.publish(VERSION);
    site.answer(
      archivePath(VERSION),
      () => new Response(null, { status: 302, headers: { location: "file:///etc/passwd" } }),
    );
    await expectRefused("E415", "no http address");
  });

  test("that nobody runs is said", async () => {
    site.publish(VERSION);
    const run = await project
      .zrWith({ env: { ZR_MIRROR_NODE: "http://127.0.0.1:1" } }, "tools", "install")
      .result();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("can't get http://127.0.0.1:1/index.json for node: connection refused");
  });

  test("whose list is no list has no version to offer", async () => {
    site.publish(VERSION);
    site.answer("/index.json", "<html></html>");
    await expectRefused("E412", "node has no version that '20' means; there is none");
  });
});

testUnless(withoutMounts())("a disk that is full leaves nothing behind, and the next try works", async () => {
  const bytes = site.publish(VERSION);
  expect(bytes.length).toBeGreaterThan(100);
  mkdirSync(join(project.folders.data, "zr"), { recursive: true });
  const mount = Bun.spawnSync([
    "mount",
    "-t",
    "tmpfs",
    "-o",
    "size=64k",
    "tmpfs",
    join(project.folders.data, "zr"),
  ]);
  expect(mount.exitCode).toBe(0);
  try {
    const big = crypto.getRandomValues(new Uint8Array(65_536));
    const many = [0, 1, 2].map((part) => ({ name: `node-v${VERSION}-linux-x64/big${part}`, content: big }));
    site.publish(VERSION, { archive: tarGz([...nodeEntries(VERSION), ...many]) });
    await expectRefused("E418", /ENOSPC|no space/i);
    expect(readdirSync(join(tools(), ".downloads"))).toEqual([]);
    site.publish(VERSION);
    await expectNextTryWorks();
  } finally {
    Bun.spawnSync(["umount", "-l", join(project.folders.data, "zr")]);
  }
});

test("a folder that may not be written to is said", async () => {
  site.publish(VERSION);
  // Whoever is root may write everywhere but where a file stands in the place of a folder.
  if (process.getuid?.() === 0) await Bun.write(tools(), "");
  else {
    mkdirSync(project.folders.data, { recursive: true });
    chmodSync(project.folders.data, 0o500);
  }
  const run = await project.zr("tools", "install").result();
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("error[E418]");
  chmodSync(project.folders.data, 0o700);
  if (process.getuid?.() === 0) Bun.spawnSync(["rm", tools()]);
  await expectNextTryWorks();
});

test("of a version that is not there the nearest ones are offered", async () => {
  for (const version of ["18.20.0", VERSION, "22.1.0"]) site.publish(version);
  project.write("zr.toml", CONFIG.replace('"20"', '"20.9"'));
  const run = await project.zr("tools", "install").result();
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("node has no version that '20.9' means; there is 20.11.1, 22.1.0, 18.20.0");
  expect(run.stderr).toContain("did you mean '20.11.1'");
});

test("of a version that is not made for this system the systems are listed", async () => {
  site.publish(VERSION);
  site.answer(
    "/index.json",
    JSON.stringify([{ version: `v${VERSION}`, lts: false, files: ["osx-arm64-tar", "win-x64-zip"] }]),
  );
  await expectRefused(
    "E413",
    `node ${VERSION} is not published for linux-x64, only for darwin-arm64, windows-x64`,
  );
});

test("a name that is no tool is said, with the nearest one", async () => {
  project.write("zr.toml", CONFIG.replace("node =", "noed ="));
  const run = await project.zr("tools", "install").result();
  expect(run.stderr).toContain("error[E410]: there is no tool 'noed'");
  expect(run.stderr).toContain("did you mean 'node'");
});

test("a run says so of such a name at once, and where programs of others come from", async () => {
  project.write("zr.toml", CONFIG.replace("node =", "ruff ="));
  const run = await project.zr("run", "v").result();
  expect(run.code).toBe(3);
  expect(run.stderr).toContain("error[E410]: there is no tool 'ruff'");
  expect(run.stderr).toContain('"pypi:ruff"');
  expect(run.stderr).not.toContain("E414");
});

test("a version that is none is said before anything is run", async () => {
  project.write("zr.toml", CONFIG.replace('"20"', '"twenty"'));
  const run = await project.zr("run", "v").result();
  expect(run.code).toBe(3);
  expect(run.stderr).toContain("error[E411]: 'twenty' is no version of node");
});

test.each([
  ["", "https://evil.example/dist"],
  [" by a way up", "https://nodejs.org/dist/../other"],
  [" by a way up that is written as numbers", "https://nodejs.org/dist/%2e%2E/other"],
  [" by a way up that only servers read", "https://nodejs.org/dist/..%2f../other"],
  [" by the other kind of slashes", "https://nodejs.org/dist/..\\..\\other"],
])("a lock that names another site than the publisher's%s is not followed", async (_, place) => {
  site.publish(VERSION);
  await project.zr("tools", "install").expect({ code: 0, stderr: `installed node ${VERSION}\n` });
  await project.zr("tools", "uninstall", "node").expect({ code: 0, stdout: `removed node ${VERSION}\n` });
  const lock = project
    .read("zr.lock")
    .replaceAll("https://nodejs.org/dist", () => place.replaceAll("\\", "\\\\"));
  project.write("zr.lock", lock);
  await expectRefused("E417", "zr.lock names another site than the publisher's");
});

test("a lock with both sides of a merge is said", async () => {
  project.write("zr.lock", "<<<<<<< ours\nversion = 1\n");
  const run = await project.zr("tools", "install").result();
  expect(run.stderr).toContain("error[E419]");
  expect(readFileSync(project.path("zr.lock"), "utf8")).toContain("<<<<<<<");
});
