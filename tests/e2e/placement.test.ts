import { cpus, getPriority } from "node:os";
import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const SHOW = "nice; taskset -cp $$";
/** Some machines give a test fewer CPUs than they have. */
const ALLOWED = /list: (.*)/.exec(Bun.spawnSync(["sh", "-c", "taskset -cp $$"]).stdout.toString())?.[1] ?? "";
const FIRST = /^\d+/.exec(ALLOWED)?.[0] ?? "0";
/** A niceness is added to what the tests themselves run with. */
const nicer = (by: number): number => Math.min(getPriority() + by, 19);

test("nice and cpu_affinity hold for a task and all it starts", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      shell = { cmd = "${SHOW}", nice = 7, cpu_affinity = [${FIRST}] }
      direct = { cmd = "sh -c '${SHOW}'", nice = 7, cpu_affinity = [${FIRST}] }
      plain = "${SHOW}"
    `,
  });
  const placed = new RegExp(`^${nicer(7)}\\npid \\d+'s current affinity list: ${FIRST}\\n$`);
  await project.zr("run", "shell").expect({ stdout: placed });
  await project.zr("run", "direct").expect({ stdout: placed });
  await project.zr("run", "plain").expect({ stdout: new RegExp(`^${nicer(0)}\\n.*list: ${ALLOWED}\\n$`) });
});

test("without a control group max_cpu keeps a task to so many CPUs and lets others go first", async () => {
  await using project = await makeProject(
    { "zr.toml": `[tasks.a]\ncmd = "${SHOW}"\nresources = { max_cpu = 0.5 }` },
    { env: { ZR_NO_CGROUP: "1" } },
  );
  const { stdout } = await project.zr("run", "a").expect({ stdout: anything });
  const [nice, list = ""] = stdout.split("\n");
  expect(nice).toBe(`${nicer(10)}`);
  if (cpus().length > 1) expect(list).toMatch(/list: \d+$/);
});

test("a task's own nice goes before what max_cpu would bring", async () => {
  await using project = await makeProject(
    { "zr.toml": `[tasks.a]\ncmd = "nice"\nnice = 3\nresources = { max_cpu = "50%" }` },
    { env: { ZR_NO_CGROUP: "1" } },
  );
  await project.zr("run", "a").expect({ stdout: `${nicer(3)}\n` });
});
