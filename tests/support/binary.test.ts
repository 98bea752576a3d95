import { expect, test } from "bun:test";
import { chooseProgram } from "./binary";
import { makeProject } from "./project";

/** A repository whose build copies `src/main.ts` to `dist/zr` and counts itself. */
function makeRepository() {
  return makeProject(
    {
      "src/main.ts": "one",
      "scripts/build.ts": `
        import { appendFileSync, copyFileSync } from "node:fs";
        appendFileSync("builds", "x");
        copyFileSync("src/main.ts", "dist/zr");
      `,
    },
    { program: ["true"] },
  );
}

test("the binary is built once, however many ask, and again only when a source changes", async () => {
  await using project = await makeRepository();
  const ask = () => chooseProgram(project.root, {});
  const binary = [project.path("dist/zr")];
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([binary, binary, binary]);
  expect(project.read("builds")).toBe("x");
  project.write("src/main.ts", "two");
  await ask();
  await ask();
  expect(project.read("builds")).toBe("xx");
  expect(project.read("dist/zr")).toBe("two");
});

test("a binary that somebody else has put there is not trusted", async () => {
  await using project = await makeRepository();
  await chooseProgram(project.root, {});
  project.write("dist/zr", "built from something else");
  await chooseProgram(project.root, {});
  expect(project.read("dist/zr")).toBe("one");
});

test("the lock of a builder that has died is taken over", async () => {
  await using project = await makeRepository();
  const dead = Bun.spawnSync(["true"]).pid;
  project.write("dist/.build.lock", String(dead));
  await chooseProgram(project.root, {});
  expect(project.read("dist/zr")).toBe("one");
  expect(project.exists("dist/.build.lock")).toBe(false);
});

test("a build that fails shows what the builder said", async () => {
  await using project = await makeRepository();
  project.write("scripts/build.ts", `console.error("no such module"); process.exit(1);`);
  await expect(chooseProgram(project.root, {})).rejects.toThrow("no such module");
  expect(project.exists("dist/.build.lock")).toBe(false);
});

test("the environment can name a binary, or ask for the source", async () => {
  expect(await chooseProgram("/repository", { ZR_TEST_BINARY: "/some/zr" })).toEqual(["/some/zr"]);
  expect((await chooseProgram("/repository", { ZR_TEST_SOURCE: "1" })).at(-1)).toBe(
    "/repository/src/main.ts",
  );
});
