import { childrenOf, type Expr } from "#core/expr/ast";
import { checkExpression } from "#core/expr/check";
import { evaluate } from "#core/expr/evaluate";
import { parseTemplate, renderTemplate } from "#core/expr/interpolate";
import { tokenize } from "#core/expr/lexer";
import { memoryHost } from "#core/expr/memory-host";
import { parseExpression } from "#core/expr/parser";
import { toPlain } from "#core/expr/value";
import { damaged } from "#scripts/fuzz/damage";
import { hold, holdInside, textCase, textOf, type FuzzTarget } from "#scripts/fuzz/fuzz-target";

const SEEDS = [
  "platform == 'linux' && !env.CI",
  'file.exists("src/**") || file.newer("a", "b")',
  "tasks.build.state == 'success' ? 1 : 0",
  "git.branch =~ '^release/(\\d+)$'",
  "env.PORT in ['80', \"443\"] && 1 + 2 <= 3.5",
  "semver('1.2.3') >= semver('1.0.0-rc.1')",
  "length(split('a,b', ',')) > 1s",
  "matrix.os != null && args.name !~ 'x*'",
  "echo ${vars.a} $${b} ${output.lib:build[os=linux]} ${matrix.os.name}",
];
const PIECES =
  "( ) [ ] . , ? : ! || && == != < <= > >= =~ !~ in + ' \" \\ env file.exists platform tasks null true 1 30s 1.5 -2 'x' ( ${ } ${vars. a".split(
    " ",
  );

/** Conditions and templates: read, checked, evaluated and rendered. */
export const expressions: FuzzTarget = {
  name: "expressions",
  seeds: () => SEEDS.map((text) => textCase(text)),
  make: (random, corpus) => damaged(random, corpus, PIECES),
  exercise: async (made) => {
    const text = textOf(made);
    const { tokens, problems } = tokenize(text);
    for (const { span } of [...tokens, ...problems]) holdInside(text, span, "a token");
    const template = parseTemplate(text);
    for (const { span } of template.parts) holdInside(text, span, "a part of a template");
    void renderTemplate(template, {
      value: (_, key) => (key.length > 3 ? undefined : "${vars.a}"),
      keys: () => ["a"],
    });
    const read = parseExpression(text);
    if (!read.ok) {
      holdInside(text, read.error.span, "an error");
      return "refused";
    }
    walk(text, read.value);
    for (const { span } of checkExpression(read.value, { site: "task" }).problems)
      holdInside(text, span, "a problem");
    for (const later of [false, true]) {
      const value = await evaluate(
        read.value,
        {},
        memoryHost({ env: { A: "1" }, files: { a: "{}" }, later }),
      );
      if (value.ok) void JSON.stringify(toPlain(value.value));
      else holdInside(text, value.error.span, "a failure");
    }
    return "read";
  },
};

function walk(text: string, expr: Expr): void {
  holdInside(text, expr.span, "an expression");
  hold(expr.span.start < expr.span.end, "an expression of no text");
  for (const child of childrenOf(expr)) walk(text, child);
}
