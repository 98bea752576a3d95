import { expect, test } from "bun:test";
import { optionVariable, resolveColor, withEnvironment } from "./environment-options";
import { globalOptions } from "./global-options";

const read = (env: Record<string, string>, options = {}) => withEnvironment(options, env, globalOptions);

test("every global option but help and version has a variable, in capitals with underscores", () => {
  expect(optionVariable("dry-run")).toBe("ZR_DRY_RUN");
  expect(optionVariable("help")).toBeUndefined();
  expect(optionVariable("version")).toBeUndefined();
});

test("variables give options their values, and those of the command line stand above them", () => {
  const env = { ZR_JOBS: "3", ZR_DRY_RUN: "1", ZR_YES: "true", ZR_QUIET: "0", ZR_PROFILE: "", OTHER: "x" };
  expect(read(env)).toEqual({ ok: true, value: { jobs: "3", "dry-run": true, yes: true, quiet: false } });
  expect(read(env, { jobs: "5", yes: false })).toMatchObject({
    value: { jobs: "5", yes: false, "dry-run": true },
  });
});

test("a counted flag takes a number of times", () => {
  expect(read({ ZR_VERBOSE: "2" })).toEqual({ ok: true, value: { verbose: "2" } });
  expect(read({ ZR_VERBOSE: "true" })).toEqual({ ok: true, value: { verbose: "1" } });
  expect(read({ ZR_VERBOSE: "0" })).toEqual({ ok: true, value: { verbose: false } });
});

test("an option given on the command line sets the variable of its rival aside", () => {
  expect(read({ ZR_JSON: "1" }, { format: "dot" })).toEqual({ ok: true, value: { format: "dot" } });
  expect(read({ ZR_QUIET: "1" }, { verbose: "1" })).toEqual({ ok: true, value: { verbose: "1" } });
});

test("bad values are problems that name the variable, all of them together", () => {
  const result = read({ ZR_JOBS: "many", ZR_YES: "yes", ZR_VERBOSE: "loud" });
  expect(
    result.ok
      ? []
      : result.error.map(({ code, data }) => [code, data["name"], data["expected"], data["found"]]),
  ).toEqual([
    ["E183", "ZR_JOBS", "a number from 1 or a share such as 50%", "many"],
    ["E183", "ZR_VERBOSE", "1, true, 0, false or a number", "loud"],
    ["E183", "ZR_YES", "1, true, 0 or false", "yes"],
  ]);
});

test("without variables the options come back as they are", () => {
  const options = { jobs: "1" };
  expect(withEnvironment(options, {}, globalOptions)).toEqual({ ok: true, value: options });
});

test.each([
  [{ color: "always" }, { NO_COLOR: "1" }, false, true],
  [{ color: "never" }, { FORCE_COLOR: "1" }, true, false],
  [{ color: "auto" }, { NO_COLOR: "1" }, true, false],
  [{}, { NO_COLOR: "" }, true, true],
  [{}, { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
  [{}, { FORCE_COLOR: "1" }, false, true],
  [{}, { FORCE_COLOR: "0" }, true, false],
  [{}, { TERM: "dumb" }, true, false],
  [{}, {}, true, true],
  [{}, {}, false, false],
])(
  "with options %j and variables %j, on a terminal %j, coloured is %j",
  (options, env, isTerminal, expected) => {
    expect(resolveColor(options, env, isTerminal)).toBe(expected);
  },
);
