import { expect, test } from "bun:test";
import { shellTest } from "./shell-test";

const holds = (expression: string, env: Readonly<Record<string, string>> = {}): boolean | undefined => {
  const command = shellTest(expression);
  return command === undefined
    ? undefined
    : Bun.spawnSync(["sh", "-c", `if ${command}; then exit 0; else exit 7; fi`], { env }).exitCode === 0;
};

test("conditions hold in a shell where they hold in an expression", () => {
  expect(holds("env.get('A', '') == ''")).toBe(true);
  expect(holds("env.get('A', 'it\\'s') == 'it\\'s'")).toBe(true);
  expect(holds("env.get('A', 'x') != 'x'", { A: "y" })).toBe(true);
  expect(holds("shell('echo \"a b\"') == 'a b' && env.get('B', '') != ''", { B: "1" })).toBe(true);
  expect(holds("shell('echo \"a b\"') == 'a b' && env.get('B', '') != ''")).toBe(false);
  expect(
    holds("(env.get('A', '') != '' && env.get('B', '') != '') || env.get('C', '') == '$HOME`x`\"'", {
      C: '$HOME`x`"',
    }),
  ).toBe(true);
  expect(holds("!(file.exists('/nowhere at all'))")).toBe(true);
  expect(holds("platform != 'windows'")).toBe(true);
});

test("what no shell can ask gives no command", () => {
  for (const expression of [
    "args.x == 'a'",
    "len(glob('*')) > 0",
    "env.get('A', '')",
    "(platform == 'linux'",
    "platform == 'plan9'",
  ])
    expect(shellTest(expression)).toBeUndefined();
});
