import { describe, expect, test } from "bun:test";
import { shellShape, simpleCommand } from "./shell-text";

/** The quoting at the `@` of a text. */
const at = (text: string): string => shellShape(text).quotingAt(text.indexOf("@"));

describe("the quoting at a place", () => {
  test.each([
    ["echo @", "plain"],
    ["echo '@'", "single"],
    ['echo "@"', "double"],
    ['echo "a \\" @"', "double"],
    ["echo \\'@", "plain"],
    ["echo 'a'\"b\"@", "plain"],
    ["echo '\"@'", "single"],
    ["echo \"'@'\"", "double"],
    ["# a @", "comment"],
    ["echo a # @", "comment"],
    ["echo a#@", "plain"],
    ["echo a #b\n@", "plain"],
    ["cat <<E\n@\nE", "heredoc"],
    ["cat <<-E\n\t@\n\tE", "heredoc"],
    ["cat <<'E'\n@\nE", "raw-heredoc"],
    ['cat <<"E"\n@\nE', "raw-heredoc"],
    ["cat <<\\E\n@\nE", "raw-heredoc"],
    ["cat <<E\nx\nE\necho @", "plain"],
    ["cat <<A <<B\n1\nA\n@\nB", "heredoc"],
    ["cat <<< '@'", "single"],
    ['echo "$(echo @)"', "plain"],
    ["echo \"$(echo '@')\"", "single"],
    ['echo $(echo "a" @)', "plain"],
    ['echo "$(echo "@")"', "double"],
    ["echo 'unclosed @", "single"],
    ['echo "unclosed @', "double"],
    ["cat <<E\nunclosed @", "heredoc"],
  ])("%p is %s", (text, quoting) => {
    expect(at(text)).toBe(quoting as never);
  });
});

describe("a text", () => {
  test.each([
    "make",
    "make -j2 all",
    "cat <<< word",
    "A=1 make",
    "echo 'a; b'",
    'echo "a | b"',
    "make > out 2>&1",
    "make &> out",
    "echo a\\;b",
    "make # all; of it",
    "echo $(a; b)",
    "make\n",
  ])("%p is a single command", (text) => {
    expect(shellShape(text).isSingle).toBe(true);
  });

  test.each([
    "a; b",
    "a && b",
    "a || b",
    "a | b",
    "a &",
    "a\nb",
    "(a)",
    "`a`",
    "if a; then b; fi",
    "! a",
    "{ a; }",
    "for x in y",
    "[[ a ]]",
    "cat <<E\nx\nE",
  ])("%p is not", (text) => {
    expect(shellShape(text).isSingle).toBe(false);
  });

  test.each(['a "$@"', "a $*", "a $1", "a ${1}", "a ${1:-x}", "a ${@}", 'a "${2%.c}"', "a $#"])(
    "%p takes arguments",
    (text) => {
      expect(shellShape(text).takesArguments).toBe(true);
    },
  );

  test.each(["a '$@'", "a \\$1", "a $HOME", "a ${HOME}", "a $0", "# $1", "a ${args.name}"])(
    "%p takes none",
    (text) => {
      expect(shellShape(text).takesArguments).toBe(false);
    },
  );
});

describe("a command that needs no shell", () => {
  test.each([
    ["true", ["true"]],
    ["  go  build\t./... ", ["go", "build", "./..."]],
    ["npm run a:b -- --x=1,2", ["npm", "run", "a:b", "--", "--x=1,2"]],
    ["echo hello", ["echo", "hello"]],
  ] as const)("%p is its words", (text, words) => {
    expect(simpleCommand(text)).toEqual([...words]);
  });

  test.each([
    "",
    " ",
    "a; b",
    "a 'b'",
    "a $B",
    "a *",
    "a ~",
    "A=1 b",
    "cd x",
    "exit 1",
    "-x",
    "echo -n a",
    "a\nb",
    "a > b",
    "export A",
    "test -f x",
    "a {b,c}",
    "a\\b",
    "a [b]",
    "source x",
    "é",
  ])("%p is none", (text) => {
    expect(simpleCommand(text)).toBeUndefined();
  });
});
