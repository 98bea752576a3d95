import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anything } from "#tests/support/run";
import { startSshServer } from "#tests/support/ssh-server";
import { makeRemoteProject } from "./remote-project";
import { absenceOf, describeUnless } from "#tests/support/left-out";

const server = await startSshServer();
afterAll(async () => {
  if (!("unavailable" in server)) await server.stop();
});

describeUnless(absenceOf(server))("sync of a remote task over sshd on loopback", () => {
  test("copies inputs there and outputs back, with their modes, and nothing else", async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    const long = `${"deep/".repeat(30)}file.txt`;
    project.write(
      "zr.toml",
      `
      [tasks.build]
      cmd = "test ! -e other.txt && test ! -e src/skip.txt && mkdir -p dist/sub && ./src/link > dist/sub/out.txt && ln -s sub/out.txt dist/linked && cp src/${long} 'dist/-odd name' && cp src/tool dist/tool && touch dist/skip.o left.txt"
      inputs = ["src", "!src/skip.txt"]
      outputs = ["dist/**", "!**/*.o"]
      remote = { host = "box", cwd = "${there}", sync = true }
    `,
    );
    project.write("src/tool", "#!/bin/sh\necho built\n");
    Bun.spawnSync(["chmod", "+x", project.path("src/tool")]);
    symlinkSync("tool", project.path("src/link"));
    project.write(`src/${long}`, "from far down\n");
    for (const name of ["src/skip.txt", "other.txt"]) project.write(name, "stays here");
    await project.zr("run", "build").expect({ stdout: anything, stderr: anything });
    expect(project.read("dist/sub/out.txt")).toBe("built\n");
    expect(project.read("dist/-odd name")).toBe("from far down\n");
    expect(Bun.spawnSync([project.path("dist/tool")]).stdout.toString()).toBe("built\n");
    expect(readdirSync(project.path("dist")).sort()).toEqual(["-odd name", "sub", "tool"]);
    expect(project.exists("left.txt")).toBe(false);
  });

  test("copies files with their times, so that a tool there sees which of them has changed since it ran last", async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `
      [tasks.make]
      cmd = "if test ! -e out.txt || test in.txt -nt out.txt; then cat in.txt > out.txt; echo made; else echo up to date; fi"
      remote = { host = "box", cwd = "${there}", sync = { up = ["in.txt"] } }
    `,
    );
    project.write("in.txt", "first");
    await project.zr("run", "make", "--raw").expect({ stdout: "made\n" });
    await project.zr("run", "make", "--raw").expect({ stdout: "up to date\n" });
    project.write("in.txt", "second");
    await project.zr("run", "make", "--raw").expect({ stdout: "made\n" });
  });

  test("brings reports of failed commands back too, and fails where a file can't be put in its place", async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    project.write(
      "zr.toml",
      `
      [tasks.test]
      cmd = "mkdir -p out && echo bad > out/report; exit 3"
      remote = { host = "box", cwd = "${there}", sync = { down = ["out"] } }
      [tasks.escape]
      cmd = "mkdir -p way/in && echo owned > way/in/file"
      remote = { host = "box", cwd = "${there}", sync = { down = ["way/**"] } }
    `,
    );
    await project.zr("run", "test").expect({ code: 3, stdout: anything, stderr: anything });
    expect(project.read("out/report")).toBe("bad\n");
    const outside = join(project.folders.temp, "outside");
    mkdirSync(join(outside, "in"), { recursive: true });
    symlinkSync(outside, project.path("way"));
    await project.zr("run", "escape").expect({
      code: 1,
      stdout: anything,
      stderr: /box:way\/in\/file: could not be copied back: a link on the way leads out of the folder/,
    });
    expect(readdirSync(join(outside, "in"))).toEqual([]);
  });

  test("takes only what it has asked for from a host that sends something else", async () => {
    const { project, there } = await makeRemoteProject(server);
    await using _ = project;
    const evil = join(there, "bin");
    mkdirSync(evil);
    project.write(
      "zr.toml",
      `
      [tasks.a]
      cmd = "mkdir -p out; echo x > out/x"
      env = { PATH = "${evil}:/usr/bin:/bin" }
      remote = { host = "evil", cwd = "${there}", sync = { down = ["out/**"] } }
    `,
    );
    // An ssh whose other side has a tar of its own.
    const ssh = "unavailable" in server ? "" : server.ssh;
    writeFileSync(
      project.path("ssh"),
      `#!/bin/sh\nfor last; do :; done\nexec ${ssh} -T box "PATH=${evil}:\\$PATH $last"\n`,
      { mode: 0o755 },
    );
    for (const [name, tar] of [
      ["../escaped", "echo y > $d/escaped; cd $d/w; exec $t -P -cf - ../escaped"],
      ["out/link", "ln -s / out/link; exec $t -cf - out/link"],
      ["out/other", "echo y > out/other; exec $t -cf - out/other"],
    ]) {
      writeFileSync(
        join(evil, "tar"),
        `#!/bin/sh\nt=/usr/bin/tar d=${there}; mkdir -p $d/w out; rm -rf out/link\n${tar}\n`,
        { mode: 0o755 },
      );
      const { stderr } = await project
        .zrWith({ env: { ZR_SSH: project.path("ssh") } }, "run", "a")
        .expect({ code: 1, stdout: anything, stderr: anything });
      expect(stderr).toContain(`evil:${name}: came back, but was not asked for`);
    }
    expect(existsSync(join(project.root, "..", "escaped"))).toBe(false);
    expect(project.exists("out")).toBe(false);
  });
});
