import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { fakeTool } from "#tests/support/setup-answer";
import { tarGz } from "#tests/support/tar-bytes";
import { sha256, ToolSite } from "#tests/support/tool-site";

describe("a language whose makers publish no archives with digests", () => {
  test.each([
    ["ruby", "its makers publish sources only", "rbenv"],
    ["php", "no programs for Linux and macOS", "the system's packages"],
    ["swift", "no digests of them are published", "swiftly"],
    ["cmake", "compilers belong to the system", "github:Kitware/CMake"],
    ["docker", "it is a service of the system", "Docker Engine"],
  ])("%s: says why there is none, and what to do instead", async (tool, why, instead) => {
    await using project = await makeProject({
      "zr.toml": `[tools]\n${tool} = "3.3"\n[tasks.a]\ncmd = "true"\n`,
    });
    for (const words of [
      ["tools", "install"],
      ["tools", "install", `${tool}@3.3`],
      ["tools", "ls-remote", tool],
      ["run", "a", "--yes"],
      ["validate"],
    ]) {
      const run = await project.zr(...words).result();
      expect(run.code).toBe(3);
      expect(run.stderr).toContain(`error[E427]: zr can't install ${tool}: `);
      expect(run.stderr).toContain(why);
      expect(run.stderr).toContain(instead);
    }
    expect(existsSync(project.path("zr.lock"))).toBe(false);
  });

  test("can be asked for as the system's: it is run, and doctor looks for it", async () => {
    await using project = await makeProject({
      "zr.toml": '[tools]\nruby = "system"\n[tasks.a]\ncmd = "ruby x"\n',
    });
    await project.zr("validate").expect({ stdout: anything, stderr: anything });
    fakeTool(project, "ruby", 'echo "ruby $*"');
    await project.zr("run", "a").expect({ stdout: "ruby x\n" });
    const { stdout } = await project.zr("doctor", "tools").expect({ stdout: anything });
    expect(stdout).toMatch(/ruby +ok +the system's: /);
  });
});

test("a tool of the system is found by doctor under any of its names", async () => {
  await using project = await makeProject({
    "zr.toml": '[tools]\npython = "system"\n"npm:@scope/thing" = "system"\n[tasks.a]\ncmd = "true"\n',
    "bin/python3": "#!/bin/sh\n",
    "bin/thing": "#!/bin/sh\n",
  });
  for (const name of ["python3", "thing"]) chmodSync(project.path(`bin/${name}`), 0o755);
  const { stdout } = await project
    .zrWith({ env: { PATH: project.path("bin") } }, "doctor", "tools")
    .expect({ stdout: anything });
  expect(stdout).toMatch(/python +ok +the system's: \S+\/python3\n/);
  expect(stdout).toMatch(/npm:@scope\/thing +ok +the system's: \S+\/thing\n/);
});

describe("an archive of which only the SHA-512 is published", () => {
  const VERSION = "8.0.403";
  const ARCHIVE = `/Sdk/${VERSION}/dotnet-sdk-${VERSION}-linux-x64.tar.gz`;
  const bytes = tarGz([
    { name: "./", type: "5", mode: 0o755 },
    { name: "./dotnet", mode: 0o755, content: '#!/bin/sh\necho "$1 $(basename "$DOTNET_ROOT")"\n' },
  ]);
  let site: ToolSite;
  let project: Project;

  /** The publisher's lists, saying that the archive has this digest. */
  const publish = (hash: string): void => {
    const official = "https://builds.dotnet.microsoft.com/dotnet";
    site.answer(
      "/release-metadata/releases-index.json",
      JSON.stringify({
        "releases-index": [
          {
            "channel-version": "8.0",
            "support-phase": "active",
            "release-type": "lts",
            "releases.json": `${official}/release-metadata/8.0/releases.json`,
          },
        ],
      }),
    );
    const files = [
      { name: "dotnet-sdk-linux-x64.tar.gz", rid: "linux-x64", url: `${official}${ARCHIVE}`, hash },
    ];
    site.answer(
      "/release-metadata/8.0/releases.json",
      JSON.stringify({ "release-type": "lts", releases: [{ sdks: [{ version: VERSION, files }] }] }),
    );
    site.answer(ARCHIVE, bytes);
  };

  const sha512 = new Bun.CryptoHasher("sha512").update(bytes).digest("hex");

  beforeEach(async () => {
    site = new ToolSite();
    project = await makeProject(
      { "zr.toml": '[tools]\ndotnet = "8"\n[tasks.v]\ncmd = "dotnet ran"\n' },
      { env: { ZR_MIRROR_DOTNET: site.url } },
    );
  });

  afterEach(async () => {
    site[Symbol.dispose]();
    await project[Symbol.asyncDispose]();
  });

  test("is held against it and pinned by its SHA-256, by which the next machine installs it", async () => {
    publish(sha512);
    await project.zr("tools", "install").expect({ stderr: `installed dotnet ${VERSION}\n` });
    expect(project.read("zr.lock")).toContain(
      `archives.linux-x64 = { url = "https://builds.dotnet.microsoft.com/dotnet${ARCHIVE}", sha256 = "${sha256(bytes)}" }`,
    );
    await project.zr("run", "v").expect({ stdout: `ran ${VERSION}\n` });
    await project.zr("tools", "uninstall", "dotnet").expect({ stdout: anything });
    site.asked.length = 0;
    await project.zr("tools", "install", "--locked").expect({ stderr: anything });
    expect(site.asked).toEqual([ARCHIVE]);
  });

  test("is refused where it has another one, and nothing of it is kept", async () => {
    publish("0".repeat(128));
    await project.zr("tools", "install").expect({
      code: 1,
      stderr: new RegExp(`error\\[E416\\]: .*its SHA-512 is ${sha512}, not 0{128}`),
    });
    expect(existsSync(join(project.folders.data, "zr", "tools", "dotnet", VERSION))).toBe(false);
    expect(existsSync(project.path("zr.lock"))).toBe(false);
    publish(sha512);
    await project.zr("tools", "install").expect({ stderr: `installed dotnet ${VERSION}\n` });
  });

  test("is not offered where no digest is published", async () => {
    publish("");
    await project
      .zr("tools", "install")
      .expect({ code: 1, stderr: /error\[E413\]: dotnet 8\.0\.403 is not published/ });
  });
});
