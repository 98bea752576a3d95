import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { startsOf } from "./events";

const FILE = `
  [alias]
  bb = "run b"
  twice = "bb -k"
  labelled = "run b --output prefixed"
  [tasks]
  b = 'touch ran; echo "$WHO"'
  c = "echo c"
  [env]
  WHO = "nobody"
  [profiles.ci.env]
  WHO = "ci"
`;

test.each(["bb --dry-run", "-n bb", "bb -n", "twice --dry-run", "-n twice"])(
  "%s reaches the command that the alias stands for: nothing runs",
  async (words) => {
    await using project = await makeProject({ "zr.toml": FILE });
    await project.zr(...words.split(" ")).expect({ stdout: /^level 1\n  b  touch ran/ });
    expect(project.exists("ran")).toBe(false);
  },
);

test("flags, values and events given with an alias count, before and after its name", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  await project.zr("bb", "c", "--raw", "-q", "-j1").expect({ stdout: "nobody\nc\n", stderr: anything });
  await project.zr("-p", "ci", "bb", "--raw").expect({ stdout: "ci\n" });
  await project.zr("bb", "-p", "ci", "--raw").expect({ stdout: "ci\n" });
  await project.zr("bb", "-eWHO=a b", "--raw").expect({ stdout: "a b\n" });
  const { stdout } = await project.zr("bb", "--events=-").expect({ stdout: anything });
  expect(startsOf(stdout)).toEqual(["b"]);
});

test("--chdir with an alias leads to the folder whose aliases and tasks are meant", async () => {
  await using project = await makeProject({
    "inner/zr.toml": '[alias]\nbb = "run b"\n[tasks]\nb = "echo inner"\n',
  });
  await project.zr("-C", "inner", "bb").expect({ stdout: "inner\n" });
  await project.zr("bb", "-C", "inner").expect({ stdout: "inner\n" });
});

test("an option given goes over the same one in the alias", async () => {
  await using project = await makeProject({ "zr.toml": FILE });
  await project.zr("labelled", "c", "-j1").expect({ stdout: "b │ nobody\nc │ c\n", stderr: anything });
  await project.zr("labelled", "c", "-j1", "--output=quiet").expect({ stdout: "", stderr: anything });
});

test("what an alias has behind -- stays there, what is added follows it, and options go before it", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [alias]
      hello = "run say -- one"
      x = "exec -- echo"
      [tasks]
      say = "echo"
    `,
  });
  await project.zr("hello").expect({ stdout: "one\n" });
  await project.zr("hello", "two", "-k", "--loud").expect({ stdout: "one two --loud\n" });
  await project.zr("hello", "--", "-q", "two").expect({ stdout: "one -q two\n" });
  await project.zr("hello", "-n", "--", "two").expect({ stdout: /^level 1/ });
  await project.zr("x", "checkout", "--", "file").expect({ stdout: "checkout -- file\n" });
});
