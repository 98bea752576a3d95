import type { CodeTable } from "#core/model/diagnostic-codes";

/** The diagnostics of `.env` files and environment layers. */
export const envDiagnosticCodes = {
  E330: {
    message: "this line of the .env file is not an assignment",
    label: "expected NAME=value",
    doc: "Every line of a .env file is `NAME=value`, a comment or empty. The line is left out.",
    example: "DATABASE_URL",
  },
  E331: {
    message: "this is not a variable name",
    label: "letters, digits, '_', '.' and '-' only",
    doc: "Names in a .env file consist of letters, digits, `_`, `.` and `-`. The line is left out.",
    example: "MY VAR=1",
  },
  E332: {
    message: "the quotes around the value of '{name}' are never closed",
    label: "opened here",
    doc: "A quoted value ends at the same kind of quote. A quote inside the value is written `\\{quote}`.",
    example: 'GREETING="hello',
  },
  E333: {
    message: "there is text behind the closing quote of '{name}'",
    label: "not part of the value",
    doc: "Behind a quoted value only a comment can follow. Quote the whole value, or none of it.",
    example: 'GREETING="hello" world',
  },
  E334: {
    message: "'#' belongs to the value of '{name}'",
    label: "not a comment: no space before it",
    doc: "In an unquoted value a comment begins at a `#` behind white space. Some tools cut the value at every `#`; quotes make it mean the same everywhere.",
    example: "COLOR=#ff8800",
  },
  E335: {
    message: "environment variables refer to each other in a circle: {path}",
    label: "'{name}' is needed for its own value",
    doc: "A variable may refer to itself, which means its value in the layers below, but not through another variable.",
    example: 'A = "$B"\nB = "$A"',
  },
  E336: {
    message: "the value of '{name}' has an expansion that can't be read ({reason})",
    label: "taken as text",
    doc: "Expansions are `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}` and `$(command)`. A dollar that starts none of them is written `$$`.",
    example: 'A = "${B"',
  },
  E337: {
    message: "the command for '{name}' failed: {reason}",
    label: "runs '{command}'",
    doc: "A variable with `$(command)` takes the command's output, so the command has to succeed.",
    example: 'VERSION = "$(git describe)"',
  },
  E338: {
    message: "required environment variable '{name}' is {state}",
    label: "required here",
    doc: "`{ required = true }` and `required_env` ask for a value that is not empty before anything runs. State is `unset` or `empty`.",
    example: "API_URL = { required = true }",
  },
  E339: {
    message: "'{name}' can't be set for tasks",
    label: "left out",
    doc: "`BUN_OPTIONS` and `BUN_BE_BUN` change what zr itself does when a task starts it, so they are taken out of every task's environment.",
    example: 'BUN_OPTIONS = "--smol"',
  },
  E340: {
    message: "the file with the value of '{name}' can't be read: {file}",
    label: "reads {file}",
    doc: '`{ file = "path" }` takes the value from a file, which has to exist and be readable.',
    example: 'CERT = { file = "missing.pem" }',
  },
  E341: {
    message: "the value of '{name}' is longer than {limit} characters",
    label: "grows by what it refers to",
    doc: "Expanded values have a limit, since a few variables that repeat each other can become larger than any memory.",
    example: 'B = "$A$A$A$A"',
  },
  E342: {
    message: "'{name}' is reached through more than {limit} references",
    label: "too deep",
    doc: "Variables may refer to variables that refer to others, up to a limit.",
    example: 'A1 = "$A2"',
  },
  E343: {
    message: "'{name}' can't be a variable of a process",
    label: "left out",
    doc: "A name must not be empty or have a `=`, and neither name nor value may have a NUL character.",
    example: '"A=B" = "1"',
  },
  E344: {
    message: "the environment file {file} can't be read",
    label: "named here",
    doc: "A file in `dotenv` or `env_file` has to exist, unless its name is followed by a `?`.",
    example: '[tasks.a]\nenv_file = "missing.env"',
  },
} as const satisfies CodeTable;
