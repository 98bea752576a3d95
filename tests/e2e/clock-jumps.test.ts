import { existsSync } from "node:fs";
import { expect } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";
import { cmd } from "#tests/support/scripted-command";
import { eventsOf } from "./events";
import { testUnless } from "#tests/support/left-out";

/** Debian's `faketime`: shows programs another wall clock, which a file sets while they run. */
const LIBRARY = ["x86_64", "aarch64"]
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));

testUnless(LIBRARY === undefined ? "no libfaketime here" : undefined)(
  "a wall clock that jumps in the middle of a run changes no duration and fires no timeout",
  async () => {
    await using project = await makeProject({
      "zr.toml": `
        [tasks.t]
        cmd = "${cmd("t")}"
        timeout = "1h"
      `,
      clock: "+0\n",
    });
    for (const jump of ["-30d", "+30d"]) {
      project.write("clock", "+0\n");
      const run = project.zrWith(
        {
          env: {
            LD_PRELOAD: LIBRARY,
            FAKETIME_TIMESTAMP_FILE: project.path("clock"),
            FAKETIME_NO_CACHE: "1",
            FAKETIME_DONT_FAKE_MONOTONIC: "1",
            DONT_FAKE_MONOTONIC: "1",
          },
        },
        "run",
        "t",
        "--events=-",
        "--timeout=1h",
      );
      const child = await project.command("t").started();
      project.write("clock", `${jump}\n`);
      child.exit();
      const { stdout } = await run.expect({ stdout: anything, stderr: anything });
      for (const event of eventsOf(stdout)) {
        expect(event.at).toBeWithin(0, 60_000);
        if ("durationMs" in event) expect(event.durationMs).toBeWithin(0, 60_000);
      }
    }
    const { stdout } = await project.zr("history", "--json").expect({ stdout: anything });
    const runs: readonly { readonly durationMs: number }[] = JSON.parse(stdout).runs;
    expect(runs).toHaveLength(2);
    for (const { durationMs } of runs) expect(durationMs).toBeWithin(0, 60_000);
  },
);
