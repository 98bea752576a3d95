import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SigningKey } from "#scripts/releasing/sign";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { BreakingServer } from "#tests/support/breaking-server";
import { startMisbehaving } from "#tests/support/misbehaving-server";
import type { Misbehaviour } from "#tests/support/misbehaving-server";
import {
  archiveOf,
  buildRelease,
  makeKey,
  PLATFORM,
  releaseEntries,
  ReleaseSite,
  script,
} from "#tests/support/release-site";
import { testUnless, withoutMounts } from "#tests/support/left-out";

const OLD = "1.0.0";
const NEW = "1.1.0";

let key: SigningKey;
let builds: string;
let site: ReleaseSite;
let project: Project;
/** The program of the test, which is replaced. */
let program: string;

beforeAll(async () => {
  builds = mkdtempSync(join(tmpdir(), "zr-upgrade-"));
  key = await makeKey();
  await buildRelease(join(builds, "old"), OLD, key.publicKey);
}, 60_000);

afterAll(() => rmSync(builds, { recursive: true }));

beforeEach(async () => {
  site = new ReleaseSite(key);
  project = await makeProject({}, { env: { ZR_RELEASES: site.url, ZR_DOWNLOAD_TIMEOUT: "300ms" } });
  program = place("bin/zr");
});

afterEach(async () => {
  site[Symbol.dispose]();
  await project[Symbol.asyncDispose]();
});

/** Puts the old zr to a path of the project's home. A link is enough, as nothing ever writes into it. */
function place(path: string): string {
  const target = join(project.home, path);
  mkdirSync(dirname(target), { recursive: true });
  linkSync(join(builds, "old"), target);
  return target;
}

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = Bun.spawn([program, ...words], {
    cwd: project.root,
    env: { ...project.environment(), ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [code, stdout, stderr] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()]);
  return { code, stdout, stderr };
}

const upgrade = (...words: readonly string[]): Promise<Ended> => run(["upgrade", ...words]);

async function expectVersion(version: string): Promise<void> {
  expect((await run(["--version"])).stdout).toBe(`zr ${version}\n`);
}

/** It failed in the way that the code says, and the program and its folder are as they were. */
async function expectRefused(ended: Ended, code: string, reason: string | RegExp): Promise<void> {
  expect(ended.stderr).toContain(`error[${code}]`);
  if (typeof reason === "string") expect(ended.stderr).toContain(reason);
  else expect(ended.stderr).toMatch(reason);
  expect(ended.code).toBeGreaterThan(0);
  expect(readdirSync(dirname(program))).toEqual(["zr"]);
  expect(statSync(program).ino).toBe(statSync(join(builds, "old")).ino);
}

async function expectNextTryWorks(): Promise<void> {
  await site.publish(NEW);
  expect((await upgrade()).code).toBe(0);
  await expectVersion(NEW);
}

test("a real newer zr replaces the running one, keeps its mode, and works", async () => {
  const newer = join(builds, "new");
  await buildRelease(newer, NEW, key.publicKey);
  await site.publish(NEW, { entries: releaseEntries(NEW, readFileSync(newer)) });
  rmSync(program);
  writeFileSync(program, readFileSync(join(builds, "old")), { mode: 0o700 });
  expect(await upgrade()).toEqual({ code: 0, stdout: `zr ${OLD} → ${NEW} in ${program}\n`, stderr: "" });
  await expectVersion(NEW);
  expect(statSync(program).mode & 0o777).toBe(0o700);
  expect(readdirSync(dirname(program))).toEqual(["zr"]);
  expect((await upgrade()).stdout).toBe(`zr ${NEW} is the version that is there\n`);
}, 90_000);

test("the version that is there is left alone, unless forced", async () => {
  await site.publish(OLD);
  expect(await upgrade()).toEqual({
    code: 0,
    stdout: `zr ${OLD} is the version that is there\n`,
    stderr: "",
  });
  expect(statSync(program).ino).toBe(statSync(join(builds, "old")).ino);
  expect((await upgrade("--force")).code).toBe(0);
  expect(readFileSync(program, "utf8")).toBe(script(OLD));
});

test("--check says what there is, and by its exit code whether that is newer", async () => {
  await site.publish(NEW);
  const looked = await upgrade("--check");
  expect(looked).toEqual({
    code: 1,
    stdout: `zr ${NEW} is newer than this one, ${OLD}: zr upgrade ${NEW}\n`,
    stderr: "",
  });
  const data: unknown = JSON.parse((await upgrade("--check", "--json")).stdout);
  expect(data).toEqual({ v: 1, from: OLD, to: NEW, path: program, state: "newer" });
  expect((await upgrade("0.9.0", "--check")).stderr).toContain("E562");
  await site.publish("0.9.0");
  expect((await upgrade("v0.9.0", "--check")).stdout).toContain("zr 0.9.0 is older than this one");
  await site.publish(OLD);
  expect((await upgrade("--check")).code).toBe(0);
  await expectVersion(OLD);
  expect(site.asked.some((path) => path.endsWith(".tar.gz"))).toBe(false);
});

test("an older version is refused unless it is asked for by --force", async () => {
  await site.publish("0.9.0");
  await expectRefused(await upgrade("0.9.0"), "E568", "older than this one, 1.0.0");
  await expectRefused(await upgrade(), "E568", "zr 0.9.0");
  expect((await upgrade("0.9.0", "--force")).code).toBe(0);
  await expectVersion("0.9.0");
});

test("a version by its name, with or without a v, is fetched from its own folder", async () => {
  await site.publish("1.2.0");
  await site.publish("2.0.0");
  expect((await upgrade("v1.2.0")).code).toBe(0);
  await expectVersion("1.2.0");
  expect(site.asked.every((path) => path.startsWith("/releases/download/v1.2.0/"))).toBe(true);
});

test("what is no version is refused before anybody is asked", async () => {
  await expectRefused(await upgrade("newest"), "E570", "'newest' is no version of zr");
  await expectRefused(await upgrade("1.0/../../x"), "E570", "no version");
  expect((await upgrade("1.0.0", "2.0.0")).stderr).toContain("error[E185]");
  expect(site.asked).toEqual([]);
});

test("a link to the program stays a link, and what it leads to is replaced", async () => {
  await site.publish(NEW);
  const link = join(project.home, "link");
  symlinkSync(program, link);
  const child = Bun.spawn([link, "upgrade"], { cwd: project.root, env: project.environment() });
  expect(await child.exited).toBe(0);
  await expectVersion(NEW);
  expect(readFileSync(link, "utf8")).toBe(script(NEW));
});

describe("what comes from somebody else than the publisher is refused:", () => {
  test("a list with another key's signature", async () => {
    await site.publish(NEW, { key: await makeKey() });
    await expectRefused(await upgrade(), "E563", "it was made with the key");
    await expectNextTryWorks();
  });

  test("a list that was changed after it had been signed", async () => {
    await site.publish(NEW);
    const sums = `${"1".repeat(64)}  ${archiveOf(NEW)}\n`;
    site.answer("latest/download/SHA256SUMS", sums);
    await expectRefused(await upgrade(), "E563", "does not fit the file");
    await expectNextTryWorks();
  });

  test("a signature that is none", async () => {
    await site.publish(NEW);
    site.answer("latest/download/SHA256SUMS.minisig", "<html>");
    await expectRefused(await upgrade(), "E563", "no signature of minisign");
  });

  test("the signed list of another version", async () => {
    await site.publish("0.9.0");
    const old = await fetch(`${site.url}/latest/download/SHA256SUMS`);
    const signature = await fetch(`${site.url}/latest/download/SHA256SUMS.minisig`);
    site.answer(`download/v${NEW}/SHA256SUMS`, await old.text());
    site.answer(`download/v${NEW}/SHA256SUMS.minisig`, await signature.text());
    await expectRefused(await upgrade(NEW), "E565", "it is the list of zr 0.9.0");
  });

  test("an archive with another sum, before anything of it is unpacked", async () => {
    await site.publish(NEW, { sha256: "1".repeat(64) });
    await expectRefused(await upgrade(), "E564", `not ${"1".repeat(64)}`);
    await expectNextTryWorks();
  });
});

describe("a release that can't be used leaves the old program:", () => {
  test("one without an archive for this machine says what there is", async () => {
    await site.publish(NEW);
    const name = `zr-${NEW}-windows-arm64.zip`;
    const sums = `${"0".repeat(64)}  ${name}\n`;
    const { minisign } = await import("#scripts/releasing/sign");
    site.answer("latest/download/SHA256SUMS", sums);
    site.answer(
      "latest/download/SHA256SUMS.minisig",
      await minisign(new TextEncoder().encode(sums), key, `zr ${NEW}`),
    );
    await expectRefused(await upgrade(), "E567", `not published for ${PLATFORM}, only for windows-arm64`);
  });

  test("one without the program", async () => {
    await site.publish(NEW, { entries: [{ name: `zr-${NEW}-${PLATFORM}/README.md`, content: "" }] });
    await expectRefused(await upgrade(), "E565", `holds no zr-${NEW}-${PLATFORM}/zr`);
  });

  test("one with a link in the place of the program", async () => {
    const name = `zr-${NEW}-${PLATFORM}/zr`;
    await site.publish(NEW, { entries: [{ name, type: "2", link: "/bin/true" }] });
    await expectRefused(await upgrade(), "E565", "link");
  });

  test("one whose program does not start", async () => {
    await site.publish(NEW, { entries: releaseEntries(NEW, "\u007fELF nothing") });
    await expectRefused(await upgrade(), "E569", "does not run here");
    await expectNextTryWorks();
  });

  test("one whose program fails", async () => {
    await site.publish(NEW, { entries: releaseEntries(NEW, "#!/bin/sh\nexit 3\n") });
    await expectRefused(await upgrade(), "E569", "it ended with 3");
  });

  test("one whose program is of another version", async () => {
    await site.publish(NEW, { entries: releaseEntries(NEW, script("1.0.9")) });
    await expectRefused(await upgrade(), "E569", "it says another version");
  });

  test("one that fails only in its place is taken back", async () => {
    const picky = `#!/bin/sh\ncase "$0" in */bin/zr) exit 4;; *) echo zr ${NEW};; esac\n`;
    await site.publish(NEW, { entries: releaseEntries(NEW, picky) });
    await expectRefused(await upgrade(), "E569", "it ended with 4");
    await expectVersion(OLD);
  });
});

describe("a server that does not do its part leaves the old program:", () => {
  test("one without any release", async () => {
    await expectRefused(await upgrade(), "E562", "latest/download/SHA256SUMS: the server answered 404");
  });

  test("one without the archive", async () => {
    await site.publish(NEW);
    site.answer(`download/v${NEW}/${archiveOf(NEW)}`, () => new Response("", { status: 404 }));
    await expectRefused(await upgrade(), "E562", `${archiveOf(NEW)}: the server answered 404`);
    await expectNextTryWorks();
  });

  test("one that redirects in a loop", async () => {
    const to = `${site.url}/latest/download/SHA256SUMS`;
    site.answer("latest/download/SHA256SUMS", () => Response.redirect(to));
    await expectRefused(await upgrade(), "E562", "it was redirected more than 10 times");
  });

  test("one that stops in the middle of the archive", async () => {
    await site.publish(NEW);
    const stalling = startMisbehaving("stops in the middle of a body");
    const to = `http://127.0.0.1:${stalling.port}/`;
    site.answer(`download/v${NEW}/${archiveOf(NEW)}`, () => Response.redirect(to));
    try {
      await expectRefused(await upgrade(), "E562", "no answer within 0.3s");
    } finally {
      stalling.stop();
    }
    await expectNextTryWorks();
  });

  const cases: readonly (readonly [Misbehaviour, string | RegExp])[] = [
    ["answers nothing", "no answer within 0.3s"],
    ["breaks the connection", "connection"],
    ["breaks in the middle of a body", /connection|answer/],
    [{ status: 500 }, "the server answered 500"],
  ];
  for (const [misbehaviour, reason] of cases)
    test(`one that ${typeof misbehaviour === "string" ? misbehaviour : "fails with 500"}`, async () => {
      const server = startMisbehaving(misbehaviour);
      try {
        const ended = await run(["upgrade"], { ZR_RELEASES: `http://127.0.0.1:${server.port}/r` });
        await expectRefused(ended, "E562", reason);
      } finally {
        server.stop();
      }
    });

  test("one whose address is none", async () => {
    await expectRefused(await run(["upgrade"], { ZR_RELEASES: "file:///etc" }), "E562", "no http address");
  });
});

test("a connection that breaks in the middle is taken up again", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(60_000)).toHex();
  const entries = [...releaseEntries(NEW, script(NEW)), { name: "noise", content: noise.repeat(3) }];
  await site.publish(NEW, { entries });
  const path = `download/v${NEW}/${archiveOf(NEW)}`;
  const bytes = await (await fetch(`${site.url}/${path}`)).bytes();
  using breaking = new BreakingServer(bytes, Math.ceil(bytes.length / 3));
  site.answer(path, () => Response.redirect(breaking.url));
  expect((await upgrade()).stderr).toBe("");
  await expectVersion(NEW);
  expect(breaking.ranges.length).toBeGreaterThan(1);
});

test("a proxy of the environment is asked", async () => {
  await site.publish(NEW);
  const through: string[] = [];
  const proxy = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const { pathname, host } = new URL(request.url);
      through.push(host);
      return fetch(`${site.url.replace("/releases", "")}${pathname}`);
    },
  });
  try {
    const ended = await run(["upgrade"], {
      ZR_RELEASES: "http://releases.example/releases",
      http_proxy: `http://127.0.0.1:${proxy.port}`,
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
    });
    expect(ended.code).toBe(0);
    expect(through.length).toBe(3);
    await expectVersion(NEW);
  } finally {
    await proxy.stop(true);
  }
});

describe("a program that belongs to a package manager is left to it:", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["homebrew/Cellar/zr/1.0.0/bin/zr", "brew upgrade zr"],
    ["lib/node_modules/@acme/zr/bin/zr", "npm install --global @acme/zr@latest"],
    ["scoop/apps/zr/current/zr", "scoop update zr"],
    [".local/share/mise/installs/zr/1.0.0/bin/zr", "mise upgrade zr"],
  ];
  for (const [path, command] of cases)
    test(command, async () => {
      program = place(path);
      await expectRefused(await upgrade(), "E561", `${command} upgrades it`);
      expect(site.asked).toEqual([]);
    });
});

testUnless(withoutMounts())("a folder without room is told, and the old program stays", async () => {
  const small = join(project.home, "small");
  mkdirSync(small);
  Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
  try {
    writeFileSync(join(small, "zr"), script(OLD), { mode: 0o755 });
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    const big = Buffer.concat([Buffer.from(script(NEW)), noise, noise.slice(0, 30_000), noise]);
    await site.publish(NEW, { entries: releaseEntries(NEW, big) });
    const { upgradeProgram } = await import("#engine/release/upgrade-program");
    const { findRelease } = await import("#engine/release/signed-sums");
    const context = { timeoutMs: 5000, signal: new AbortController().signal };
    const release = await findRelease(undefined, { base: site.url, key: key.publicKey }, context);
    if (!release.ok) throw new Error("no release");
    const done = await upgradeProgram(
      {
        release: release.value,
        platform: PLATFORM,
        path: join(small, "zr"),
        os: "linux",
        env: {},
        onProgress: () => {},
      },
      context,
    );
    expect(done).toMatchObject({ ok: false, error: { code: "E566", data: { path: join(small, "zr") } } });
    expect(JSON.stringify(done)).toMatch(/ENOSPC|no space/i);
    expect(readdirSync(small)).toEqual(["zr"]);
    expect(readFileSync(join(small, "zr"), "utf8")).toBe(script(OLD));
  } finally {
    Bun.spawnSync(["umount", small]);
  }
});

/** Root may write everywhere but to what is made unchangeable, which not every file system knows. */
function withoutLocks(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "zr-test-lock-"));
  const isLocked = Bun.spawnSync(["chattr", "+i", folder]).exitCode === 0;
  Bun.spawnSync(["chattr", "-i", folder]);
  rmdirSync(folder);
  return isLocked ? undefined : "nothing can be made unchangeable here";
}

testUnless(withoutLocks())(
  "a folder that nobody may write to is told, and the old program stays",
  async () => {
    await site.publish(NEW);
    const folder = dirname(program);
    const isRoot = process.getuid?.() === 0;
    chmodSync(folder, 0o555);
    if (isRoot) Bun.spawnSync(["chattr", "+i", folder]);
    try {
      await expectRefused(await upgrade(), "E566", /can't replace .*(EACCES|EPERM)/);
    } finally {
      if (isRoot) Bun.spawnSync(["chattr", "-i", folder]);
      chmodSync(folder, 0o755);
    }
    await expectNextTryWorks();
  },
);

test("eight upgrades at once leave one good program", async () => {
  await site.publish(NEW);
  const all = await Promise.all(Array.from({ length: 8 }, () => upgrade()));
  expect(all.map(({ stderr }) => stderr)).toEqual(Array.from({ length: 8 }, () => ""));
  await expectVersion(NEW);
  expect(readdirSync(dirname(program))).toEqual(["zr"]);
});

test("what a killed upgrade has left is cleared away by the next", async () => {
  await site.publish(NEW);
  mkdirSync(join(dirname(program), ".zr-upgrade"));
  writeFileSync(join(dirname(program), ".zr-upgrade", "archive"), "half");
  expect((await upgrade()).code).toBe(0);
  expect(readdirSync(dirname(program))).toEqual(["zr"]);
});

test("Ctrl-C ends it and leaves nothing behind", async () => {
  await site.publish(NEW);
  const asked = Promise.withResolvers<void>();
  site.answer(`download/v${NEW}/${archiveOf(NEW)}`, () => {
    asked.resolve();
    return new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) }),
    );
  });
  const child = Bun.spawn([program, "upgrade"], {
    cwd: project.root,
    env: { ...project.environment(), ZR_DOWNLOAD_TIMEOUT: "1m" },
    stdout: "ignore",
    stderr: "ignore",
  });
  await asked.promise;
  child.kill("SIGINT");
  expect(await child.exited).toBe(130);
  expect(readdirSync(dirname(program))).toEqual(["zr"]);
  await expectVersion(OLD);
});
