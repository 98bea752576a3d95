import { document } from "#core/config/schema/sections";
import type { Kind } from "#core/config/schema/kinds";
import { commands } from "#frontends/cli/commands";
import { globalOptions } from "#frontends/cli/global-options";
import type { FuzzCase } from "./fuzz-target";
import type { Random } from "./random";

const NAMES = [
  "build",
  "test",
  "deploy",
  "a",
  "b",
  "lib:build",
  "^build",
  "*:build",
  "tag:x#build",
  "//:a",
  "ns:a",
  "serve:*",
  "a[os=linux]",
  "__proto__",
  "constructor",
  "",
  " ",
  "빌드",
  "_hidden",
  "app",
  "lib",
];
const VALUES = [
  ...NAMES.map((name) => JSON.stringify(name)),
  ..."true false 0 1 -1 1.5 1e400 nan inf -0 9007199254740991 0x7f 2024-01-01 2024-01-01T00:00:00Z 07:30:00 [] {} [[]] [{}] [1,'a',{}] {a={b={c=1}}}".split(
    " ",
  ),
  ...[
    "5m",
    "1h30m",
    "50%",
    "2GB",
    "linux",
    "darwin/arm64",
    "TERM",
    "file:out",
    "src/**",
    "!x",
    "[a",
    "{a,b",
    "(",
    "a+",
    "^(a|b)*$",
    "branch == 'main'",
    "x && (",
    "!".repeat(120),
    "${vars.a}",
    "${args.name}",
    "${matrix.os}",
    "${match.0}",
    "${env.HOME}",
    "${",
    "$${a}",
    "echo '${args.name}'",
    'a "$@"',
    "a; b",
    "#!/bin/sh",
    "\\u0000",
    "\\u001b[31m",
    "\\ud83d\\ude00",
    "\\u202e",
    "x".repeat(5000),
  ].map((text) => `"${text.replaceAll('"', '\\"')}"`),
  '"""\n#!/usr/bin/env python3\nprint(1)\n"""',
  '{ task = "build", args = ["x"], if = "ci" }',
  '{ os = ["linux", "darwin"], include = [{ os = "linux", v = 1 }], exclude = [{ os = "darwin" }] }',
  "[{ name = 'name', required = true, choices = ['a'] }]",
  "{ default = 'x', linux = ['a', 'b'] }",
];
const NOISE = [
  "[",
  "]",
  "{",
  "}",
  "=",
  '"',
  "'",
  "\n",
  "\r\n",
  "\\",
  "\0",
  "\ufeff",
  "\ufffd",
  "#",
  ".",
  ",",
  '"""',
  "\u001b",
  "\u2028",
  "[[tasks]]\n",
  "[tasks]\n",
  "\t",
];

/** Every key that the schema knows, wherever it stands. */
const KEYS = [...new Set(keysOf(document))];

function keysOf(kind: Kind, depth = 0): string[] {
  if (depth > 6) return [];
  switch (kind.type) {
    case "table":
      return Object.entries(kind.fields).flatMap(([key, field]) => [key, ...keysOf(field.kind, depth + 1)]);
    case "map":
      return keysOf(kind.value, depth + 1);
    case "list":
      return keysOf(kind.item, depth + 1);
    case "union":
      return kind.options.flatMap((option) => keysOf(option, depth + 1));
    default:
      return [];
  }
}

/** A case that the numbers decide: several files made of damaged real ones. */
export function makeCase(random: Random, corpus: readonly string[]): FuzzCase {
  const text = (): string =>
    random.oneIn(3)
      ? mutate(random, random.pick(corpus), { corpus, most: 6 })
      : mutate(random, makeTasks(random), { corpus, most: 2 });
  const files: Record<string, string> = { "/w/zr.toml": text() };
  if (random.oneIn(3)) files["/w/zr.local.toml"] = text();
  if (random.oneIn(3)) {
    files["/w/ci.toml"] = text();
    const entry = random.pick([
      '"ci.toml"',
      '"*.toml"',
      '{ path = "ci.toml", namespace = "ns" }',
      '"ci.toml", "ci.toml"',
    ]);
    files["/w/zr.toml"] = `include = [${entry}]\n${files["/w/zr.toml"] ?? ""}`;
  }
  if (random.oneIn(3)) {
    files["/w/zr.toml"] = `${files["/w/zr.toml"] ?? ""}\n[workspace]\nmembers = ["app", "lib", "*"]\n`;
    files["/w/app/zr.toml"] = text();
    files["/w/lib/zr.toml"] = text();
  }
  if (random.oneIn(6)) files["/home/.config/zr/config.toml"] = text();
  return {
    files,
    cwd: files["/w/app/zr.toml"] !== undefined && random.oneIn(2) ? "/w/app" : "/w",
    words: makeWords(random),
  };
}

/** Tasks that are most likely right: each names only those before it, but for what order alone may name. */
function makeTasks(random: Random): string {
  const names = ["a", "b", "build", "deploy", "test", "serve:*", "_hidden", "x.y", "x.z", "constructor"].map(
    (name) => (random.oneIn(2) ? name : `${name}${random.below(50)}`),
  );
  const lines = [
    "[vars]",
    'a = "1"',
    "list = [1, 'b']",
    `[templates.base${random.below(1000)}]`,
    'tags = ["x"]',
    "[groups.x]",
    'timeout = "5s"',
    "[profiles.a.tasks.build]",
    "silent = true",
  ];
  const count = 1 + random.below(names.length);
  for (const [index, name] of names.slice(0, count).entries()) {
    const before = names.slice(0, index).filter((other) => !other.includes("*"));
    lines.push(`[tasks.${JSON.stringify(name)}]`);
    const body = random.below(4);
    if (body === 0) lines.push(`cmd = ${random.pick(COMMANDS)}`);
    else if (body === 1)
      lines.push(
        `cmds = [${random.pick(TEXTS)}, { cmd = ${random.pick(TEXTS)} }${before.length > 0 ? `, { task = "${random.pick(before)}" }` : ""}]`,
      );
    else if (body === 2) lines.push('script = "true"');
    else lines.push(before.length > 0 ? `deps = ["${random.pick(before)}"]` : 'cmd = "true"');
    for (const key of new Set(
      Array.from({ length: random.below(5) }, () => random.pick(Object.keys(LINES))),
    )) {
      const line = LINES[key]?.(random, before);
      if (line !== undefined && !(key === "deps" && body === 3)) lines.push(`${key} = ${line}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

const TEXTS = ['"true"', '"echo ${vars.a} ${vars.list}"', '"a && b"'];
const COMMANDS = [
  ...TEXTS,
  '["echo", "${task.name}", "$HOME"]',
  "{ default = 'x', linux = 'y' }",
  '"cat <<E\\n${package.name}\\nE"',
];

type Line = (random: Random, before: readonly string[]) => string | undefined;
const some = (random: Random, names: readonly string[]): string | undefined =>
  names.length === 0
    ? undefined
    : `[${[...new Set([random.pick(names), random.pick(names)])].map((name) => JSON.stringify(name)).join(", ")}]`;

/** Lines that are right in a task, given the names that stand before it. */
const LINES: Readonly<Record<string, Line>> = {
  deps: some,
  deps_serial: some,
  wait_for: some,
  finally: some,
  on_success: some,
  on_failure: some,
  extends: (random, before) => (random.oneIn(4) ? some(random, before) : undefined),
  matrix: (random) =>
    random.pick([
      '{ os = ["linux", "darwin"], n = [1, 2] }',
      '{ os = ["linux"], include = [{ os = "darwin", n = 1 }], exclude = [{ os = "linux" }] }',
      "{ n = [] }",
    ]),
  env: () => '{ A = "$HOME", B = "${vars.a}", C = false }',
  args: () => '[{ name = "name", default = "x" }, { name = "rest", variadic = true }]',
  condition: (random) => random.pick(['"ci"', "\"platform == 'linux'\"", "'vars.a == \"1\"'"]),
  retry: (random) => random.pick(["3", '{ max = 2, delay = "1s", backoff = "exponential" }']),
  timeout: (random) => random.pick(['"5m"', '"9999d"']),
  resources: (random) =>
    random.pick(["{ weight = 2, mutex = 'm' }", "{ exclusive = true }", "{ weight = 99 }"]),
  io: () => '{ stdin = "null", stdout = "file:out" }',
  persistent: () => "false",
  ready: () => '{ tcp = "localhost:1" }',
  shell: (random) => random.pick(['"bash"', '"pwsh"', '"bun"', '["node", "-e"]', '"cmd"', '"fish"']),
  aliases: (random) => `["q${random.below(100)}"]`,
  platforms: () => '["linux", "darwin/arm64"]',
};

function mutate(
  random: Random,
  text: string,
  { corpus, most }: { readonly corpus: readonly string[]; readonly most: number },
): string {
  let mutated = text;
  for (let round = random.below(most); round > 0; round -= 1)
    mutated = mutateOnce(random, mutated, corpus).slice(0, 200_000);
  return mutated;
}

function mutateOnce(random: Random, text: string, corpus: readonly string[]): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + random.below(40));
  const lines = text.split("\n");
  const line = random.below(lines.length);
  const key = random.pick(KEYS);
  switch (random.below(12)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, end) + text.slice(at);
    case 2:
      return text.slice(0, at) + random.pick(NOISE) + text.slice(at);
    case 3:
      return `${text}\n${random.pick(corpus)}`;
    case 4:
      return lines.toSpliced(line, 1).join("\n");
    case 5:
      return lines.toSpliced(random.below(lines.length), 0, lines[line] ?? "").join("\n");
    case 6:
      return text.replace(/"[^"\n]*"/, random.pick(VALUES));
    case 7:
      return lines
        .with(
          line,
          (lines[line] ?? "").replace(/=.*/, () => `= ${random.pick(VALUES)}`),
        )
        .join("\n");
    case 8:
      return lines
        .with(
          line,
          (lines[line] ?? "").replace(/[\w-]+/, () =>
            random.pick(random.oneIn(2) ? KEYS : ["__proto__", "constructor", '"\\u0000"']),
          ),
        )
        .join("\n");
    case 9:
      return `${text}\n[tasks.${random.pick(["a", "b", "build", '"x:*"', "__proto__"])}]\n${key} = ${random.pick(VALUES)}\ndeps = [${random.pick(VALUES)}]\n`;
    case 10:
      return `${text}\n[${random.pick(["templates", "profiles", "groups", "env", "vars", "global", "alias", "workflows.w"])}.${random.pick(["a", "b"])}]\n${key} = ${random.pick(VALUES)}\n`;
    default:
      return lines.toSpliced(line, 0, `${key} = ${random.pick(VALUES)}`).join("\n");
  }
}

function makeWords(random: Random): string[] {
  const words: string[] = [];
  if (!random.oneIn(6))
    words.push(random.pick([...commands.map((command) => command.name), "run", "run", "run"]));
  for (let count = random.below(5); count > 0; count -= 1) words.push(makeWord(random));
  return words;
}

function makeWord(random: Random): string {
  const options = [
    ...Object.keys(globalOptions),
    ...commands.flatMap((command) => Object.keys(command.options)),
  ];
  const option = `--${random.pick(options)}`;
  const value = random.pick([...NAMES, "json", "1", "50%", "5m", "a=b", "\u001b", "\0"]);
  return random.pick([
    random.pick(NAMES),
    random.pick(NAMES),
    option,
    `${option}=${value}`,
    `-${random.pick(["j", "p", "q", "v", "n", "y", "C", "jj", "-"])}`,
    "--",
    value,
  ]);
}
