import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { historyFolder } from "./history-folder";
import type { HistoryFolder } from "./history-folder";
import { ingestAfterRun } from "./ingest-after-run";
import { openHistory, updateHistory } from "./open-history";
import { listRuns } from "./queries";
import { encodeRecord } from "./record-file";
import type { StoredRun } from "./stored-run";

const LIMITS = { keep: 100, maxAgeMs: Number.MAX_SAFE_INTEGER, maxSize: 1e9 };

async function inFolder(body: (folder: HistoryFolder) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "zr-history-"));
  const folder = historyFolder(root);
  mkdirSync(folder.inbox, { recursive: true });
  try {
    await body(folder);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function record(folder: HistoryFolder, tail: string): void {
  const run = {
    v: 1,
    run: `20260101-000000-${tail}`,
    wallMs: Number.parseInt(tail, 36),
    durationMs: 1,
    zr: "1",
    jobs: 1,
    requested: [],
    invocation: { command: "run", options: [], words: [tail], extra: [], cwd: "/" },
    labels: {},
    exitCode: 0,
    instances: [],
  } as unknown as StoredRun;
  writeFileSync(`${folder.inbox}/${run.run}.run`, encodeRecord({ run, pack: new Uint8Array(0) }));
}

async function words(folder: HistoryFolder): Promise<readonly string[]> {
  const { database } = await openHistory(folder, LIMITS);
  const runs = database === undefined ? [] : listRuns(database, { labels: [], limit: 1000 });
  database?.close();
  return runs.map(({ invocation }) => invocation.words.join(" "));
}

test("records are left where no more than so many wait", async () => {
  await inFolder(async (folder) => {
    for (const tail of ["aaaa", "aaab"]) record(folder, tail);
    await ingestAfterRun(folder, LIMITS, 2);
    expect(readdirSync(folder.inbox)).toHaveLength(2);
    record(folder, "aaac");
    await ingestAfterRun(folder, LIMITS, 2);
    expect(readdirSync(folder.inbox)).toEqual([]);
    expect(await words(folder)).toEqual(["aaac", "aaab", "aaaa"]);
  });
});

test("a record that comes again counts once", async () => {
  await inFolder(async (folder) => {
    for (let round = 0; round < 2; round += 1) {
      record(folder, "aaaa");
      expect(await updateHistory(folder, LIMITS)).toEqual([]);
    }
    expect(await words(folder)).toEqual(["aaaa"]);
    expect(readdirSync(folder.inbox)).toEqual([]);
  });
});

test("a damaged database is replaced at the end of a run too", async () => {
  await inFolder(async (folder) => {
    writeFileSync(folder.database, "no database at all".repeat(500));
    record(folder, "aaaa");
    expect(await updateHistory(folder, LIMITS)).toMatchObject([{ kind: "moved-aside" }]);
    expect(await words(folder)).toEqual(["aaaa"]);
  });
});

test("a database of another program is not written into", async () => {
  await inFolder(async (folder) => {
    const { Database } = await import("bun:sqlite");
    const other = new Database(folder.database);
    other.run("CREATE TABLE theirs (x)");
    other.close();
    expect(await updateHistory(folder, LIMITS)).toMatchObject([{ kind: "moved-aside" }]);
    const kept = readdirSync(folder.state).find((name) => name.includes("corrupt")) ?? "";
    const theirs = new Database(`${folder.state}/${kept}`);
    expect(theirs.query("SELECT count(*) AS n FROM theirs").get()).toEqual({ n: 0 });
    theirs.close();
  });
});

test("a folder that can't be made is a warning", async () => {
  await inFolder(async (folder) => {
    rmSync(folder.state, { recursive: true });
    writeFileSync(folder.state, "");
    expect(await updateHistory(folder, LIMITS)).toMatchObject([{ kind: "unwritable" }]);
    expect((await openHistory(folder, LIMITS)).database).toBeUndefined();
    await ingestAfterRun(folder, LIMITS, 0);
  });
});
