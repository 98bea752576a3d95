import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "bun:test";
import { err } from "#base/result";
import { FileTree } from "#system/watch/file-tree";
import { openNativeWatcher } from "#system/watch/native-watcher";
import { openWatcher } from "#system/watch/open-watcher";
import type { WatcherParts } from "#system/watch/open-watcher";
import type { Watcher, WatchReport } from "#system/watch/watcher";
import { withDeadline } from "#tests/support/deadline";
import { testUnless } from "#tests/support/left-out";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

interface Setting {
  readonly polls: boolean;
  readonly parts?: Partial<WatcherParts>;
}

/** A tree that is followed, and what has been heard of it. */
class Stage {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "zr-watch-")));
  readonly heard = new Set<string>();
  readonly reports: WatchReport[] = [];
  watcher: Watcher | undefined;
  isFollowed: (folder: string) => boolean = () => true;
  #waiting: (() => void)[] = [];

  constructor() {
    cleanups.push(() => {
      this.watcher?.[Symbol.dispose]();
      rmSync(this.root, { recursive: true, force: true });
    });
  }

  async open({ polls, parts }: Setting): Promise<void> {
    this.watcher = await openWatcher({
      root: this.root,
      follows: (folder) => this.isFollowed(folder),
      hear: (report) => {
        this.reports.push(report);
        if (report.type === "changed")
          for (const path of report.paths) this.heard.add(path.slice(this.root.length + 1));
        for (const wake of this.#waiting.splice(0)) wake();
      },
      pollMs: 10,
      polls,
      ...(parts === undefined ? {} : { parts }),
    });
  }

  path(path: string): string {
    return join(this.root, path);
  }

  write(path: string, text = path): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  /** Waits until every path has been heard of. */
  async hears(...paths: readonly string[]): Promise<void> {
    const wait = async (): Promise<void> => {
      while (!paths.every((path) => this.heard.has(path)))
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
    };
    await withDeadline(wait(), `changes of ${paths.join(", ")}`, () => `heard ${[...this.heard].join(", ")}`);
  }

  /** Waits until what has happened before has been heard: a file written now is heard after it. */
  async catchesUp(): Promise<void> {
    const name = `mark-${this.reports.length}-${this.heard.size}`;
    this.write(name);
    await this.hears(name);
  }

  forget(): void {
    this.heard.clear();
  }
}

const settings: readonly (readonly [string, Setting])[] = [
  ["told by the system", { polls: false }],
  ["by looking", { polls: true }],
];

describe.each(settings)("a watcher %s", (_name, setting) => {
  test("hears each time of a file that is emptied first, however soon the rest follows", async () => {
    const stage = new Stage();
    stage.write("file", "0");
    await stage.open(setting);
    for (let round = 1; round <= 20; round += 1) {
      stage.forget();
      stage.write("file", "");
      await stage.hears("file");
      stage.forget();
      stage.write("file", `${round}`);
      await stage.hears("file");
    }
  });

  test("hears of files that are made, written and removed, and of nothing else", async () => {
    const stage = new Stage();
    stage.write("old");
    stage.write("still");
    stage.write("gone");
    await stage.open(setting);
    stage.write("new");
    stage.write("old", "longer than before");
    rmSync(stage.path("gone"));
    await stage.hears("new", "old", "gone");
    expect([...stage.heard].sort()).toEqual(["gone", "new", "old"]);
  });

  test("hears of files in folders that are made, however deep, and of later changes in them", async () => {
    const stage = new Stage();
    await stage.open(setting);
    stage.write("a/b/c/d");
    await stage.hears("a/b/c/d");
    stage.forget();
    stage.write("a/b/c/e");
    stage.write("a/f");
    await stage.hears("a/b/c/e", "a/f");
  });

  test("hears of every file of a folder that is moved, under its old and its new name", async () => {
    const stage = new Stage();
    stage.write("a/one");
    stage.write("a/deep/two");
    await stage.open(setting);
    renameSync(stage.path("a"), stage.path("b"));
    await stage.hears("a/one", "a/deep/two", "b/one", "b/deep/two");
    stage.forget();
    stage.write("b/deep/three");
    await stage.hears("b/deep/three");
  });

  test("follows a folder that is moved into one that has just been made", async () => {
    const stage = new Stage();
    stage.write("a/one");
    await stage.open(setting);
    mkdirSync(stage.path("new/inner"), { recursive: true });
    renameSync(stage.path("a"), stage.path("new/inner/a"));
    await stage.hears("a/one", "new/inner/a/one");
    stage.forget();
    stage.write("new/inner/a/two");
    await stage.hears("new/inner/a/two");
  });

  test("hears of a folder that takes the place of another one", async () => {
    const stage = new Stage();
    stage.write("a/one");
    stage.write("b/two");
    await stage.open(setting);
    renameSync(stage.path("a"), stage.path("away"));
    renameSync(stage.path("b"), stage.path("a"));
    await stage.hears("a/one", "a/two", "b/two", "away/one");
    stage.forget();
    stage.write("a/three");
    stage.write("away/four");
    await stage.hears("a/three", "away/four");
  });

  test("hears of the files of a folder that is removed", async () => {
    const stage = new Stage();
    stage.write("a/b/one");
    await stage.open(setting);
    rmSync(stage.path("a"), { recursive: true });
    await stage.hears("a/b/one");
    stage.forget();
    stage.write("a/b/one");
    await stage.hears("a/b/one");
  });

  test("hears of a file that takes the place of a folder, and of a folder that takes that of a file", async () => {
    const stage = new Stage();
    stage.write("a/inner");
    stage.write("b");
    await stage.open(setting);
    rmSync(stage.path("a"), { recursive: true });
    rmSync(stage.path("b"));
    stage.write("a");
    stage.write("b/inner");
    await stage.hears("a", "a/inner", "b", "b/inner");
  });

  test("hears of a write through a rename, as editors do it", async () => {
    const stage = new Stage();
    stage.write("file");
    await stage.open(setting);
    stage.write(".file.swp", "new content");
    renameSync(stage.path(".file.swp"), stage.path("file"));
    await stage.hears("file");
  });

  test("says nothing of a file whose size and time are as before", async () => {
    const stage = new Stage();
    stage.write("file");
    const then = new Date(2020, 1, 1);
    utimesSync(stage.path("file"), then, then);
    await stage.open(setting);
    writeFileSync(stage.path("file"), "file");
    utimesSync(stage.path("file"), then, then);
    await stage.catchesUp();
    // The system tells between the two calls, or it does not; what it tells at the end is nothing new.
    stage.forget();
    utimesSync(stage.path("file"), new Date(), then);
    await stage.catchesUp();
    expect(stage.heard.has("file")).toBe(false);
  });

  test("follows links to files, and no links to folders", async () => {
    const stage = new Stage();
    const other = new Stage();
    other.write("folder/file");
    stage.write("real");
    symlinkSync(stage.path("real"), stage.path("link"));
    symlinkSync(other.path("folder"), stage.path("folder"));
    symlinkSync(stage.root, stage.path("circle"));
    symlinkSync("nowhere", stage.path("broken"));
    await stage.open(setting);
    other.write("folder/file", "something else");
    rmSync(stage.path("link"));
    await stage.hears("link");
    await stage.catchesUp();
    expect([...stage.heard].filter((path) => /^(folder|circle)\//.test(path))).toEqual([]);
  });

  test("hears of another content of the same size and time, as programs write it that keep times", async () => {
    const stage = new Stage();
    const then = new Date(2020, 1, 1);
    const writeThen = (path: string, text: string): void => {
      stage.write(path, text);
      utimesSync(stage.path(path), then, then);
    };
    for (const path of ["written", "replaced", "switched-1", "switched-2"]) writeThen(path, "one");
    symlinkSync("switched-1", stage.path("switched"));
    await stage.open(setting);
    writeThen("next", "two");
    await stage.hears("next");
    writeThen("written", "two");
    renameSync(stage.path("next"), stage.path("replaced"));
    symlinkSync("switched-2", stage.path("other"));
    renameSync(stage.path("other"), stage.path("switched"));
    await stage.hears("written", "replaced", "switched");
  });

  test("hears of a file that becomes a program, and of no other rights and no hard link to it", async () => {
    const stage = new Stage();
    const old = new Date(2020, 1, 1);
    for (const path of ["script", "shared", "linked"]) {
      stage.write(path);
      utimesSync(stage.path(path), old, old);
      chmodSync(stage.path(path), 0o600);
    }
    await stage.open(setting);
    chmodSync(stage.path("shared"), 0o640);
    linkSync(stage.path("linked"), stage.path("second"));
    chmodSync(stage.path("script"), 0o700);
    await stage.hears("script", "second");
    await stage.catchesUp();
    expect(stage.heard.has("shared")).toBe(false);
    expect(stage.heard.has("linked")).toBe(false);
  });

  test("hears of what a link to a file leads to, wherever it lies and over whatever it leads", async () => {
    const stage = new Stage();
    const far = new Stage();
    const next = (path: string, text: string): void => {
      far.write("next", text);
      renameSync(far.path("next"), far.path(path));
    };
    far.write("end", "0");
    far.write("v1/file", "one");
    far.write("v2/file", "two");
    symlinkSync("end", far.path("middle"));
    symlinkSync("v1", far.path("current"));
    symlinkSync(far.path("middle"), stage.path("chain"));
    symlinkSync(far.path("current/file"), stage.path("through"));
    symlinkSync(far.path("late/file"), stage.path("broken"));
    await stage.open(setting);
    for (const change of [
      () => far.write("end", "1"),
      () => next("end", "2"),
      () => far.write("end", "3"),
      () => next("middle", "4"),
      () => far.write("middle", "5"),
    ]) {
      stage.forget();
      change();
      await stage.hears("chain");
    }
    symlinkSync("v2", far.path("other"));
    renameSync(far.path("other"), far.path("current"));
    await stage.hears("through");
    stage.forget();
    far.write("v2/file", "three");
    far.write("late/file", "1");
    await stage.hears("through", "broken");
    stage.forget();
    unlinkSync(stage.path("chain"));
    await stage.hears("chain");
    stage.forget();
    far.write("middle", "6");
    await stage.catchesUp();
    expect(stage.heard.has("chain")).toBe(false);
  });

  test("does not look into folders that are not of interest, old or new", async () => {
    const stage = new Stage();
    stage.isFollowed = (folder) => !folder.endsWith("/skip");
    stage.write("skip/old");
    stage.write("a/keep");
    await stage.open(setting);
    expect(stage.watcher?.folders).toBe(2);
    stage.write("skip/old", "other");
    stage.write("skip/new");
    stage.write("a/skip/new");
    await stage.catchesUp();
    expect([...stage.heard].filter((path) => path.includes("skip"))).toEqual([]);
  });

  test("follows what has become of interest, without news of what was there before", async () => {
    const stage = new Stage();
    let isOpen = false;
    stage.isFollowed = (folder) => isOpen || !folder.endsWith("/later");
    stage.write("later/old");
    await stage.open(setting);
    isOpen = true;
    stage.watcher?.refollow();
    await stage.catchesUp();
    await stage.catchesUp();
    expect(stage.heard.has("later/old")).toBe(false);
    stage.write("later/old", "changed");
    await stage.hears("later/old");
    isOpen = false;
    stage.watcher?.refollow();
    await stage.catchesUp();
    await stage.catchesUp();
    stage.forget();
    stage.write("later/old", "changed again");
    await stage.catchesUp();
    await stage.catchesUp();
    expect(stage.heard.has("later/old")).toBe(false);
  });

  test("misses nothing in a storm of 5,000 writes and renames", async () => {
    const stage = new Stage();
    await stage.open(setting);
    const expected: string[] = [];
    for (let index = 0; index < 5000; index += 1) {
      const folder = `d${index % 50}/e${index % 7}`;
      stage.write(`${folder}/.${index}.tmp`);
      renameSync(stage.path(`${folder}/.${index}.tmp`), stage.path(`${folder}/${index}`));
      expected.push(`${folder}/${index}`);
    }
    await stage.hears(...expected);
  });
});

const anyNames = process.platform === "linux" ? undefined : "other systems allow no names that are no text";
testUnless(anyNames)("a file whose name is no text is heard of by what can be read of it", async () => {
  const stage = new Stage();
  await stage.open({ polls: false });
  writeFileSync(Buffer.concat([Buffer.from(stage.path("caf")), Buffer.from([0xe9])]), "1");
  await stage.hears("caf\uFFFD");
});

test("on a network file system the files are looked at, which is said", async () => {
  const stage = new Stage();
  await stage.open({ polls: false, parts: { networkFileSystem: async () => "nfs" } });
  expect(stage.reports).toEqual([
    { type: "polling", reason: { kind: "network", fileSystem: "nfs" }, intervalMs: 10 },
  ]);
  stage.write("a/b");
  await stage.hears("a/b");
});

test("where the system has no room from the start, the files are looked at, which is said", async () => {
  const stage = new Stage();
  const native: WatcherParts["native"] = (options) => {
    const opened = openNativeWatcher(options);
    if (!opened.ok) return opened;
    opened.value[Symbol.dispose]();
    return err({ code: "ENOSPC", tree: treeOf(options) });
  };
  await stage.open({ polls: false, parts: { native } });
  expect(stage.reports).toEqual([
    { type: "polling", reason: { kind: "limit", code: "ENOSPC" }, intervalMs: 10 },
  ]);
  stage.write("a/b");
  await stage.hears("a/b");
});

test("where the system runs out of room later, nothing that changed meanwhile is lost", async () => {
  const stage = new Stage();
  let fail: ((code: string) => void) | undefined;
  const native: WatcherParts["native"] = (options) => {
    const tree = treeOf(options);
    fail = (code) => options.fail({ code, tree });
    const deaf: Watcher = {
      folders: 1,
      files: 0,
      refollow: () => undefined,
      [Symbol.dispose]: () => undefined,
    };
    return { ok: true, value: deaf };
  };
  stage.write("before");
  await stage.open({ polls: false, parts: { native } });
  stage.write("meanwhile");
  stage.write("before", "changed meanwhile");
  fail?.("ENOSPC");
  await stage.hears("meanwhile", "before");
  expect(stage.reports[0]).toMatchObject({ type: "polling", reason: { kind: "limit", code: "ENOSPC" } });
});

test.each(["at the start", "later on"])(
  "a folder that the system has no room for %s is looked at all the same",
  async (when) => {
    const files = process.getBuiltinModule("node:fs");
    const { watch } = files;
    const full = (path: unknown): never | undefined => {
      if (String(path).endsWith("/full")) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      return undefined;
    };
    const limited = (...args: Parameters<typeof watch>): ReturnType<typeof watch> =>
      full(args[0]) ?? watch(...args);
    files.watch = limited as typeof watch;
    cleanups.push(() => {
      files.watch = watch;
    });
    const stage = new Stage();
    stage.write(when === "later on" ? "other/file" : "full/file");
    await stage.open({ polls: false });
    stage.write("full/new");
    stage.write("beside");
    await stage.hears("full/new", "beside");
    stage.forget();
    stage.write("full/newer");
    await stage.hears("full/newer");
    expect(stage.reports.filter((report) => report.type === "polling")).toEqual([
      { type: "polling", reason: { kind: "limit", code: "ENOSPC" }, intervalMs: 10 },
    ]);
  },
);

function treeOf({
  root,
  follows,
}: {
  readonly root: string;
  readonly follows: (folder: string) => boolean;
}): FileTree {
  const tree = new FileTree({ root, follows, attach: () => undefined, detach: () => undefined });
  tree.open();
  return tree;
}
