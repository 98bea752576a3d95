import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { makeProject } from "#tests/support/project";
import type { Project } from "#tests/support/project";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const bytesOf = (project: Project, path: string): Buffer => readFileSync(project.path(path));

test("a configuration that is not UTF-8 is changed by no command", async () => {
  await using project = await makeProject({});
  const bytes = latin1('# f\xfcr alle\n[alias]\nb = "list"\n[tasks.x]\ncmd = "true"\n');
  writeFileSync(project.path("zr.toml"), bytes);
  for (const command of [
    ["alias", "set", "t", "list"],
    ["alias", "remove", "b"],
    ["add", "task", "y", "--cmd", "true"],
    ["add", "task", "x", "--force", "--tag", "a"],
  ]) {
    await project.zr(...command).expect({ code: 3, stderr: /^error\[E102\]/ });
    expect(bytesOf(project, "zr.toml")).toEqual(bytes);
  }
});

test("a byte order mark stays where a command adds something", async () => {
  await using project = await makeProject({});
  const before = '\ufeff[tasks.x]\r\ncmd = "true"\r\n';
  writeFileSync(project.path("zr.toml"), before);
  await project.zr("alias", "set", "b", "list").expect({ stderr: /^set b/ });
  await project.zr("add", "task", "y", "--", "true").expect({ stderr: /^added task y/ });
  expect(bytesOf(project, "zr.toml").toString()).toBe(
    `${before}\r\n[alias]\r\nb = "list"\r\n\r\n[tasks.y]\r\ncmd = "true"\r\n`,
  );
});

test("names of another encoding in .gitignore stay when zr adds its own", async () => {
  for (const how of [[], ["--detect"]]) {
    await using project = await makeProject({}, { git: true });
    writeFileSync(project.path(".gitignore"), latin1("f\xfcr\r\n*.o"));
    await project.zr("init", ...how).expect({ stderr: /changed \.gitignore/ });
    expect(bytesOf(project, ".gitignore")).toEqual(latin1("f\xfcr\r\n*.o\r\nzr.local.toml\r\n.zr/\r\n"));
  }
});

test("values of another encoding in .env stay when it is completed", async () => {
  await using project = await makeProject({ "zr.toml": '[setup]\nsteps = ["env"]\n' });
  writeFileSync(project.path(".env"), latin1("PASSWORD=gr\xfcn"));
  writeFileSync(project.path(".env.example"), "PASSWORD=\nPORT=1\n");
  await project.zr("setup").result();
  expect(bytesOf(project, ".env")).toEqual(latin1("PASSWORD=gr\xfcn\nPORT=1\n"));
});

test("a file of an editor's that is not UTF-8 is refused by mcp install", async () => {
  await using project = await makeProject({ "zr.toml": "" });
  const bytes = latin1('{ "note": "f\xfcr alle" }\n');
  writeFileSync(project.path(".mcp.json"), bytes);
  const { stderr } = await project.zr("mcp", "install", "--client", "claude").result();
  expect(stderr).toContain("it is not text in UTF-8");
  expect(bytesOf(project, ".mcp.json")).toEqual(bytes);
});
