import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { samplesAfter } from "./resource-events";

const MB = 1024 * 1024;

test("what a task reserves by max_memory keeps another back until it fits into max_total_memory", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [global.resources]
      max_total_memory = "3GB"
      [tasks]
      a = { cmd = "${cmd("a")}", resources = { max_memory = "2GB", priority = 1 } }
      b = { cmd = "${cmd("b")}", resources = { max_memory = "2GB" } }
      c = { cmd = "${cmd("c")}", resources = { max_memory = "1GB" } }
    `,
  });
  const run = project.zr("run", "a", "b", "c");
  const [a, c] = await Promise.all([project.command("a").started(), project.command("c").started()]);
  c.exit();
  await c.closed;
  expect(project.command("b").count).toBe(0);
  a.exit();
  (await project.command("b").started()).exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("memory that a task has beyond what it reserves counts as soon as it is seen", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [global.resources]
      max_total_memory = "600MB"
      [tasks]
      big = "${cmd("big")}"
      first = "${cmd("first")}"
      then = { cmd = "${cmd("then")}", deps = ["first"], resources = { max_memory = "300MB" } }
    `,
  });
  const run = project.zr("run", "big", "then", "--monitor", "--events", "-");
  const [big, first] = await Promise.all([
    project.command("big").started(),
    project.command("first").started(),
  ]);
  await big.hold(400 * MB);
  await samplesAfter(run, (sample) => sample.total.memoryBytes > 400 * MB, 2);
  first.exit();
  await run.waitForOutput(/"type":"instance.queued","id":"then"/, "stdout");
  await samplesAfter(run, () => true, 2);
  expect(project.command("then").count).toBe(0);
  big.exit();
  (await project.command("then").started()).exit();
  await run.expect({ stdout: anything, stderr: anything });
});

test("an instance that reserves more than the total is an error before anything starts, and so is one beside a server that it needs", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [global.resources]
      max_total_memory = "2GB"
      [tasks]
      small = "touch ran"
      big = { cmd = "touch ran", deps = ["small"], resources = { max_memory = "3GB" } }
      server = { cmd = "touch ran; sleep 1000", persistent = true, ready = { exec = "true" }, resources = { max_memory = "1.5GB" } }
      client = { cmd = "true", deps = ["server"], resources = { max_memory = "1GB" } }
    `,
  });
  await project
    .zr("run", "big")
    .expect({ code: 3, stderr: /E165[^]*it needs 3\.0 GB of memory, and there are only 2\.0 GB/ });
  await project
    .zr("run", "client")
    .expect({ code: 3, stderr: /E165[^]*1\.0 GB of memory beside the servers that it needs[^]*512\.0 MB/ });
  expect(project.exists("ran")).toBe(false);
});

test("a server with a reservation never keeps a task that does not need it from running", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [global.resources]
      max_total_memory = "1GB"
      [tasks]
      server = { cmd = "${cmd("server")}", persistent = true, resources = { max_memory = "800MB", priority = 1 } }
      job = { cmd = "echo done", resources = { max_memory = "800MB" } }
    `,
  });
  const run = project.zr("run", "server", "job", "--raw");
  await project.command("server").started();
  await run.waitForOutput("done", "stdout");
  run.kill("SIGINT");
  await run.expect({ code: 130, stdout: anything, stderr: anything });
});

test("while the machine is above max_cpu_percent one task runs at a time, and all of them do in the end", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [global.resources]
      max_cpu_percent = 1
      [tasks]
      a = { cmd = "${cmd("a")}", resources = { priority = 1 } }
      b = "${cmd("b")}"
    `,
  });
  const busy = Bun.spawn(["sh", "-c", "while :; do :; done"]);
  try {
    const run = project.zr("run", "a", "b", "--monitor", "--events", "-");
    const a = await project.command("a").started();
    await samplesAfter(run, () => true, 3);
    expect(project.command("b").count).toBe(0);
    a.exit();
    (await project.command("b").started()).exit();
    await run.expect({ stdout: anything, stderr: anything });
  } finally {
    busy.kill("SIGKILL");
  }
});

test("on a machine that is not too busy max_cpu_percent keeps nothing back", async () => {
  await using project = await makeProject({
    "zr.toml": `[global.resources]\nmax_cpu_percent = 100\n[tasks]\na = "${cmd("a")}"\nb = "${cmd("b")}"`,
  });
  const run = project.zr("run", "a", "b");
  const both = await Promise.all([project.command("a").started(), project.command("b").started()]);
  for (const child of both) child.exit();
  await run.expect({ stdout: anything, stderr: anything });
});
