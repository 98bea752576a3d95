import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";

const FILES = {
  "zr.toml": '[workspace]\nmembers = ["web"]\n[alias]\nb = "run build"\n',
  "web/zr.toml": '[tasks.build]\ncmd = "true"\n',
};

test("a dry run of exec says the command and does not start it", async () => {
  await using project = await makeProject(FILES);
  await project
    .zr("exec", "--dry-run", "--", "touch", "made here")
    .expect({ stdout: "would run touch 'made here'\n" });
  expect(project.exists("made here")).toBe(false);
});

test("a dry run of alias says what would be in the file and leaves it as it is", async () => {
  await using project = await makeProject(FILES);
  const before = project.read("zr.toml");
  await project
    .zr("alias", "set", "t", "run test", "-n")
    .expect({ stderr: "would set t = run test in zr.toml\n" });
  await project.zr("alias", "remove", "b", "-n").expect({ stderr: "would remove b in zr.toml\n" });
  const { stdout } = await project.zr("alias", "remove", "b", "-n", "--json").result();
  expect(JSON.parse(stdout)).toMatchObject({ removed: { name: "b" }, dryRun: true });
  expect(project.read("zr.toml")).toBe(before);
});

test("a dry run of prune counts what a copy would have and leaves one that is there alone", async () => {
  await using project = await makeProject(FILES);
  const real = await project.zr("prune", "--docker", "web", "-o", "first").result();
  await project
    .zr("prune", "--docker", "web", "-o", "first", "--dry-run")
    .expect({ stdout: `would copy ${real.stdout}` });
  expect(project.exists("first/full/web/zr.toml")).toBe(true);
  await project
    .zr("prune", "--docker", "web", "-o", "second", "--dry-run")
    .expect({ stdout: `would copy ${real.stdout.replaceAll("first", "second")}` });
  expect(project.exists("second")).toBe(false);
});

test("a dry run of trust and untrust changes nothing of what the hook may use", async () => {
  await using project = await makeProject({ "zr.toml": '[env]\nMODE = "on"\n' });
  const prompt = (): Promise<{ stdout: string }> => project.zr("hook", "bash", "--prompt").result();
  await project.zr("trust", "--dry-run").expect({ stdout: "would trust zr.toml\n" });
  expect((await prompt()).stdout).not.toContain("MODE");
  await project.zr("trust").expect({ stdout: "trusted zr.toml\n" });
  await project.zr("untrust", "--dry-run").expect();
  expect((await prompt()).stdout).toContain("export MODE='on'");
});

test("a dry run writes none of the files that were asked for, and says which", async () => {
  await using project = await makeProject(FILES);
  await project.zr("schema", "-o", "schema.json", "-n").expect({ stderr: "would write schema.json\n" });
  await project
    .zr("graph", "--format", "html", "-o", "g.html", "-n")
    .expect({ stderr: "would write g.html\n" });
  await project
    .zr("analytics", "-n")
    .expect({ stdout: "", stderr: "would write .zr/pages/analytics.html\n" });
  await project.zr("analytics", "--json", "-o", "a.json", "-n").expect({ stderr: "would write a.json\n" });
  for (const path of ["schema.json", "g.html", "a.json", ".zr/pages/analytics.html"])
    expect(project.exists(path)).toBe(false);
});

test("a dry run of completion and of tools link leaves the home as it is", async () => {
  await using project = await makeProject({ ...FILES, "node/bin/node": "" });
  await project
    .zr("completion", "install", "fish", "-n")
    .expect({ stderr: /^fish: would write .*zr\.fish\n/ });
  await project.zr("completion", "uninstall", "fish").expect({ stderr: /there is no/ });
  await project.zr("completion", "install", "fish").expect({ stderr: /wrote/ });
  await project.zr("completion", "uninstall", "fish", "-n").expect({ stderr: /would remove/ });
  await project.zr("completion", "install", "fish").expect({ stderr: /is up to date/ });
  await project
    .zr("tools", "link", "node@20.0.0", "node", "-n")
    .expect({ stdout: /^node 20\.0\.0 would be / });
  await project.zr("tools", "link", "node@20.0.0", "node").expect({ stdout: /^node 20\.0\.0 is / });
});
