/** How a code is worded and explained. `{name}` stands for a field of the problem's data. */
export interface ExprDiagnosticCode {
  /** One sentence without full stop. */
  readonly message: string;
  /** A few words by the caret. */
  readonly label: string;
  readonly doc: string;
  /** An expression, or a string with references for E240, that yields it. */
  readonly example: string;
}

const code = (
  message: string,
  label: string,
  rest: { doc: string; example: string },
): ExprDiagnosticCode => ({
  message,
  label,
  ...rest,
});

/** Codes of problems in expressions (E200 to E239) and templates (E240). */
export const exprDiagnosticCodes: Readonly<Record<string, ExprDiagnosticCode>> = {
  E200: code("the expression is {length} characters long, and {max} are allowed", "too long from here", {
    doc: "An expression may have 65,536 characters. Move the logic into a script and ask it with `shell()`.",
    example: "a 70,000 characters long expression",
  }),
  E201: code("the expression is nested more than {max} deep", "one level too many", {
    doc: "Parentheses, calls, arrays, `!`, `?:` and `.` may be nested 100 deep.",
    example: `${"!".repeat(101)}ci`,
  }),
  E202: code("`{character}` has no meaning in an expression", "not understood", {
    doc: "A character that begins no value, name or operator.",
    example: "branch # 'main'",
  }),
  E203: code("the string is not closed: {quote} is missing", "begins here", {
    doc: "A string ends with the quote it begins with; `\\'` and `\\\"` are quotes inside of it.",
    example: "branch == 'main",
  }),
  E204: code("`{escape}` is not a complete escape", "incomplete escape", {
    doc: "`\\u` takes four hexadecimal digits, or one to six in braces up to `\\u{10ffff}`.",
    example: "branch == '\\u12'",
  }),
  E205: code("`{text}` is neither a number nor a duration", "not a number", {
    doc: "Durations are written with the units ms, s, m, h, d, w: `30s`, `1h30m`.",
    example: "tasks.build.duration > 30sec",
  }),
  E206: code("unexpected `{found}`: {expected} is expected here", "expected {expected}", {
    doc: "The expression cannot go on like this. Operators are `&&`, `||` and `!`, not words.",
    example: "ci and tty",
  }),
  E207: code("the expression ends where {expected} is expected", "expected {expected}", {
    doc: "Something is missing at the end.",
    example: "branch ==",
  }),
  E208: code("comparisons cannot be chained: `{operator}` follows another one", "second comparison", {
    doc: "`a < b < c` is not a range check; write `a < b && b < c`.",
    example: "1 < attempt < 3",
  }),
  E209: code("`{found}` is not an operator; `{meant}` is", "write `{meant}`", {
    doc: "Equality is `==`, and is `&&`, or is `||`.",
    example: "branch = 'main'",
  }),
  E210: code("the expression is empty", "nothing here", {
    doc: "Leave the key out, or write `true`.",
    example: "",
  }),
  E211: code("there is no name `{name}`", "unknown name", {
    doc: "Text is written in quotes; names are those of the reference.",
    example: "brnch == 'main'",
  }),
  E212: code("`{of}` has no `{name}`", "unknown", {
    doc: "The key is not declared, or the data has no such field.",
    example: "git.commit != null",
  }),
  E213: code("there is no function `{name}`", "unknown function", {
    doc: "Functions are those of the reference, some with a group in front: `file.exists`.",
    example: "exists('Dockerfile')",
  }),
  E214: code("`{name}` takes {expected} arguments, not {count}", "{count} given", {
    doc: "Too few or too many arguments.",
    example: "contains(branch)",
  }),
  E215: code("`{name}` is not known here", "not available here", {
    doc: "`exit_code`, `allow_failure` and `attempt` are known after the task ran (`output_if`), and to a handler (`on_failure`, `on_success`, `finally`) that runs after the task it belongs to, not when it is run by itself. The exit code of another task before this one is `tasks['NAME'].exit_code`; stages and steps in workflows; `task` and `package` where there is one.",
    example: "exit_code == 0",
  }),
  E216: code("{kind} `{name}` does not come before this", "not upstream", {
    doc: "Results are read from tasks in `deps` and what those need, and from earlier stages. Add it to `deps`.",
    example: "tasks['deploy'].success",
  }),
  E217: code("there is no {kind} `{name}` before this", "unknown {kind}", {
    doc: "No task upstream, or no earlier stage or step, has this name.",
    example: "tasks['biuld'].success",
  }),
  E218: code("`{name}` needs more to be a value, as in `{example}`", "not a value", {
    doc: "The name is a group of values.",
    example: "env == 'prod'",
  }),
  E219: code("`{name}` is a function: call it", "write `{name}(…)`", {
    doc: "Functions are called with parentheses.",
    example: "file.exists == true",
  }),
  E220: code("`{operator}` cannot compare {left} with {right}", "different kinds", {
    doc: "Both sides must be of the same kind. Only environment strings compare with numbers, where they are one.",
    example: "branch == 1",
  }),
  E221: code("`{operator}` has no meaning for {kind}", "no order", {
    doc: "Strings, numbers and durations have an order.",
    example: "ci > false",
  }),
  E222: code("`+` cannot join {left} and {right}", "different kinds", {
    doc: "`+` joins strings, or adds numbers or durations.",
    example: "len('v' + 1) > 0",
  }),
  E223: code("{kind} is neither true nor false", "not a condition", {
    doc: "A condition is true or false, or a string that may be unset or empty. Compare the value with something.",
    example: "len(package.tags)",
  }),
  E224: code("the text '{text}' would always count as true", "not a condition", {
    doc: "Write the comparison again: `branch == 'a' || branch == 'b'`; for a default use `env.get(name, default)`.",
    example: "branch == 'main' || 'develop'",
  }),
  E225: code("`{name}` takes {expected} as {parameter}, not {found}", "{found}", {
    doc: "The argument is of the wrong kind.",
    example: "startsWith(branch, 1)",
  }),
  E226: code("`in` looks into an array or an object, not {kind}", "{kind}", {
    doc: "For a part of a string use `contains(text, part)`.",
    example: "'a' in branch",
  }),
  E227: code("`{operator}` takes a string and a pattern, not {kind}", "{kind}", {
    doc: "Only strings are matched with patterns.",
    example: "ci =~ 'true'",
  }),
  E228: code("{kind} has no `{name}`", "no such thing", {
    doc: "Only objects have fields, and only arrays have numbered elements; the length of both is `len(…)`.",
    example: "branch.length > 3",
  }),
  E229: code("`{name}` is never '{text}'", "never this", {
    doc: "Platforms are linux, darwin (or macos), windows; architectures x86_64 (or x64), aarch64 (or arm64).",
    example: "platform == 'win32'",
  }),
  E230: code("the pattern '{pattern}' is not valid: {reason}", "invalid pattern", {
    doc: "Patterns are JavaScript's without look-around and back-references; `(?i)` in front ignores case.",
    example: "branch =~ '(release'",
  }),
  E231: code("matching '{pattern}' with this text takes too long", "too costly", {
    doc: "Matching takes at most 20 million steps, which only large patterns on large texts need.",
    example: "file.read('huge.log') =~ '(a?){1900}b'",
  }),
  E232: code("`{operator}` met null", "one side is null", {
    doc: "A variable that is not set, or something that is not there, has no order and joins nothing. Give a default: `env.get('PORT', 8080)`.",
    example: "env.UNSET > 1",
  }),
  E233: code("the environment string '{text}' is not a number", "compared with a number", {
    doc: "An environment string compares with a number only where it is written like one.",
    example: "env.NAME > 1",
  }),
  E234: code("'{text}' is not a {format}", "not a {format}", {
    doc: "Versions are `20`, `1.22`, `v1.2.3-rc.1`; ranges `^1.2`, `~1.2.3`, `>=18 <21`, `1.x`.",
    example: "semver.gte('latest', '1.0')",
  }),
  E235: code("the text is not JSON: {reason}", "not JSON", {
    doc: "`json()` reads strict JSON, nested at most 100 deep.",
    example: "json('{') == null",
  }),
  E236: code("`shell()` is refused: {reason}", "not run", {
    doc: "`shell()` is off in `zr validate`, editors, listings for agents and plugins, and with `--no-shell-expr` or `ZR_NO_SHELL_EXPR=1`.",
    example: "shell('make check')",
  }),
  E237: code("`{name}` failed: {reason}", "failed here", {
    doc: "The file, repository or program that was asked did not answer.",
    example: "file.read('missing.txt') == ''",
  }),
  E238: code("{kind} `{name}` has not finished in this run", "no result yet", {
    doc: "Results are there once the task or stage has finished; in this run it was left out or is still running.",
    example: "tasks['unfinished'].success",
  }),
  E239: code("task `{name}` has shared no output", "no output", {
    doc: "Set `share_output = true` on the task.",
    example: "output['silent'] == 'x'",
  }),
  E241: code("task `{name}` does not share its output", "shares nothing", {
    doc: "Only what a task with `share_output` prints can be read. Set `share_output = true` on it.",
    example: "output['mute'] == 'x'",
  }),
  E242: code("`{name}` means {count} instances", "say which", {
    doc: "The task runs several times before this one, by a matrix or in several packages. Name one: `output['test[os=linux]']`, `output['api:version']`.",
    example: "output['several'] == 'x'",
  }),
  E240: code("`{namespace}` has no `{key}`", "unknown key", {
    doc: "The key is not declared. A literal `${` is written `$${`.",
    example: "${package.nmae}",
  }),
};
