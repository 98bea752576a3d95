import { describe, expect, test } from "bun:test";
import { parseTemplate, renderTemplate } from "./interpolate";
import type { TemplateLookup } from "./interpolate";

const values: Readonly<Record<string, string>> = {
  "args.region": "eu",
  "vars.db.host": "h",
  "match.0": "web",
  "output.api:build": "1.2",
  "package.name": "${args.region}",
  "matrix.node-version": "20",
};
const lookup: TemplateLookup = {
  value: (namespace, key) => values[`${namespace}.${key}`],
  keys: (namespace) =>
    Object.keys(values)
      .filter((name) => name.startsWith(`${namespace}.`))
      .map((name) => name.slice(namespace.length + 1)),
};

describe("rendering", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["", ""],
    ["plain", "plain"],
    ["a ${args.region} b", "a eu b"],
    ["${vars.db.host}${match.0}", "hweb"],
    ["${output.api:build}", "1.2"],
    ["${matrix.node-version}", "20"],
    ["$HOME ${HOME} $(date) ${HOME:-x} $1 $$", "$HOME ${HOME} $(date) ${HOME:-x} $1 $$"],
    ["${other.key} ${args} ${args.} ${ args.region }", "${other.key} ${args} ${args.} ${ args.region }"],
    ["${env.X:-1} ${output.a:-b} ${args.map(x => x)}", "${env.X:-1} ${output.a:-b} ${args.map(x => x)}"],
    ["$${args.region} $${HOME}", "${args.region} ${HOME}"],
    ["$$${args.region}", "$${args.region}"],
    ["${args.region", "${args.region"],
    ["${${args.region}}", "${eu}"],
    ["😀${args.region}", "😀eu"],
  ];
  for (const [text, expected] of rows) {
    test(`${JSON.stringify(text)} is ${JSON.stringify(expected)}`, () => {
      expect(renderTemplate(parseTemplate(text), lookup)).toEqual({ ok: true, value: expected });
    });
  }

  test("values are not read for references again", () => {
    const result = renderTemplate(parseTemplate("${package.name}"), lookup);
    expect(result).toEqual({ ok: true, value: "${args.region}" });
  });

  test("every unknown key is a problem at the key, with suggestions", () => {
    const text = "${args.regoin} ${args.region} ${run.nope}";
    const result = renderTemplate(parseTemplate(text), lookup);
    const problems = result.ok ? [] : result.error;
    expect(
      problems.map((problem) => [
        problem.code,
        text.slice(problem.span.start, problem.span.end),
        problem.suggestions,
      ]),
    ).toEqual([
      ["E240", "regoin", ["region"]],
      ["E240", "nope", []],
    ]);
  });
});
