import { readdirSync } from "node:fs";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { startsOf } from "./events";
import { whyOf } from "./workflow-events";

test("a resumed run has the list that its input was given, text by text", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      gate = "test -e ready"
      say = "echo said"
      [workflows.ship]
      inputs = [{ name = "files", variadic = true }]
      [[workflows.ship.stages]]
      name = "gate"
      tasks = ["gate"]
      [[workflows.ship.stages]]
      name = "say"
      tasks = ["say"]
      condition = "len(args.files) == 2"
    `,
  });
  await project.zr("workflow", "ship", "a", "b c").expect({ code: 1, stdout: anything, stderr: anything });
  project.write("ready", "");
  await project
    .zr("workflow", "ship", "--resume=last", "--raw")
    .expect({ stdout: "said\n", stderr: anything });
});

test("what a run with --only was not to run is not run either where it is resumed", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      check = "test -e ready"
      build = "echo build"
      deploy = "echo deploy"
      [workflows.ship]
      steps = [{ run = "check" }, { run = "build" }, { run = "deploy" }]
    `,
  });
  await project
    .zr("workflow", "ship", "--only=check", "--only=build")
    .expect({ code: 1, stdout: anything, stderr: anything });
  // Resumed twice: the state of a resumed run has to say so too.
  await project
    .zr("workflow", "ship", "--resume=last")
    .expect({ code: 1, stdout: anything, stderr: anything });
  project.write("ready", "");
  const { stdout } = await project
    .zr("workflow", "ship", "--resume=last", "--events=-")
    .expect({ stdout: anything, stderr: anything });
  expect(startsOf(stdout)).toEqual(["check", "build"]);
  expect(whyOf(stdout, "deploy")).toBe("not asked for");
});

test("no run is meant by an empty text, even where there is only one", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      check = { cmd = "echo x > made; exit 1", artifacts = ["made"] }
      [workflows.ship]
      steps = [{ run = "check" }]
    `,
  });
  await project.zr("workflow", "ship").expect({ code: 1, stdout: anything, stderr: anything });
  const refused: readonly [readonly string[], RegExp][] = [
    [["workflow", "ship", "--resume="], /E266\]: there is no run '' of a workflow/],
    [["rerun", ""], /E400\]: '' is no run of the history/],
    [["logs", ""], /E400\]: '' is no run of the history/],
    [["artifacts", "clean", "--run="], /E195\]/],
  ];
  for (const [words, stderr] of refused) await project.zr(...words).expect({ code: 2, stderr });
  expect((await project.zr("artifacts").expect({ stdout: /made/ })).stdout).toContain("check");
});

test("a run that still goes on, or is gone on with, is not resumed beside; one that was killed is", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      build = "echo build"
      deploy = "${cmd("deploy")}"
      [workflows.ship]
      steps = [{ run = "build" }, { run = "deploy" }]
    `,
  });
  const first = project.zr("workflow", "ship");
  const deploying = await project.command("deploy").started();
  const [id = ""] = readdirSync(project.path(".zr/workflows")).map((name) => name.replace(".json", ""));
  const refused = { code: 2, stderr: /E267\]: run .* can't be resumed: it still goes on/ };
  await project.zr("workflow", "ship", "--resume=last").expect(refused);
  first.kill("SIGKILL");
  await first.result();
  await deploying.closed;
  const second = project.zr("workflow", "ship", `--resume=${id}`);
  const again = await project.command("deploy").started();
  await project.zr("workflow", "ship", `--resume=${id}`).expect(refused);
  again.exit(1);
  await second.expect({ code: 1, stderr: anything });
  const third = project.zr("workflow", "ship", `--resume=${id}`);
  (await project.command("deploy").started()).exit();
  await third.expect({ stderr: anything });
  expect(project.command("deploy").count).toBe(3);
});
