import { instanceId, runId } from "#core/model/ids";
import { withoutSecrets } from "#engine/history/masked-record";
import { decodeRecord, encodeRecord } from "#engine/history/record-file";
import type { StoredRun } from "#engine/history/stored-run";
import { damaged } from "#scripts/fuzz/damage";
import { bytesOfText, hold, textCase, textOf, textOfBytes, type FuzzTarget } from "#scripts/fuzz/fuzz-target";

const RUN: StoredRun = {
  v: 1,
  run: runId("20261121-093012-4f2a"),
  wallMs: 1,
  durationMs: 2.5,
  zr: "1",
  jobs: 2,
  requested: [instanceId("a")],
  invocation: { command: "run", options: ["--env=A=1"], words: ["a"], extra: [], cwd: "/w" },
  labels: { a: "b" },
  git: { commit: "0123", dirty: false },
  exitCode: 0,
  instances: [
    {
      id: instanceId("a"),
      package: "",
      task: "a",
      command: "echo é",
      tags: ["x"],
      outcome: { state: "success" },
      attempts: 1,
      durationMs: 1,
      exitCode: 0,
      cacheKey: null,
      log: { file: "pack.zst", start: 0, bytes: 3 },
    },
  ],
};
const PIECES = [
  "{",
  "}",
  "[",
  "]",
  ",",
  '"',
  ":",
  "null",
  "-1",
  "1e999",
  '"packBytes"',
  "\n",
  "\n#end\n",
  "../",
  ".zst",
  '"after":[0],',
];

/** Records of runs, as they lie in the inbox of the history. */
export const history: FuzzTarget = {
  name: "history",
  seeds: () =>
    [0, 3, 40].map((length) =>
      textCase(textOfBytes(encodeRecord({ run: RUN, pack: new Uint8Array(length).fill(7) }))),
    ),
  make: (random, corpus) => damaged(random, corpus, PIECES),
  exercise: (made) => {
    const record = decodeRecord(bytesOfText(textOf(made)));
    if (record === undefined) return "refused";
    const masked = withoutSecrets(record.run, ["echo", "A"]);
    hold(masked.run === record.run.run, "masking changes the name of a run");
    const again = decodeRecord(encodeRecord(record));
    hold(again !== undefined, "a record that was read can't be read again");
    hold(
      JSON.stringify(again.run) === JSON.stringify(record.run) && Buffer.from(again.pack).equals(record.pack),
      "a record is another one when it is written again",
    );
    for (const { log } of record.run.instances)
      hold(log === undefined || !/[/\\]|\.\./.test(log.file), `a log outside of its folder: ${log?.file}`);
    return "read";
  },
};
