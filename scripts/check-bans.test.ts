import { describe, expect, test } from "bun:test";
import { checkBans } from "./check-bans";
import { sourceFile } from "./source-files";

function rulesBroken(path: string, text: string): readonly string[] {
  return checkBans([sourceFile(path, text)]).map((violation) => `${violation.line} ${violation.rule}`);
}

interface Case {
  readonly rule: string;
  readonly path: string;
  readonly text: string;
  /** A place or a way in which nearly the same is allowed. */
  readonly allowed: { readonly path: string; readonly text: string };
}

// Words that the check forbids everywhere are put together here, so that this file passes it.
const leftover = ["TO", "DO"].join("");
const machinePath = ["", "work", "x"].join("/");
const suppression = ["@ts", "ignore"].join("-");

const cases: readonly Case[] = [
  {
    rule: "exit",
    path: "src/app/x.ts",
    text: "process.exit(1);",
    allowed: { path: "src/main.ts", text: "process.exit(1);" },
  },
  {
    rule: "process",
    path: "src/app/x.ts",
    text: "use(process.env);",
    allowed: { path: "src/system/x.ts", text: "use(process.env);" },
  },
  {
    rule: "process",
    path: "src/app/x.ts",
    text: "process.on(a);",
    allowed: { path: "src/app/x.ts", text: "run.process.on(a);" },
  },
  {
    rule: "bun-io",
    path: "src/engine/x.ts",
    text: "Bun.spawn(words);",
    allowed: { path: "src/engine/x.ts", text: "Bun.hash.xxHash64(text);" },
  },
  {
    rule: "bun-write",
    path: "src/engine/x.ts",
    text: "Bun.stdout;",
    allowed: { path: "src/frontends/output/x.ts", text: "Bun.stdout;" },
  },
  {
    rule: "console",
    path: "src/app/x.ts",
    text: "console.log(1);",
    allowed: { path: "src/frontends/x.ts", text: "console.log(1);" },
  },
  {
    rule: "clock",
    path: "src/app/x.ts",
    text: "Date.now();",
    allowed: { path: "src/system/x.ts", text: "Date.now();" },
  },
  {
    rule: "clock",
    path: "src/app/x.ts",
    text: "new Date();",
    allowed: { path: "src/app/x.ts", text: "new Date(timeMs);" },
  },
  {
    rule: "chance",
    path: "src/app/x.ts",
    text: "Math.random();",
    allowed: { path: "bench/x.ts", text: "Math.random();" },
  },
  {
    rule: "any",
    path: "src/app/x.ts",
    text: "let x: any[];",
    allowed: { path: "src/app/x.ts", text: "let x = { any: 1 };" },
  },
  {
    rule: "any",
    path: "src/app/x.ts",
    text: "f(x as any);",
    allowed: { path: "src/app/x.ts", text: "// as any\nf('as any');" },
  },
  {
    rule: "suppression",
    path: "tests/x.ts",
    text: `// ${suppression}`,
    allowed: { path: "tests/x.ts", text: "// ignore" },
  },
  {
    rule: "empty-catch",
    path: "src/app/x.ts",
    text: "try { f(); } catch { /* fine */ }",
    allowed: { path: "src/app/x.ts", text: "try { f(); } catch (e) { g(e); }" },
  },
  {
    rule: "ignored-rejection",
    path: "src/app/x.ts",
    text: "f().catch(() => {});",
    allowed: { path: "src/app/x.ts", text: "f().catch(() => { g(); });" },
  },
  {
    rule: "language",
    path: "src/app/x.ts",
    text: 'read("Cargo.toml");',
    allowed: { path: "src/languages/rust.ts", text: 'read("Cargo.toml");' },
  },
  {
    rule: "language",
    path: "src/core/x.ts",
    text: 'if (name === "elixir") f();',
    allowed: { path: "src/core/x.ts", text: 'say("elixirs of life");' },
  },
  {
    rule: "language",
    path: "src/engine/x.ts",
    text: 'read("pubspec.yaml");',
    allowed: { path: "src/languages/dart.ts", text: 'read("pubspec.yaml");' },
  },
  {
    rule: "language",
    path: "src/core/x.ts",
    text: "name.endsWith('.csproj');",
    allowed: { path: "src/core/x.ts", text: "// as in Cargo.toml\nname.endsWith('.toml');" },
  },
  {
    rule: "leftover",
    path: "docs/x.md",
    text: `${leftover}: more`,
    allowed: { path: "docs/x.md", text: "todo lists" },
  },
  {
    rule: "focused-test",
    path: "src/base/x.test.ts",
    text: "test.only('a', f);",
    allowed: { path: "src/base/x.ts", text: "test.only('a', f);" },
  },
  {
    rule: "skipped-test",
    path: "src/base/x.test.ts",
    text: "test.skip('a', f);",
    allowed: { path: "src/base/x.test.ts", text: "testUnless(why)('a', f);" },
  },
  {
    rule: "skipped-test",
    path: "tests/e2e/x.test.ts",
    text: "describe.skipIf(c)('a', f);",
    allowed: { path: "tests/support/left-out.ts", text: "describe.skipIf(c)('a', f);" },
  },
  {
    rule: "sleep-in-test",
    path: "tests/e2e/x.ts",
    text: "await Bun.sleep(1);",
    allowed: { path: "tests/e2e/x.ts", text: "await clock.sleep(1);" },
  },
  {
    rule: "sleep-in-test",
    path: "tests/e2e/x.ts",
    text: "setTimeout(f, 1);",
    allowed: { path: "tests/e2e/x.ts", text: "const cmd = 'sleep(1)';" },
  },
  {
    rule: "machine-path",
    path: "docs/x.md",
    text: `see ${machinePath}`,
    allowed: { path: "docs/x.md", text: `see home${machinePath}` },
  },
  {
    rule: "default-export",
    path: "scripts/x.ts",
    text: "export default 1;",
    allowed: { path: "scripts/x.ts", text: "const s = 'export default';" },
  },
  {
    rule: "enum",
    path: "src/app/x.ts",
    text: "export enum A { B }",
    allowed: { path: "src/app/x.ts", text: "const a = kind.enum;" },
  },
  {
    rule: "namespace",
    path: "src/app/x.ts",
    text: "namespace A { }",
    allowed: { path: "src/app/x.ts", text: "const namespace = {};" },
  },
  {
    rule: "barrel",
    path: "src/app/x.ts",
    text: "export { a } from './a';",
    allowed: { path: "src/app/x.ts", text: "export { a };" },
  },
  {
    rule: "barrel",
    path: "src/app/x.ts",
    text: "export * from './a';",
    allowed: { path: "src/app/x.ts", text: "import * as a from './a';" },
  },
  {
    rule: "catch-all-name",
    path: "src/app/utils.ts",
    text: "",
    allowed: { path: "src/app/utility.ts", text: "" },
  },
  {
    rule: "registry-name",
    path: "package-lock.json",
    text: `"resolved": "x"`,
    allowed: { path: "package.json", text: `"resolved": "x"` },
  },
];

describe("the ban check", () => {
  for (const { rule, path, text, allowed } of cases) {
    test(`${rule} is reported for ${JSON.stringify(text)} in ${path}, and only there`, () => {
      expect(rulesBroken(path, text)).toEqual([`1 ${rule}`]);
      expect(rulesBroken(allowed.path, allowed.text)).toEqual([]);
    });
  }

  test("a violation names the line it is on", () => {
    expect(rulesBroken("src/app/x.ts", "const a = 1;\n\nexport default a;\n")).toEqual(["3 default-export"]);
  });
});
