import { describe, expect, test } from "bun:test";
import { evaluate, evaluateCondition } from "./evaluate";
import type { ExprScope } from "./evaluate-names";
import { exprFunctions } from "./functions";
import type { Maybe } from "./maybe";
import { memoryHost } from "./memory-host";
import type { MemoryFacts } from "./memory-host";
import { exprNames } from "./names";
import { parseExpression } from "./parser";
import { toPlain } from "./value";

const facts: MemoryFacts = {
  env: { PORT: "8080", NAME: "zr", EMPTY: "", SPACED: " 7 ", get: "odd" },
  platform: "darwin",
  arch: "aarch64",
  ci: true,
  git: { branch: "release/2", sha: "abc", dirty: false, base: "main" },
  affected: true,
  finished: {
    "tasks/build": {
      success: true,
      failed: false,
      skipped: false,
      cached: true,
      durationMs: 31_000,
      exitCode: 0,
    },
    "tasks/none": { success: false, failed: true, skipped: false, durationMs: 0, exitCode: null },
    "stages/test": { success: false, failed: true, skipped: false, durationMs: 5 },
    "steps/build": { success: true, failed: false, skipped: false, durationMs: 5 },
  },
  output: { version: "1.2.3", data: { list: [1, { x: "y" }] } },
  files: { "src/a.ts": "a", "src/b.ts": "b", dist: "d", "v.json": '{"a":{"b":[1,2]},"__proto__":1}' },
  changed: ["src/a.ts"],
  shell: { yes: { output: "out", exitCode: 0 }, no: { output: "out", exitCode: 3 } },
  tools: { node: "20.11.1" },
};
const scope: ExprScope = {
  matrix: { os: "linux", n: 3 },
  args: { region: "eu", "dry-run": true, none: null },
  vars: { db: { host: "h", ports: [1, 2] }, tier: "gold" },
  package: { name: "web-app", path: "apps/web", tags: ["web", "slow"] },
  workspace: { root: "/srv/repo" },
  task: { name: "build", tags: ["slow"] },
  exitCode: 75,
  allowFailure: false,
  attempt: 2,
};

/** The value as data, or the code of what went wrong. */
/** What is there at once. */
const now = <T>(value: Maybe<T>): T | undefined => (value instanceof Promise ? undefined : value);

function run(text: string, given: MemoryFacts = facts, within: ExprScope = scope): unknown {
  const expr = parseExpression(text);
  if (!expr.ok) return expr.error.code;
  const result = now(evaluate(expr.value, within, memoryHost(given)));
  if (result === undefined) return "later";
  return result.ok ? toPlain(result.value) : result.error.code;
}

const golden: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  literals: [
    ["'a'", "a"],
    ['"a\\n\\t\\"\\\\\\u0041\\u{1F600}"', 'a\n\t"\\A😀'],
    ["'it\\'s ^v\\d+\\.'", "it's ^v\\d+\\."],
    ["1.5", 1.5],
    ["-2e3", -2000],
    ["1h30m", 5_400_000],
    ["[1, 'a', [true]]", [1, "a", [true]]],
    ["[]", []],
    ["null", null],
  ],
  "?:": [
    ["true ? 1 : 2", 1],
    ["env.UNSET ? 1 : 2", 2],
    ["false ? 1 : true ? 2 : 3", 2],
    ["1 == 1 || false ? 'a' : 'b'", "a"],
  ],
  "|| and &&": [
    ["false || true", true],
    ["false || false || false", false],
    ["true && false", false],
    ["true || false && false", true],
    ["env.NAME && branch", true],
    ["env.EMPTY || env.UNSET", false],
  ],
  "!": [
    ["!true", false],
    ["!!true", true],
    ["!1 == 2", true],
    ["!env.UNSET", true],
    ["1 == !true", "E206"],
  ],
  "== and !=": [
    ["1 == 1.0", true],
    ["'a' == 'A'", false],
    ["30s == 30000ms", true],
    ["null == null", true],
    ["env.UNSET == 'x'", false],
    ["env.UNSET != 'x'", true],
    ["[1, 'a'] == [1, 'a']", true],
    ["[1] == ['1']", false],
    ["json('{\"a\":1}') == json('{ \"a\": 1.0 }')", true],
    ["1 == '1'", "E220"],
    ["1 == 1s", "E220"],
    ["true == 'true'", "E220"],
    ["env.PORT == 8080", true],
    ["8080 != env.PORT", false],
    ["env.SPACED == 7", true],
    ["env.NAME == 1", "E233"],
    ["env.EMPTY == 0", "E233"],
    ["'8080' == 8080", "E220"],
  ],
  "< <= > >=": [
    ["1 < 2", true],
    ["2 <= 2", true],
    ["3 > 4", false],
    ["'b' >= 'a'", true],
    ["1m > 59s", true],
    ["env.PORT > 80", true],
    ["env.PORT < '9'", true],
    ["env.UNSET > 1", "E232"],
    ["true < false", "E221"],
    ["1 < 1s", "E220"],
    ["[1] < [2]", "E221"],
  ],
  "=~ and !~": [
    ["branch =~ '^release/\\d+$'", true],
    ["branch !~ 'main'", true],
    ["'Main' =~ '(?i)^mAIN$'", true],
    ["git.tag =~ 'v'", false],
    ["git.tag !~ 'v'", true],
    ["'a' =~ '('", "E230"],
    ["'a' =~ '(?=a)'", "E230"],
    ["'a' =~ env.UNSET", "E232"],
    ["1 =~ '1'", "E227"],
  ],
  in: [
    ["'web' in package.tags", true],
    ["'api' in package.tags", false],
    ["75 in [1, 75]", true],
    ["null in [1]", false],
    ["env.PORT in [80, 8080]", true],
    ["'a' in json('{\"a\": null}')", true],
    ["1 in ['a', 1]", "E220"],
    ["1 in [1, 'a']", "E220"],
    ["'a' in 'abc'", "E226"],
  ],
  "+": [
    ["'a' + 'b' + 'c'", "abc"],
    ["1 + 2 + 3.5", 6.5],
    ["1s + 1m == 61s", true],
    ["'port ' + env.PORT", "port 8080"],
    ["'a' + env.UNSET", "E232"],
    ["'a' + 1", "E222"],
    ["1 + 1s", "E222"],
  ],
  names: [
    ["env.NAME", "zr"],
    ["env['NAME']", "zr"],
    ["env.get", "odd"],
    ["env.toString", null],
    ["platform == 'macos' && platform == 'darwin' && 'macos' == platform", true],
    ["platform in ['linux', 'macos']", true],
    ["[platform] == ['macos']", true],
    ["'macos' == 'darwin'", false],
    ["lower(platform) == 'macos'", false],
    ["arch == 'arm64' && arch != 'x64'", true],
    ["(ci ? platform : 'x') == 'macos'", true],
    ["ci && !tty", true],
    ["git.sha + ' ' + git.base + ' ' + git.branch", "abc main release/2"],
    ["git.dirty == false", true],
    ["matrix.n + 1", 4],
    ["args.dry-run", true],
    ["args.none == null", true],
    ["vars.db.host + vars.tier", "hgold"],
    ["vars.db.ports[1]", 2],
    ["vars.db.ports[2]", "E212"],
    ["vars.nothing", "E212"],
    ["vars.constructor", "E212"],
    ["stages['test'].failed", true],
    ["steps.build.success", true],
    ["tasks['build'].duration > 30s && tasks.build.cached", true],
    ["tasks.build.exit_code", 0],
    ["tasks.none.exit_code == null", true],
    ["tasks.later.success", "E238"],
    ["tasks.build.nope", "E212"],
    ["tasks['build']", "E218"],
    ["exit_code + attempt", 77],
    ["allow_failure", false],
    ["output['version']", "1.2.3"],
    ["output.data.list[1].x", "y"],
    ["output.nothing", "E239"],
    ["package.name + ' ' + package.path", "web-app apps/web"],
    ["workspace.root", "/srv/repo"],
    ["'slow' in task.tags", true],
    ["affected", true],
    ["nothing", "E211"],
    ["nothing || true", "E211"],
    ["env", "E218"],
    ["git.nothing", "E212"],
    ["branch.length", "E228"],
    ["file.exists", "E219"],
    ["(1)[0]", "E228"],
  ],
  conditions: [
    ["len('a') && true", "E223"],
    ["[1] || true", "E223"],
    ["branch == 'x' || 'y'", "E224"],
    ["30s ? 1 : 2", "E223"],
  ],
};

describe("operators and names", () => {
  for (const [group, rows] of Object.entries(golden)) {
    for (const [text, expected] of rows) {
      test(`${group}: ${text} gives ${JSON.stringify(expected)}`, () => {
        expect(run(text)).toEqual(expected);
      });
    }
  }
});

const calls: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  "file.exists": [
    ["file.exists('dist')", true],
    ["file.exists('nope')", false],
    ["file.exists(env.UNSET)", false],
    ["file.exists(1)", "E225"],
    ["file.exists()", "E214"],
  ],
  "file.changed": [
    ["file.changed('docs/*', 'src/*')", true],
    ["file.changed('docs/*')", false],
    ["file.changed()", "E214"],
  ],
  "file.newer": [
    ["file.newer('dist', 'src/a.ts')", true],
    ["file.newer('src/a.ts', 'dist')", false],
  ],
  "file.hash": [
    ["file.hash('dist')", "d"],
    ["file.hash('nope')", null],
  ],
  "file.read": [
    ["file.read('src/a.ts')", "a"],
    ["file.read('nope')", "E237"],
  ],
  glob: [["glob('src/*')", ["src/a.ts", "src/b.ts"]]],
  shell: [
    ["shell('yes')", "out"],
    ["shell('no')", "out"],
    ["shell('yes') ? 1 : 2", 1],
    ["shell('no') ? 1 : 2", 2],
    ["shell('no') == 'out'", true],
    ["shell('hang')", "E237"],
  ],
  "semver.gte": [
    ["semver.gte('1.10.0', '1.9')", true],
    ["semver.gte(tool.version('nope'), '1')", false],
    ["semver.gte('x', '1')", "E234"],
  ],
  "semver.gt": [
    ["semver.gt('1.0.0', '1.0.0-rc.1')", true],
    ["semver.gt('1', '1.0.0')", false],
  ],
  "semver.lte": [["semver.lte('v1.2', '1.2.0')", true]],
  "semver.lt": [["semver.lt('1.0.0-2', '1.0.0-10')", true]],
  "semver.eq": [["semver.eq('1.0.0+a', '1.0.0+b')", true]],
  "semver.satisfies": [
    ["semver.satisfies('20.11.1', '>=18 <23')", true],
    ["semver.satisfies('23', '>=18 <23')", false],
    ["semver.satisfies('1.2.9', '~1.2.3 || 3.x')", true],
    ["semver.satisfies('1', '>> 2')", "E234"],
  ],
  contains: [
    ["contains('abc', 'bc')", true],
    ["contains(package.tags, 'web')", true],
    ["contains(json('{\"a\":1}'), 'a')", true],
    ["contains(env.UNSET, 'a')", false],
    ["contains('abc', 1)", "E220"],
    ["contains(env.PORT, 8080)", "E220"],
    ["contains(1, 1)", "E225"],
  ],
  startsWith: [
    ["startsWith('abc', 'ab')", true],
    ["startsWith(git.tag, 'v')", false],
  ],
  endsWith: [
    ["endsWith('abc', 'bc')", true],
    ["endsWith('abc', 'ab')", false],
  ],
  lower: [["lower('ÄB')", "äb"]],
  upper: [
    ["upper('äb')", "ÄB"],
    ["upper(null)", null],
  ],
  len: [
    ["len('a😀')", 2],
    ["len([1, 2, 3])", 3],
    ["len(vars.db)", 2],
    ["len(env.UNSET)", 0],
  ],
  matches: [
    ["matches(branch, '^rel')", true],
    ["matches(branch, '[')", "E230"],
    ["matches(git.tag, 'v')", false],
  ],
  which: [
    ["which('node')", "/bin/node"],
    ["which('nope')", null],
  ],
  "tool.version": [["tool.version('node')", "20.11.1"]],
  json: [
    ["json(file.read('v.json')).a.b[1]", 2],
    ["json(file.read('v.json')).__proto__", 1],
    ["json('{').a", "E235"],
    ["json('{}').a", "E212"],
    [`json('${"[".repeat(500)}${"]".repeat(500)}')`, "E235"],
  ],
  "env.get": [
    ["env.get('PORT', 1) > 80", true],
    ["env.get('UNSET', 1) > 80", false],
    ["env.get('UNSET', '90') > 80", true],
    ["env.get('UNSET')", null],
    ["env.get('UNSET', null)", null],
    ["env.get(git.tag, 'x')", null],
  ],
};

describe("functions", () => {
  for (const [name, rows] of Object.entries(calls)) {
    for (const [text, expected] of rows) {
      test(`${name}: ${text.slice(0, 60)} gives ${JSON.stringify(expected)}`, () => {
        expect(run(text)).toEqual(expected);
      });
    }
  }

  test("every function of the table is in the golden table", () => {
    expect(Object.keys(calls).sort()).toEqual(exprFunctions.map((entry) => entry.name).sort());
  });

  test("every example of the tables gives a value or a value's failure, never an unknown name or wrong type", () => {
    for (const { example } of [...exprFunctions, ...exprNames]) {
      const result = run(example);
      if (typeof result === "string")
        expect([example, result]).toEqual([example, expect.not.stringMatching(/^E2[0-2]/)]);
    }
  });
});

describe("failing closed", () => {
  test("names that the place does not know fail", () => {
    for (const name of [
      "matrix.os",
      "args.a",
      "vars.a",
      "exit_code",
      "attempt",
      "package.name",
      "task.tags",
      "workspace.root",
    ]) {
      expect([name, run(`!(${name} == null)`, facts, {})]).toEqual([name, "E215"]);
    }
  });

  test("a refused shell is an error in every position, also negated", () => {
    const refusing = { ...facts, shellRefusal: "zr validate runs no commands" };
    for (const text of [
      "shell('yes')",
      "!shell('yes')",
      "true && shell('yes')",
      "shell('yes') == 'out' ? 1 : 2",
    ]) {
      expect([text, run(text, refusing)]).toEqual([text, "E236"]);
    }
  });

  test("a refused shell that is not reached does no harm", () => {
    expect(run("false && shell('yes')", { ...facts, shellRefusal: "off" })).toBe(false);
  });
});

describe("asking the host", () => {
  function questions(text: string): string[] {
    const asked: string[] = [];
    const expr = parseExpression(text);
    if (expr.ok)
      void evaluate(
        expr.value,
        scope,
        memoryHost(facts, (question) => asked.push(question)),
      );
    return asked;
  }

  test("operands that cannot change the result are not asked", () => {
    expect(questions("true || file.exists('a')")).toEqual([]);
    expect(questions("false && file.exists('a')")).toEqual([]);
    expect(questions("ci ? which('a') : which('b')")).toEqual(["which a"]);
    expect(questions("file.exists('dist') || file.exists('a')")).toEqual(["exists dist"]);
  });

  test("operands are asked from left to right", () => {
    expect(questions("which('a') == which('b')")).toEqual(["which a", "which b"]);
  });

  test("without a later answer the value is there at once", () => {
    const expr = parseExpression("platform == 'darwin' && !tty");
    expect(expr.ok && evaluateCondition(expr.value, scope, memoryHost(facts))).toEqual({
      ok: true,
      value: true,
    });
  });

  test("with a later answer the value is that of an answer at once, later", async () => {
    const later = { ...facts, later: true };
    for (const [group, rows] of [...Object.entries(golden), ...Object.entries(calls)]) {
      for (const [text, expected] of rows) {
        const expr = parseExpression(text);
        if (!expr.ok) continue;
        const result = await evaluate(expr.value, scope, memoryHost(later));
        const plain = result.ok ? toPlain(result.value) : result.error.code;
        expect([group, text, plain]).toEqual([group, text, expected]);
      }
    }
    expect(run("file.exists('dist')", later)).toBe("later");
    expect(run("false || file.exists('dist')", later)).toBe("later");
    expect(run("true || file.exists('dist')", later)).toBe(true);
  });

  test("a condition that answers later is asked for yes or no like any other", async () => {
    const expr = parseExpression("tty || shell('no') || file.exists('dist') && which('node')");
    const host = memoryHost({ ...facts, later: true });
    expect(expr.ok && (await evaluateCondition(expr.value, scope, host))).toEqual({ ok: true, value: true });
  });
});

test("failures point at the part that failed", () => {
  const text = "ci && contains(package.tags, 'a') || env.NAME > 1 + 2";
  const expr = parseExpression(text);
  const result = expr.ok ? now(evaluate(expr.value, scope, memoryHost(facts))) : undefined;
  expect(result?.ok === false && text.slice(result.error.span.start, result.error.span.end)).toBe(
    "env.NAME > 1 + 2",
  );
});
