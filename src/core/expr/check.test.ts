import { describe, expect, test } from "bun:test";
import { checkCondition, checkExpression } from "./check";
import type { CheckScope } from "./check-names";
import { exprDiagnosticCodes } from "./codes";
import { evaluateCondition } from "./evaluate";
import { exprFunctions } from "./functions";
import { parseTemplate, renderTemplate } from "./interpolate";
import { memoryHost } from "./memory-host";
import { exprNames } from "./names";
import { parseExpression } from "./parser";
import { expressionReference } from "./reference";
import { describeType, types } from "./types";

const scope: CheckScope = {
  site: "task",
  matrix: new Map([["os", types.string]]),
  args: new Map([["region", types.nullableString]]),
  vars: new Map([["tier", types.string]]),
  upstream: new Set(["build", "lint", "unfinished", "silent", "mute", "several"]),
  sharing: (name) => (name === "several" ? [true, true] : [name !== "mute"]),
  tasks: new Set(["build", "lint", "deploy", "unfinished", "silent"]),
  earlierStages: new Set(["test"]),
  stages: new Set(["test", "publish"]),
};

/** `code@"text under the caret" → suggestions`, one a problem. */
function check(text: string, within: CheckScope = scope): string[] {
  return checkCondition(text, within).map(({ code, span, suggestions }) => {
    const hint = suggestions === undefined || suggestions.length === 0 ? "" : ` → ${suggestions.join(", ")}`;
    return `${code}@${JSON.stringify(text.slice(span.start, span.end))}${hint}`;
  });
}

describe("the checker accepts", () => {
  const fine = [
    "platform == 'macos' && arch in ['x64', 'arm64']",
    "env.PORT > 1024 || env.PORT == null || 80 == env.PORT",
    "branch == 'main' ? ci : env.FORCE",
    "tasks['build'].duration + 1s > 30s",
    "output['build'].version =~ '^1' && output.lint",
    "args.region in ['eu', null]",
    "env.get('PORT', 8080) > 80",
    "env.get('STAGE', 'dev') == 'prod'",
    "json(file.read('a.json')).deep[0].x > 1",
    "contains(package.tags, 'web') && contains('abc', matrix.os)",
    "shell('true') && len(glob('*')) > 0",
    "'a' in [] || [] == [1]",
    "vars.tier + '-' + matrix.os == 'a-b'",
  ];
  for (const text of fine) {
    test(text, () => {
      expect(check(text)).toEqual([]);
    });
  }
});

describe("the checker reports", () => {
  const wrong: readonly (readonly [string, readonly string[]])[] = [
    ["brnch == 'main'", ['E211@"brnch" → branch, arch']],
    ["git.shaa == 'a'", ['E212@"shaa" → sha']],
    ["matrix.oss == 'a'", ['E212@"oss" → os']],
    ["args['regoin'] == 'a'", [`E212@"'regoin'" → region`]],
    ["exists('a')", ['E213@"exists" → file.exists']],
    ["file.exist('a')", ['E213@"file.exist" → file.exists']],
    ["('a')('b')", [`E213@"'a'"`]],
    ["contains('a')", [`E214@"contains('a')"`]],
    ["env.get('a', 1, 2) == 1", [`E214@"env.get('a', 1, 2)"`]],
    ["attempt < 3", ['E215@"attempt"']],
    ["stages['test'].success", ['E215@"stages"']],
    ["tasks['deploy'].success", [`E216@"'deploy'"`]],
    ["output.deploy == ''", ['E216@"deploy"']],
    ["tasks['biuld'].success", [`E217@"'biuld'" → build`]],
    ["tasks.build", ['E218@"tasks.build"']],
    ["tasks.build.sucess", ['E212@"sucess" → success']],
    ["file == 'a'", ['E211@"file" → file.exists, file.changed, file.newer']],
    ["file.exists", ['E219@"file.exists"']],
    ["file.missing == 1", ['E212@"missing"']],
    ["branch == 1", ['E220@"branch == 1"']],
    ["tasks.build.duration > 30", ['E220@"tasks.build.duration > 30"']],
    ["env.CI == true", ['E220@"env.CI == true"']],
    ["1 in package.tags", ['E220@"1 in package.tags"']],
    ["contains(package.tags, 1)", ['E220@"contains(package.tags, 1)"']],
    ["contains('a', 1)", [`E220@"contains('a', 1)"`]],
    ["ci > false", ['E221@"ci > false"']],
    ["null > 1", ['E221@"null > 1"']],
    ["'a' + 1 == 'a1'", ['E222@"1"']],
    ["'a' + null == 'a'", ['E222@"null"']],
    ["len('a')", [`E223@"len('a')"`]],
    ["!package.tags", ['E223@"package.tags"']],
    ["branch == 'a' || 'b'", [`E224@"'b'"`]],
    ["startsWith(branch, 1)", ['E225@"1"']],
    ["'a' in branch", [`E226@"'a' in branch"`]],
    ["ci =~ 'a'", [`E227@"ci =~ 'a'"`]],
    ["branch.length > 1", ['E228@"length"']],
    ["platform == 'win32'", [`E229@"'win32'"`]],
    ["platform in ['linux', 'darwn']", [`E229@"'darwn'" → darwin`]],
    ["'amd64' == arch", [`E229@"'amd64'" → arm64`]],
    ["branch =~ '(a'", [`E230@"branch =~ '(a'"`]],
    ["matches(branch, '(a')", [`E230@"'(a'"`]],
    ["semver.gte('x', '1')", [`E234@"'x'"`]],
    ["semver.satisfies('1', '=> 1')", [`E234@"'=> 1'"`]],
  ];
  for (const [text, expected] of wrong) {
    test(`${expected.join(" ")} in ${text}`, () => {
      expect(check(text)).toEqual([...expected]);
    });
  }

  test("every problem once, in the order of the text", () => {
    expect(check("brnch == 1 && (exists('a') > 2 || platform == 'win') && ci + 1 == 2")).toEqual([
      'E211@"brnch" → branch, arch',
      'E213@"exists" → file.exists',
      `E229@"'win'"`,
      'E222@"1"',
    ]);
  });

  test("stages that come later, and names of the stage", () => {
    const stage: CheckScope = { ...scope, site: "stage" };
    expect(check("stages['test'].success && steps.test.failed", stage)).toEqual([]);
    expect(check("stages['publish'].success", stage)).toEqual([`E216@"'publish'"`]);
    expect(check("stages['tset'].success", stage)).toEqual([`E217@"'tset'" → test`]);
  });

  test("shell() where it is refused", () => {
    expect(check("ci && shell('x')", { ...scope, shellRefusal: "off" })).toEqual([`E236@"shell('x')"`]);
  });

  test("nothing about keys and tasks that are not known yet", () => {
    expect(check("matrix.a == vars.b && tasks.c.success && output.d", { site: "task" })).toEqual([]);
  });
});

test("the type of a value is asked for without a condition", () => {
  const expr = parseExpression("ci ? [1] : [env.A]");
  expect(expr.ok && describeType(checkExpression(expr.value, scope, "value").type)).toBe(
    "array of string or number or null",
  );
});

describe("the tables", () => {
  const world = memoryHost({
    env: { NAME: "zr" },
    files: { "huge.log": "a".repeat(60_000) },
    shellRefusal: "off",
  });

  /** Codes that the example yields, from reading and checking or else from evaluating. */
  function codesOf(code: string, example: string): string[] {
    if (code === "E200")
      return checkCondition(`'${"a".repeat(70_000)}'`, scope).map((problem) => problem.code);
    if (code === "E240") {
      const rendered = renderTemplate(parseTemplate(example), { value: () => undefined, keys: () => [] });
      return rendered.ok ? [] : rendered.error.map((problem) => problem.code);
    }
    const problems = checkCondition(example, scope);
    if (problems.length > 0) return problems.map((problem) => problem.code);
    const expr = parseExpression(example);
    const result = expr.ok ? evaluateCondition(expr.value, {}, world) : undefined;
    return result !== undefined && "ok" in result && !result.ok ? [result.error.code] : [];
  }

  for (const [code, entry] of Object.entries(exprDiagnosticCodes)) {
    test(`the example of ${code} yields it`, () => {
      expect(codesOf(code, entry.example)).toEqual([code]);
    });
  }

  test("the examples of names and functions have no problem where they may stand", () => {
    for (const entry of exprNames) {
      for (const site of entry.sites) {
        if (entry.name === "affected" && site === "filter") continue;
        expect([entry.example, checkCondition(entry.example, { site })]).toEqual([entry.example, []]);
      }
    }
    for (const { example, name } of exprFunctions) {
      expect([name, checkCondition(example, { site: "task" })]).toEqual([name, []]);
      expect(example).toContain(`${name}(`);
    }
  });

  test("the reference has every name, function and code", () => {
    const text = expressionReference();
    for (const { name } of exprNames) expect(text).toContain(`\`${name}`);
    for (const { name } of exprFunctions) expect(text).toContain(`| \`${name}(`);
    for (const code of Object.keys(exprDiagnosticCodes)) expect(text).toContain(`| ${code} |`);
  });
});
