import { expect, test } from "bun:test";
import fc from "fast-check";
import { childrenOf } from "#core/expr/ast";
import type { Expr } from "#core/expr/ast";
import { checkExpression } from "#core/expr/check";
import type { CheckScope } from "#core/expr/check-names";
import { evaluate } from "#core/expr/evaluate";
import type { ExprScope } from "#core/expr/evaluate-names";
import { tokenize } from "#core/expr/lexer";
import { memoryHost } from "#core/expr/memory-host";
import { parseExpression } from "#core/expr/parser";
import { isDynamic, types } from "#core/expr/types";
import { toPlain } from "#core/expr/value";
import type { ExprValue } from "#core/expr/value";

import type { Maybe } from "#core/expr/maybe";

/** What is there at once. */
const now = <T>(value: Maybe<T>): T | undefined => (value instanceof Promise ? undefined : value);

// Texts: arbitrary ones, and ones made of the language's own pieces, which get further into the parser.
const pieces = fc
  .array(
    fc.constantFrom(
      ..."( ) [ ] . , ? : ! || && == != < <= > >= =~ !~ in + = & | ' \" \\ a env file.exists platform tasks true null 1 30s 1.5 -2 'x' \"y\" \\u{41} # 😀 \ud800 \n and".split(
        " ",
      ),
      " ",
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(""));
const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), pieces);

const isInside = (text: string, span: { start: number; end: number }): boolean =>
  span.start >= 0 && span.start <= span.end && span.end <= text.length;

test("any text is read into tokens in order and inside the text, or into problems inside the text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { tokens, problems } = tokenize(text);
      let at = 0;
      for (const { span, text: own } of tokens) {
        expect(isInside(text, span) && span.start >= at).toBe(true);
        if (!problems.some((problem) => problem.code === "E209"))
          expect(text.slice(span.start, span.end)).toBe(own);
        at = span.end;
      }
      for (const problem of problems) expect(isInside(text, problem.span)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("any text is parsed, checked and evaluated without a throw, and every range lies inside it", () => {
  const walk = (text: string, expr: Expr): void => {
    expect(isInside(text, expr.span) && expr.span.start < expr.span.end).toBe(true);
    for (const child of childrenOf(expr)) walk(text, child);
  };
  fc.assert(
    fc.property(anyText, (text) => {
      const expr = parseExpression(text);
      if (!expr.ok) {
        expect(isInside(text, expr.error.span)).toBe(true);
        return;
      }
      walk(text, expr.value);
      for (const problem of checkExpression(expr.value, { site: "task" }).problems) {
        expect(isInside(text, problem.span)).toBe(true);
      }
      const result = now(evaluate(expr.value, {}, memoryHost()));
      if (result?.ok === false) expect(isInside(text, result.error.span)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

// Precedence: trees with a value of their own, printed with as few parentheses as the grammar allows.
interface Tree {
  readonly level: number;
  readonly text: string;
  readonly value: boolean | number;
}
const wrap = (tree: Tree, level: number): string => (tree.level < level ? `(${tree.text})` : tree.text);
const number = (tree: Tree): number => Number(tree.value);
const yes = (tree: Tree): boolean => tree.value === true;

const trees = fc.letrec<{ bool: Tree; num: Tree }>((tie) => {
  const two = <T extends Tree>(of: fc.Arbitrary<T>) => fc.tuple(of, of);
  const bool = tie("bool");
  const num = tie("num");
  const conditional = (of: fc.Arbitrary<Tree>) =>
    fc.tuple(bool, of, of).map(([a, b, c]): Tree => ({
      level: 0,
      text: `${wrap(a, 1)} ? ${b.text} : ${c.text}`,
      value: yes(a) ? b.value : c.value,
    }));
  return {
    bool: fc.oneof(
      { depthSize: "medium" },
      fc.boolean().map((value): Tree => ({ level: 6, text: String(value), value })),
      two(bool).map(([a, b]): Tree => ({
        level: 1,
        text: `${wrap(a, 1)} || ${wrap(b, 2)}`,
        value: yes(a) || yes(b),
      })),
      two(bool).map(([a, b]): Tree => ({
        level: 2,
        text: `${wrap(a, 2)}&&${wrap(b, 3)}`,
        value: yes(a) && yes(b),
      })),
      bool.map((a): Tree => ({ level: 3, text: `!${wrap(a, 3)}`, value: !yes(a) })),
      two(bool).map(([a, b]): Tree => ({
        level: 4,
        text: `${wrap(a, 5)} == ${wrap(b, 5)}`,
        value: yes(a) === yes(b),
      })),
      two(num).map(([a, b]): Tree => ({
        level: 4,
        text: `${wrap(a, 5)}<${wrap(b, 5)}`,
        value: number(a) < number(b),
      })),
      two(num).map(([a, b]): Tree => ({
        level: 4,
        text: `${wrap(a, 5)} >= ${wrap(b, 5)}`,
        value: number(a) >= number(b),
      })),
      two(num).map(([a, b]): Tree => ({
        level: 4,
        text: `${wrap(a, 5)} in [${b.text}, 1]`,
        value: [number(b), 1].includes(number(a)),
      })),
      conditional(bool),
    ),
    num: fc.oneof(
      { depthSize: "medium" },
      fc.nat(3).map((value): Tree => ({ level: 6, text: String(value), value })),
      two(num).map(([a, b]): Tree => ({
        level: 5,
        text: `${wrap(a, 5)}+${wrap(b, 6)}`,
        value: number(a) + number(b),
      })),
      conditional(num),
    ),
  };
});

test("operators bind as the grammar says: a tree printed with few parentheses has its own value", () => {
  fc.assert(
    fc.property(fc.oneof(trees.bool, trees.num), (tree) => {
      const expr = parseExpression(tree.text);
      if (!expr.ok && expr.error.code === "E201") return;
      const result = expr.ok ? now(evaluate(expr.value, {}, memoryHost())) : undefined;
      expect(result?.ok === true && toPlain(result.value)).toBe(tree.value);
    }),
    { numRuns: 3000 },
  );
});

// Soundness: expressions of all kinds, mostly wrong; those the checker accepts must not fail by kind.
const atom = fc.constantFrom(
  "1",
  "'a'",
  "'8'",
  "30s",
  "true",
  "null",
  "[]",
  "[1, 2]",
  "['a', null]",
  "env.A",
  "env.PORT",
  "env.UNSET",
  "platform",
  "ci",
  "branch",
  "git.dirty",
  "git.tag",
  "package.tags",
  "task.name",
  "tasks.build.success",
  "tasks.build.duration",
  "tasks.build.exit_code",
  "which('a')",
  "glob('*')",
  "shell('x')",
  "env.get('UNSET', 8)",
  "env.get('A', 'b')",
  "matrix.os",
  "args.n",
  "exit_code",
);
const mixed = fc.letrec<{ node: string }>((tie) => {
  const node = tie("node");
  const pair = fc.tuple(node, node);
  return {
    node: fc.oneof(
      { depthSize: "small", maxDepth: 3 },
      { weight: 3, arbitrary: atom },
      fc
        .tuple(node, fc.constantFrom("||", "&&", "==", "!=", "<", ">=", "=~", "!~", "in", "+"), node)
        .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
      fc.tuple(node, node, node).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      node.map((a) => `(!${a})`),
      pair.map(([a, b]) => `[${a}, ${b}]`),
      fc
        .tuple(fc.constantFrom("lower", "len", "file.exists", "tool.version", "file.hash"), node)
        .map(([f, a]) => `${f}(${a})`),
      fc
        .tuple(
          fc.constantFrom("contains", "startsWith", "matches", "env.get", "file.changed", "semver.gte"),
          pair,
        )
        .map(([f, [a, b]]) => `${f}(${a}, ${b})`),
      node.map((a) => `(${a})[0]`),
    ),
  };
}).node;

const known: CheckScope = {
  site: "result",
  matrix: new Map([["os", types.string]]),
  args: new Map([["n", types.nullableNumber]]),
  upstream: new Set(["build"]),
};
const scope: ExprScope = {
  matrix: { os: "linux" },
  args: { n: null },
  package: { name: "p", path: "p", tags: ["a"] },
  task: { name: "t", tags: [] },
  exitCode: 1,
};
const world = {
  env: { A: "a", PORT: "8080" },
  git: { branch: "main", dirty: true },
  finished: {
    "tasks/build": { success: true, failed: false, skipped: false, durationMs: 9, exitCode: null },
  },
  files: { a: "a" },
  shell: { x: { output: "a", exitCode: 0 } },
};
/** Failures that hang on a value and not on its kind: keys that are not there, patterns, null, texts, the world. */
const BY_VALUE = new Set(["E212", "E230", "E231", "E232", "E233", "E234", "E235", "E237", "E238", "E239"]);

function typeHolds(value: ExprValue, kinds: number): boolean {
  const bits = {
    string: 1 | 2,
    number: 4,
    duration: 8,
    boolean: 16,
    null: 32,
    array: 64,
    object: 128,
  } as const;
  return (bits[value.kind] & kinds) !== 0;
}

test("what the checker accepts does not fail by kind, and its value is of the type that was found", () => {
  let accepted = 0;
  fc.assert(
    fc.property(mixed, (text) => {
      const expr = parseExpression(text);
      if (!expr.ok) throw new Error(`${text}: ${expr.error.code}`);
      const { problems, type } = checkExpression(expr.value, known, "value");
      if (problems.length > 0 || isDynamic(type)) return;
      accepted += 1;
      const result = now(evaluate(expr.value, scope, memoryHost(world)));
      if (result?.ok === false)
        expect([text, result.error.code, BY_VALUE.has(result.error.code)]).toEqual([
          text,
          result.error.code,
          true,
        ]);
      if (result?.ok === true) expect([text, typeHolds(result.value, type.kinds)]).toEqual([text, true]);
    }),
    { numRuns: 12_000, seed: 7 },
  );
  expect(accepted).toBeGreaterThan(2000);
});

test("an answer that comes later changes nothing but the time", async () => {
  await fc.assert(
    fc.asyncProperty(mixed, async (text) => {
      const expr = parseExpression(text);
      if (!expr.ok) throw new Error(text);
      const later = await evaluate(expr.value, scope, memoryHost({ ...world, later: true }));
      expect(now(evaluate(expr.value, scope, memoryHost(world)))).toEqual(later);
    }),
    { numRuns: 1000 },
  );
});
