import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { openDatabase, readDatabase, SqliteFailure } from "./database";

async function inFolder(body: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zr-sqlite-"));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function kindOf(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    return error instanceof SqliteFailure ? error.kind : String(error);
  }
}

test("a database in a place that can't be written to is read from its bytes", async () => {
  await inFolder((folder) => {
    const database = openDatabase(`${folder}/a.db`, { busyMs: 0 });
    database.run("CREATE TABLE t (x TEXT)");
    database.run("INSERT INTO t VALUES (?)", "kept");
    database.close();
    const copy = readDatabase(readFileSync(`${folder}/a.db`));
    expect(copy.all("SELECT x FROM t")).toEqual([{ x: "kept" }]);
    expect(kindOf(() => copy.run("INSERT INTO t VALUES (1)"))).toBe("denied");
    copy.close();
  });
});

test("what goes wrong is told apart", async () => {
  await inFolder((folder) => {
    writeFileSync(`${folder}/none.db`, "no database".repeat(100));
    expect(kindOf(() => openDatabase(`${folder}/none.db`, { busyMs: 0 }))).toBe("corrupt");
    expect(kindOf(() => openDatabase(`${folder}/missing/a.db`, { busyMs: 0 }))).toBe("denied");
    const first = openDatabase(`${folder}/a.db`, { busyMs: 0 });
    const second = openDatabase(`${folder}/a.db`, { busyMs: 0 });
    first.run("BEGIN IMMEDIATE");
    expect(kindOf(() => second.run("BEGIN IMMEDIATE"))).toBe("busy");
    expect(kindOf(() => second.run("nonsense"))).toBe("other");
    first.close();
    second.close();
  });
});

/** Opens the same database as all others do that wait for a file, at the moment when it is there. */
const OPENER = `
  import { existsSync } from "node:fs";
  import { openDatabase } from ${JSON.stringify(join(import.meta.dir, "database.ts"))};
  const [, path] = process.argv;
  process.stdout.write("ready");
  while (!existsSync(path + ".go"));
  openDatabase(path, { busyMs: 5000 }).close();
`;

test("a new database that several programs open at once waits for each of them", async () => {
  await inFolder(async (folder) => {
    for (let round = 0; round < 5; round += 1) {
      const path = `${folder}/${round}.db`;
      const programs = Array.from({ length: 4 }, () =>
        Bun.spawn([process.execPath, "-e", OPENER, path], { stdout: "pipe", stderr: "pipe" }),
      );
      for (const { stdout } of programs) await stdout.getReader().read();
      writeFileSync(`${path}.go`, "");
      for (const { stderr } of programs) expect(await new Response(stderr).text()).toBe("");
    }
  });
});
