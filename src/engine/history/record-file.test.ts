import { expect, test } from "bun:test";
import { instanceId, runId } from "#core/model/ids";
import { decodeRecord, encodeRecord } from "./record-file";
import type { StoredRun } from "./stored-run";
import { withoutSecrets } from "./masked-record";

const RUN: StoredRun = {
  v: 1,
  run: runId("20261121-093012-4f2a"),
  wallMs: 1,
  durationMs: 2.5,
  zr: "1",
  jobs: 2,
  requested: [instanceId("a")],
  invocation: { command: "run", options: ["--env=A=1"], words: ["a"], extra: [], cwd: "/w" },
  labels: {},
  exitCode: 0,
  instances: [
    {
      id: instanceId("a"),
      package: "",
      task: "a",
      command: "echo é",
      tags: [],
      outcome: { state: "success" },
      attempts: 1,
      durationMs: 1,
      exitCode: 0,
      cacheKey: null,
      log: { file: "pack.zst", start: 0, bytes: 3 },
    },
  ],
};
const PACK = Uint8Array.of(0x0a, 0xff, 0x00);

test("a record is read back as it was written", () => {
  const read = decodeRecord(encodeRecord({ run: RUN, pack: PACK }));
  expect(read?.run).toEqual(RUN);
  expect([...(read?.pack ?? [])]).toEqual([...PACK]);
});

test("a record that was cut off anywhere, or that has more behind it, is none", () => {
  const bytes = encodeRecord({ run: RUN, pack: PACK });
  for (let length = 0; length < bytes.length; length += 1)
    expect(decodeRecord(bytes.subarray(0, length))).toBeUndefined();
  expect(decodeRecord(Uint8Array.of(...bytes, 0x0a))).toBeUndefined();
});

test.each<[string, unknown]>([
  ["an id that leads elsewhere", { ...RUN, run: "../../../etc" }],
  [
    "a log that leads elsewhere",
    { ...RUN, instances: [{ ...RUN.instances[0], log: { file: "../x.zst", start: 0, bytes: 1 } }] },
  ],
  ["a place before the first", { ...RUN, instances: [{ ...RUN.instances[0], after: [-1] }] }],
  ["places that are none", { ...RUN, instances: [{ ...RUN.instances[0], after: "0" }] }],
  ["a state that is none", { ...RUN, instances: [{ ...RUN.instances[0], outcome: { state: "odd" } }] }],
  ["words that are none", { ...RUN, invocation: { ...RUN.invocation, words: [1] } }],
  ["another version", { ...RUN, v: 2 }],
  ["labels that are none", { ...RUN, labels: { a: {} } }],
  ["a commit that is none", { ...RUN, git: { commit: 7, dirty: null } }],
  ["nothing", null],
])("%s is no record", (_, run) => {
  expect(decodeRecord(encodeRecord({ run: run as StoredRun, pack: PACK }))).toBeUndefined();
});

test("secrets are masked wherever they stand, also where JSON writes them in another way", () => {
  const secret = 'pass"zebra\\1';
  const run = withoutSecrets(
    {
      ...RUN,
      labels: { note: `is ${secret}` },
      invocation: { ...RUN.invocation, options: [`--env=KEY=${secret}`, "--keep-going"] },
    },
    [secret],
  );
  expect(JSON.stringify(run)).not.toContain("zebra");
  expect(run.labels).toEqual({ note: "is ****" });
  expect(run.invocation).toEqual({ ...RUN.invocation, options: ["--env=KEY", "--keep-going"] });
  expect(withoutSecrets(RUN, [secret])).toBe(RUN);
  const elsewhere = withoutSecrets({ ...RUN, invocation: { ...RUN.invocation, extra: [secret] } }, [secret]);
  expect(elsewhere.invocation).toMatchObject({ extra: ["****"], isMasked: true });
});
