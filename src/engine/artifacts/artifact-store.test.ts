import { expect, test } from "bun:test";
import { parseManifest } from "./artifact-manifest";
import { instanceFolder } from "./artifact-store";

test("the folder of an instance is its id where every file system can have that, and a name of its own elsewhere", () => {
  expect(instanceFolder("build")).toBe("build");
  const ids = [
    "app:build",
    "app_build",
    "app/build",
    "test[os=linux]",
    "test[os=linux,arch=x64]",
    ".hidden",
    "ä",
  ];
  const names = [...ids, "x".repeat(300), `${"x".repeat(299)}y`].map(instanceFolder);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._=,@-]{0,130}$/);
});

test("a manifest of another version, or with anything missing or of the wrong type, is none", () => {
  const good = {
    v: 1,
    run: "r",
    instance: "a",
    task: "a",
    package: "",
    state: "success",
    wallMs: 5,
    compressed: true,
    files: [{ path: "dist/a", bytes: 1, mode: 0o100755 }],
  };
  const parse = (change: object): unknown => parseManifest(JSON.stringify({ ...good, ...change }));
  expect(parse({})).toMatchObject({ files: [{ path: "dist/a", mode: 0o755 }] });
  const wrong: readonly object[] = [
    { v: 2 },
    { run: 1 },
    { instance: undefined },
    { task: null },
    { package: 3 },
    { state: "fine" },
    { wallMs: -1 },
    { wallMs: 1.5 },
    { compressed: "yes" },
    { files: {} },
    { files: [null] },
    { files: [{ path: "a", bytes: "1", mode: 0 }] },
    { files: [{ path: "a\0b", bytes: 1, mode: 0 }] },
    { files: [{ path: "..", bytes: 1, mode: 0 }] },
  ];
  for (const change of wrong) expect([change, parse(change)]).toEqual([change, undefined]);
});
