import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

test("a ready command that doesn't end is ended with the probe's time, and its server is no dependency then", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      server = { cmd = "sleep 1000", persistent = true, ready = { exec = "sleep 1000", timeout = "50ms" } }
      use = { cmd = "echo used", deps = ["server"] }
    `,
  });
  await project.zr("run", "use").expect({
    code: 124,
    stdout: "",
    stderr: /server timed out: did not become ready: no success of 'sleep 1000'/,
  });
  expect(project.processes()).toEqual([]);
});

test("a ready command that still runs when its server ends is ended too, also what has left its group", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      server = { cmd = "while ! test -e looked; do sleep 0.01; done; exit 3", persistent = true, ready = { exec = "setsid sleep 1000 & touch looked; sleep 1000" } }
      use = { cmd = "echo used", deps = ["server"] }
    `,
  });
  await project.zr("run", "use").expect({ code: 1, stdout: "", stderr: /server failed: exit code 3/ });
  expect(project.processes()).toEqual([]);
});

test.each([
  ["log", `log = "up"`, "no 'up' in its output"],
  ["tcp", `tcp = "127.0.0.1:1"`, "no connection to 127.0.0.1:1"],
  ["http", `http = "http://127.0.0.1:1/"`, "no good answer from http://127.0.0.1:1/"],
  ["exec", `exec = "false"`, "no success of 'false'"],
])("a server that did not become ready says what was missing: %s", async (_, probe, missing) => {
  await using project = await makeProject({
    "zr.toml": `
      [tasks]
      server = { cmd = "sleep 1000", persistent = true, timeout = "1h", ready = { ${probe}, timeout = "30ms", interval = "5ms" } }
      use = { cmd = "echo used", deps = ["server"] }
    `,
  });
  await project.zr("run", "use").expect({
    code: 124,
    stdout: anything,
    stderr: new RegExp(`did not become ready: ${missing} within`),
  });
});
