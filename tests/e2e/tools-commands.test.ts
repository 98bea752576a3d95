import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { tarGz } from "#tests/support/tar-bytes";
import { sha256, ToolSite } from "#tests/support/tool-site";

const OLD = "18.20.4";
const MIDDLE = "20.11.1";
const NEW = "22.3.0";
const TASK = '[tasks.v]\ncmd = "node --version"\n';
const CONFIG = `[tools]\nnode = "20"\n${TASK}`;

let site: ToolSite;
let project: Project;

beforeEach(async () => {
  site = new ToolSite();
  site.publish(OLD, { lts: "Hydrogen" });
  site.publish(MIDDLE, { lts: "Iron" });
  site.publish(NEW);
  project = await makeProject({ "zr.toml": CONFIG }, { env: site.variables });
});

afterEach(async () => {
  site[Symbol.dispose]();
  await project[Symbol.asyncDispose]();
});

const installed = (): readonly string[] => {
  const folder = join(project.folders.data, "zr", "tools", "node");
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
};

const install = (...words: readonly string[]): Promise<unknown> =>
  project.zr("tools", "install", ...words).expect({ stderr: anything });

describe("zr tools", () => {
  test("list says what is asked for, what it means and whether it is there", async () => {
    await project.zr("tools").expect({
      stdout: "tool  asked for  version  state    by\nnode  20                  missing  zr.toml\n",
    });
    await install();
    await project.zr("tools").expect({
      stdout: `tool  asked for  version  state      by\nnode  20         ${MIDDLE}  installed  zr.toml\n`,
    });
    const { stdout } = await project.zr("tools", "--json").expect({ stdout: anything });
    expect(JSON.parse(stdout)).toMatchObject({
      tools: [{ tool: "node", request: "20", version: MIDDLE, state: "installed" }],
    });
  });

  test("install with a name installs that without pinning it", async () => {
    await install("node@18");
    expect(installed()).toEqual([OLD]);
    expect(project.exists("zr.lock")).toBe(false);
  });

  test("install --dry-run installs nothing", async () => {
    await project.zr("tools", "install", "--dry-run").expect({ stdout: "would install node 20\n" });
    expect(installed()).toEqual([]);
  });

  test("outdated and upgrade go by what is asked for", async () => {
    await install();
    await project.zr("tools", "outdated").expect({
      stdout: `tool  asked for  pinned   wanted   latest\nnode  20         ${MIDDLE}  ${MIDDLE}  ${NEW}\n`,
    });
    site.publish("20.12.0");
    await project
      .zr("tools", "upgrade")
      .expect({ stdout: `node ${MIDDLE} → 20.12.0\n`, stderr: "installed node 20.12.0\n" });
    await project.zr("run", "v").expect({ stdout: "v20.12.0\n" });
    await project
      .zr("tools", "upgrade")
      .expect({ stdout: "all tools are the newest that [tools] asks for\n" });
  });

  test("which and where find the file and the folder", async () => {
    await install();
    const home = join(project.folders.data, "zr", "tools", "node", MIDDLE);
    await project
      .zr("tools", "which", "npm")
      .expect({ stdout: `${home}/bin/npm\n`.replace(project.folders.data, "<data>") });
    await project
      .zr("tools", "where", "node")
      .expect({ stdout: `${home}\n`.replace(project.folders.data, "<data>") });
    await project.zr("tools", "which", "nothing").expect({ code: 1, stderr: /^error\[E425\]/ });
  });

  test("ls-remote lists what there is, the newest first", async () => {
    await project.zr("tools", "ls-remote", "node").expect({ stdout: `${NEW}\n${MIDDLE}\n${OLD}\n` });
    await project.zr("tools", "ls-remote", "node@18").expect({ stdout: `${OLD}\n` });
  });

  test("link makes an installation of the user's own usable, and prune leaves it alone", async () => {
    mkdirSync(project.path("own/bin"), { recursive: true });
    writeFileSync(project.path("own/bin/node"), "#!/bin/sh\necho own\n", { mode: 0o755 });
    await project
      .zr("tools", "link", "node@20.11.1", "own")
      .expect({ stdout: "node 20.11.1 is <root>/own\n" });
    await install();
    await project.zr("run", "v").expect({ stdout: "own\n" });
    await project.zr("tools", "prune").expect({ stderr: "nothing is unused\n" });
    await project.zr("tools", "link", "node@1.0.0", "nowhere").expect({ code: 2, stderr: /^error\[E424\]/ });
    await project.zr("tools", "uninstall", "node@20.11.1").expect({ stdout: "removed node 20.11.1\n" });
    expect(project.exists("own/bin/node")).toBe(true);
  });

  test("prune removes what no lock on this machine pins", async () => {
    await install("node@18");
    await install();
    await project.zr("tools", "prune", "--dry-run").expect({ stdout: `would remove node ${OLD}\n` });
    expect(installed()).toEqual([OLD, MIDDLE]);
    await project.zr("tools", "prune").expect({ stdout: `removed node ${OLD}\n` });
    expect(installed()).toEqual([MIDDLE]);
  });

  test("uninstall of what is not there says what is", async () => {
    await install();
    await project
      .zr("tools", "uninstall", "node@18")
      .expect({ code: 2, stderr: `error[E423]: node@18 is not installed here; installed: node@${MIDDLE}\n` });
  });

  test("refuses a part that it does not have", async () => {
    await project.zr("tools", "isntall").expect({ code: 2, stderr: /did you mean 'install'/ });
  });
});

describe("tools from elsewhere", () => {
  const program = new TextEncoder().encode("#!/bin/sh\necho plain $0\n");

  test("url: an archive, whose digest the first install pins", async () => {
    const bytes = tarGz([{ name: "tool-1.2/tool", mode: 0o755, content: "#!/bin/sh\necho 1.2\n" }]);
    site.answer("/tool-1.2-linux-x64.tgz", bytes);
    project.write(
      "zr.toml",
      `[tools]\ntool = { version = "1.2", url = "${site.url}/tool-{version}-{os}-{arch}.tgz" }\n[tasks.t]\ncmd = "tool"\n`,
    );
    await install();
    await project.zr("run", "t").expect({ stdout: "1.2\n" });
    expect(project.read("zr.lock")).toContain(sha256(bytes));
    await project.zr("tools", "uninstall", "url:tool").expect({ stdout: "removed url:tool 1.2\n" });
    site.answer("/tool-1.2-linux-x64.tgz", tarGz([{ name: "tool", content: "other" }]));
    await project.zr("tools", "install").expect({ code: 1, stderr: /^error\[E416\]/ });
  });

  test("url: a program as it is, with its digest in the configuration", async () => {
    site.answer("/plain", program);
    const entry = (digest: string): string =>
      `[tools]\nplain = { version = "1", url = "${site.url}/plain", sha256 = "${digest}" }\n[tasks.t]\ncmd = "plain"\n`;
    project.write("zr.toml", entry("0".repeat(64)));
    await project.zr("tools", "install").expect({ code: 1, stderr: /^error\[E416\]/ });
    project.write("zr.toml", entry(sha256(program)));
    await install();
    await project.zr("run", "t").expect({ stdout: /^plain .*url-plain\/1\/plain\n$/ });
  });

  test("github: the release's file for this system, by the digest that the API tells", async () => {
    const bytes = tarGz([
      { name: "thing-2.0-linux/bin/thing", mode: 0o755, content: "#!/bin/sh\necho two\n" },
    ]);
    const downloads = "https://github.com/acme/thing/releases/download";
    const asset = (name: string): object => ({
      name,
      browser_download_url: `${downloads}/v2.0.0/${name}`,
      digest: `sha256:${sha256(bytes)}`,
    });
    site.answer(
      "/releases",
      JSON.stringify([
        { tag_name: "v3.0.0-rc1", prerelease: true, assets: [] },
        {
          tag_name: "v2.0.0",
          assets: [
            "thing_2.0.0_checksums.txt",
            "thing_linux_arm64.tar.gz",
            "thing_darwin_amd64.tar.gz",
            "thing_linux_amd64.deb",
            "thing_linux_amd64.tar.gz",
          ].map(asset),
        },
      ]),
    );
    site.answer("/v2.0.0/thing_linux_amd64.tar.gz", bytes);
    project.write(
      "zr.toml",
      `[tools]\n"github:acme/thing" = { version = "latest", mirror = "${site.url}" }\n[tasks.t]\ncmd = "thing"\n`,
    );
    await install();
    await project.zr("run", "t").expect({ stdout: "two\n" });
    expect(project.read("zr.lock")).toContain(`${downloads}/v2.0.0/thing_darwin_amd64.tar.gz`);
  });

  test("a registry's tool whose client is not there is said", async () => {
    project.write("zr.toml", '[tools]\n"cargo:thing" = "1"\n[tasks.t]\ncmd = "true"\n');
    await project
      .zrWith({ env: { PATH: "/nowhere" } }, "tools", "install")
      .expect({ code: 1, stderr: /^error\[E422\]: cargo:thing needs 'cargo', which is not on PATH\n/ });
  });

  test("what a registry's client says when it fails is shown, and nothing is left", async () => {
    project.write("zr.toml", '[tools]\n"cargo:thing" = "1"\n[tasks.t]\ncmd = "true"\n');
    mkdirSync(project.path("fake"));
    const script =
      '#!/bin/sh\ncase $1 in info) echo "version: 1.0.0";; *) echo "no compiler here" >&2; exit 101;; esac\n';
    writeFileSync(project.path("fake/cargo"), script, { mode: 0o755 });
    await project
      .zrWith({ env: { PATH: `${project.path("fake")}:/usr/bin:/bin` } }, "tools", "install")
      .expect({
        code: 1,
        stderr: /^error\[E421\]: can't install cargo:thing: 'cargo install [^']*' failed: no compiler here\n/,
      });
    expect(readdirSync(join(project.folders.data, "zr", "tools", "cargo-thing"))).toEqual([]);
  });
});
