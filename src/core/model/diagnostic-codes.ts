/** What a diagnostic code means: its wording, its explanation and an example that yields it. */
export interface CodeEntry {
  /** `{name}` stands for a field of the diagnostic's data. */
  readonly message: string;
  /** Said at the caret, before any suggestion. */
  readonly label?: string;
  /** Why it is an error and what to do, for `zr help CODE` and the documentation. */
  readonly doc: string;
  /** What yields it: the text of zr.toml, a command line behind `$ zr`, or the first, an empty line and the second. */
  readonly example: string;
  /** Exit code of a command that ends with it: 1 there is nothing to act on, 2 usage, 3 configuration (the default), 130 an interruption. */
  readonly exit?: 1 | 2 | 3 | 130;
  /** Exit code where a file makes the mistake that a command line can make too; the same where not given. */
  readonly exitInFile?: 3;
}

export type CodeTable = Readonly<Record<string, CodeEntry>>;

/** Codes of the configuration, of requests and of plans. Codes are stable: a meaning never moves to another number. */
export const coreDiagnosticCodes = {
  E110: {
    message: "unknown key '{key}' in {where}",
    doc: "zr knows every key of its configuration, so that a misspelled one is never silently ignored.",
    example: '[tasks.build]\ncmd = "true"\ndescripton = "typo"',
  },
  E111: {
    message: "unknown section '{key}'",
    doc: "A table at the top level of zr.toml that zr does not know.",
    example: '[task.build]\ncmd = "true"',
  },
  E112: {
    message: "{where} must be {expected}, not {found}",
    doc: "The value has another type than the key takes.",
    example: "[tasks.build]\ncmd = 3",
  },
  E113: {
    message: "{where} must be one of {expected}, not '{found}'",
    doc: "The key takes one of a few words.",
    example: '[global]\nlog_level = "loud"',
  },
  E114: {
    message: "{where} must be between {min} and {max}, not {found}",
    doc: "The number is outside the range that makes sense.",
    example: '[tasks.build]\ncmd = "true"\nretry = -1',
  },
  E115: {
    message: "{where} must be {expected}, not '{found}'",
    doc: 'The text has not the form that the key takes: a duration such as `"1m30s"`, a size such as `"512MB"`, a glob, a signal name, and so on.',
    example: '[tasks.build]\ncmd = "true"\ntimeout = "5 minutes"',
  },
  E116: {
    message: "{where} must not be empty",
    doc: "An empty list means nothing here; leave the key out instead.",
    example: "[global]\nshell = []",
  },
  E117: {
    message: "invalid name {name} in {where}",
    label: "{expected}",
    doc: "Task names are letters, digits and `_ - . / :`, with `*` for a pattern; names of variables are letters, digits and `_`. No name holds control characters.",
    example: '[tasks."a b"]\ncmd = "true"',
  },
  E118: {
    message: "'{key}' is missing in {where}",
    doc: "The table means nothing without this key.",
    example: '[tasks.x]\ncmd = "true"\nargs = [{ description = "no name" }]',
  },
  E119: {
    message: "task '{task}' has nothing to do",
    label: "no cmd, cmds, script or deps",
    doc: "A task without a command is a group of its deps; one without deps either does nothing. A task of a `zr.toml` takes nothing from what the manifest beside it says of the same name: write its command down too, or have `zr init --detect` do it.",
    example: '[tasks.x]\ndescription = "nothing"',
  },
  E120: {
    message: "task '{task}' has both '{first}' and '{second}'",
    label: "only one of them",
    doc: "A task has one of `cmd`, `cmds` and `script`; `pipeline` and `deps_serial` say the same.",
    example: '[tasks.x]\ncmd = "true"\nscript = "true"',
  },
  E130: {
    message: "{role} '{name}' of task '{task}' does not exist",
    doc: "A task names another one that is not there: in its own package under that name, or in the package named before the colon.",
    example: '[tasks.deploy]\ncmd = "true"\ndeps = ["biuld"]\n[tasks.build]\ncmd = "true"',
  },
  E131: {
    message: "tasks depend on each other in a circle: {cycle}",
    label: "{edge}",
    doc: "A task can't run before itself. Every edge of the circle is named; take one of them out.",
    example: '[tasks.a]\ndeps = ["b"]\n[tasks.b]\ndeps = ["a"]',
  },
  E132: {
    message: "package '{name}' does not exist",
    doc: "No member of the workspace has this name.",
    example: '[package]\nname = "app"\n\n$ zr graph ap --packages',
    exit: 2,
    exitInFile: 3,
  },
  E133: {
    message: "'{name}', which {what} extends, does not exist",
    doc: "`extends` names a task of the same package or one of `[templates]`.",
    example: '[templates.base]\ncmd = "true"\n[tasks.a]\nextends = "bass"',
  },
  E134: {
    message: "{kind} extend each other in a circle: {cycle}",
    doc: "A chain of `extends` has to end somewhere.",
    example: '[templates.a]\nextends = "b"\n[templates.b]\nextends = "a"\n[tasks.t]\ncmd = "true"',
  },
  E135: {
    message: "files include each other in a circle: {cycle}",
    doc: "A file can't be part of itself.",
    example: 'include = ["zr.toml"]',
  },
  E136: {
    message: "included file '{path}' does not exist",
    doc: "An `include` without a star names a file that has to be there.",
    example: 'include = ["ci.toml"]',
  },
  E137: {
    message: "{what} '{name}' is defined twice",
    label: "again here",
    doc: "Two files give the same name. Rename one, or include one of them with a namespace. (`zr.local.toml` may change what `zr.toml` defines.) Two parameters of a task can't have one name either.",
    example: 'include = ["a.toml", "b.toml"]',
  },
  E138: {
    message: "task '{task}' depends on '{name}', which never finishes",
    doc: "A persistent task can be waited for only where it says by `ready` when it is up.",
    example:
      '[tasks.server]\ncmd = "serve"\npersistent = true\n[tasks.test]\ncmd = "true"\ndeps = ["server"]',
  },
  E140: {
    message: "profile '{name}' does not exist",
    doc: "`--profile`, `ZR_PROFILE` or `extends` of a profile names none of `[profiles]`.",
    example: '[profiles.prod.env]\nMODE = "1"\n\n$ zr list --profile=prdo',
    exit: 2,
    exitInFile: 3,
  },
  E141: {
    message: "alias '{name}' has the name of a command",
    doc: "An alias can't take the place of a command of zr.",
    example: '[alias]\nrun = "run build"',
  },
  E142: {
    message: "two packages are named '{name}'",
    doc: "Packages are addressed by name; give one of them another `[package] name` in a `zr.toml` of its own, or leave one out by `[workspace] ignore`.",
    example: '[workspace]\nmembers = ["a", "b"]',
  },
  E143: {
    message: "'{name}' is an alias of task '{first}' and of task '{second}'",
    doc: "A name leads to one task.",
    example: '[tasks.a]\ncmd = "true"\naliases = ["x"]\n[tasks.b]\ncmd = "true"\naliases = ["x"]',
  },
  E144: {
    message: "parameter '{name}' of task '{task}' has the name of an option of zr",
    label: "give it as {name}=VALUE behind the task",
    doc: "`--NAME` on the command line is then zr's, wherever it stands. `zr run TASK NAME=VALUE` gives the parameter its value; another name is easier to use. A warning.",
    example: '[tasks.wipe]\ncmd = "rm -r dist"\nargs = [{ name = "force", type = "boolean" }]',
  },
  E150: {
    message: "can't read {path}: {reason}",
    doc: "The file is there, but the system does not let zr read it.",
    example: "$ zr --config /dev/null list",
  },
  E151: {
    message: "{path} is a folder, not a file",
    doc: "A configuration file is expected here.",
    example: "$ zr --config . list",
  },
  E152: {
    message: "no zr.toml here or in any folder above",
    label: "`zr init --detect` writes one from what is here, `zr init` an example",
    doc: "zr looks for zr.toml in the working folder and upward, and then for the manifests of the languages that it knows. `zr init` writes a zr.toml.",
    example: "$ zr list",
  },
  E153: {
    message: "section '{key}' does not belong in the user configuration",
    label: "only {allowed}",
    doc: "The user's own configuration holds habits, not tasks: only `[global]`, `[cache]`, `[tools]` and `[ui]`.",
    example: '[tasks.x]\ncmd = "true"',
  },
  E154: {
    message: "this repository needs zr {wanted} or newer; this is {found}",
    doc: "`[global] min_version` refuses older versions, so that nobody builds with a zr that misunderstands the file.",
    example: '[global]\nmin_version = "99.0"',
  },
  E155: {
    message: "configuration file {path} does not exist",
    doc: "`--config` or `ZR_CONFIG` names a file that is not there.",
    example: "$ zr --config nowhere.toml list",
  },
  E157: {
    message: "'workspace.{key}' has no effect in this file",
    label: "zr.toml itself says which packages there are",
    doc: "`members`, `ignore` and `infer` of `[workspace]` are read from the `zr.toml` of the workspace root, not from files that it includes and not from `zr.local.toml`: everybody has the same packages.",
    example: '[workspace]\nmembers = ["mine/*"]',
  },
  E158: {
    message: "task '{task}' can't have a sandbox: {why}",
    label: "take it away, or say where the task runs by 'platforms'",
    doc: "A sandbox is a part of the file system in which a task finds only what it declares. zr never runs such a task without it.",
    example: '[tasks.serve]\ncmd = "sleep 100"\npersistent = true\nsandbox = "inputs"\n\n$ zr run serve',
  },
  E159: {
    message: "profile '{profile}' changes task '{name}', which does not exist",
    doc: "`[profiles.NAME.tasks.TASK]` changes a task that is there: one of the package or, in the workspace root, of any package.",
    example: '[tasks.build]\ncmd = "true"\n\n[profiles.ci.tasks.biuld]\ntimeout = "5m"',
  },
  E160: {
    message: "no task '{name}'{where}",
    doc: "The command line asks for a task that does not exist.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr run biuld',
    exit: 2,
  },
  E161: {
    message: "task '{task}' needs a value for '{name}'",
    doc: "A declared parameter is required and has no default.",
    example: '[tasks.deploy]\ncmd = "true"\nargs = [{ name = "region", required = true }]\n\n$ zr run deploy',
    exit: 2,
    exitInFile: 3,
  },
  E162: {
    message: "'{value}' is not allowed for '{name}' of task '{task}': {expected}",
    doc: "The value of a declared parameter is not among its choices, or not of its type.",
    example:
      '[tasks.deploy]\ncmd = "true"\nargs = [{ name = "region", choices = ["eu", "us"] }]\n\n$ zr run deploy --region=mars',
    exit: 2,
    exitInFile: 3,
  },
  E163: {
    message: "task '{task}' takes no argument '{value}'",
    doc: "More arguments than the task declares. Arguments for the command itself come after `--`.",
    example:
      '[tasks.build]\ncmd = "true"\n[tasks.all]\ndeps = [{ task = "build", args = ["everything"] }]\n\n$ zr run all',
    exit: 2,
    exitInFile: 3,
  },
  E164: {
    message: "task '{task}' does not say where extra arguments go",
    label: 'put "$@" where they belong',
    doc: 'Arguments after `--` are the shell\'s positional parameters. They are appended to a single simple command; a compound one (`a; b`, `a | b`, several steps) has to say where they go, by `"$@"`.',
    example: '[tasks.both]\ncmd = "first; second"\n\n$ zr run both -- --fast',
    exit: 2,
  },
  E165: {
    message: "task '{task}' can never start: it needs {needed} {what}, and there are only {available}",
    doc: "A limit that no free machine could satisfy is an error before anything starts.",
    example:
      '[global.resources]\nmax_workers = 2\n[tasks.big]\ncmd = "true"\nresources = { weight = 8 }\n\n$ zr run big',
  },
  E166: {
    message: "'{key}' of {where} is not available in this version ({feature})",
    doc: "The key is known and checked, but this version of zr can't do yet what it asks for, and does not pretend to.",
    example: '[tasks.x]\ncmd = "true"\nnotify = true\n\n$ zr run x',
  },
  E167: {
    message: "the serial orders of these tasks contradict each other: {cycle}",
    doc: "Two `deps_serial` in one run ask for opposite orders of the same tasks. Run them one after the other.",
    example:
      'tasks = { x = "true", y = "true", a.deps_serial = ["x", "y"], b.deps_serial = ["y", "x"] }\n\n$ zr run a b',
  },
  E168: {
    message: "'{name}' can't be put into {where}",
    label: "hand it over by a variable of 'env'",
    doc: 'A value that is known only when the task starts is never pasted into text that another program reads. Set a variable to it, `env = { VERSION = "${output.version}" }`, and read that in the script.',
    example: "[tasks.x]\nscript = \"#!/usr/bin/env python3\\nprint('${git.sha}')\"",
  },
  E169: {
    message: "no combination of task '{task}' has {wanted}",
    doc: "The brackets after a task's name pick matrix combinations; none fits.",
    example: '[tasks.test]\ncmd = "true"\nmatrix = { os = ["linux", "darwin"] }\n\n$ zr run test[os=plan9]',
    exit: 2,
    exitInFile: 3,
  },
  E170: {
    message: "task '{task}' can't run on another machine: {why}",
    doc: "A task with `remote` runs its commands through `ssh`, without a terminal and without this machine's limits. What can't reach there is refused before anything starts.",
    example: '[tasks.deploy]\ncmd = "./deploy"\nrun_on = "remote"\n\n$ zr run deploy',
  },
  E171: {
    message: "matrix of task '{task}': {problem}",
    doc: "A matrix is a table of lists of plain values, with `include` and `exclude` as lists of tables.",
    example: '[tasks.x]\ncmd = "true"\nmatrix = { os = [["nested"]] }',
  },
  E172: {
    message: "'{name}' means nothing in {where}",
    doc: "`${namespace.key}` names something that is not there: an undeclared parameter, a matrix key or variable that does not exist. Write `$${` for a literal `${`.",
    example: '[tasks.x]\ncmd = "echo ${args.nmae}"\nargs = [{ name = "name" }]',
  },
  E173: {
    message: "'{name}' can't be put into {where}",
    label: "use the variable {variable} instead",
    doc: "Values that come from outside are handed to shells as variables, never pasted. A script in another language, or the shell asked for, can't take them that way: read the exported variable there.",
    example:
      '[tasks.x]\nscript = "#!/usr/bin/env python3\\nprint(\'${args.name}\')"\nargs = [{ name = "name" }]',
  },
  E174: {
    message: "'{name}' in {where}: task '{task}' does not run before it",
    label: "not upstream",
    doc: "An output is there when the task that shares it has ended. Add the task to `deps`.",
    example:
      '[tasks.version]\ncmd = "echo 1.2.3"\nshare_output = true\n[tasks.image]\ncmd = "echo ${output.version}"',
  },
  E175: {
    message: "'{name}' in {where}: task '{task}' does not share its output",
    label: "set share_output = true there",
    doc: "Only what a task with `share_output` prints can be used by others.",
    example:
      '[tasks.version]\ncmd = "echo 1.2.3"\n[tasks.image]\ncmd = "echo ${output.version}"\ndeps = ["version"]',
  },
  E176: {
    message: "'{name}' in {where} could mean {count} instances of task '{task}'",
    label: "say which",
    doc: "The task runs several times before this one, by a matrix or in several packages. Name one: `${output.test[os=linux]}`, `${output.api:version}`.",
    example:
      '[tasks.version]\ncmd = "echo ${matrix.os}"\nshare_output = true\nmatrix = { os = ["linux", "darwin"] }\n[tasks.image]\ncmd = "echo ${output.version}"\ndeps = ["version"]',
  },
  E177: {
    message: "'{name}' in {where}: the output of task '{task}' is text, which has no '{path}'",
    doc: 'Only data has keys. Set `share_output = "json"` on the task whose output it is.',
    example:
      '[tasks.meta]\ncmd = "echo 1.2.3"\nshare_output = true\n[tasks.image]\ncmd = "echo ${output.meta.version}"\ndeps = ["meta"]',
  },
  E178: {
    message: "'{name}' is not known yet where {where} is worked out",
    doc: "Folders, globs, arguments for other tasks and whatever else decides the plan are worked out before anything runs. Values of the run can be in commands and in a task's `env`. `[env]` is the same for all tasks of a package: what differs between tasks or runs belongs in the `env` of a task.",
    example: '[tasks.x]\ncmd = "true"\ncwd = "build/${git.sha}"',
  },
  E179: {
    message: "'{key}' of task '{task}' has no effect: {why}",
    doc: "To share or to hold back what a task prints, zr has to get it, and the task has to end. A pseudo-terminal is both streams and the input of a task.",
    example: '[tasks.login]\ncmd = "true"\ninteractive = true\nshare_output = true',
  },
  E180: {
    message: "unknown option '{name}'{where}",
    doc: "The command has no such option.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr run build --dryrun',
    exit: 2,
  },
  E181: {
    message: "unknown command or task '{name}'",
    doc: "The first word is neither a command of zr, nor an alias, nor a task.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr biuld',
    exit: 2,
  },
  E182: {
    message: "option '{name}' needs a value",
    doc: "The option takes a value, as `--name=value` or `--name value`.",
    example: "$ zr run build --jobs",
    exit: 2,
  },
  E183: {
    message: "option '{name}' must be {expected}, not '{found}'",
    doc: "The value has not the form that the option takes.",
    example: "$ zr run build --jobs=many",
    exit: 2,
  },
  E184: {
    message: "'{command}' needs {what}",
    doc: "An argument of the command is missing.",
    example: '[tasks.build]\ncmd = "true"\n\n$ zr run',
    exit: 2,
  },
  E185: {
    message: "'{command}' takes no argument '{value}'",
    doc: "More arguments than the command takes.",
    example: "$ zr version now",
    exit: 2,
  },
  E186: {
    message: "'{what}' is not available in this version ({feature})",
    doc: "The command or option belongs to zr, but this version can't do it yet, and does not pretend to.",
    example: "$ zr serve",
    exit: 2,
  },
  E187: {
    message: "{path} exists already; --force overwrites it",
    doc: "zr does not overwrite files unless asked by `--force`. What you have written into the file by hand is gone then: commit it first.",
    example: "$ zr init",
    exit: 2,
  },
  E188: {
    message: "can't start {program}: {reason}",
    doc: "`zr exec` could not start the command after `--`.",
    example: '[env]\nMODE = "1"\n\n$ zr exec -- no-such-program',
    exit: 2,
  },
  E189: {
    message: "the value of '{name}' can't be put into {in} in {where}",
    doc: "A value in `${NAME:-…}` can't hold a `}`, which would end the default, and in `$(…)` it is quoted for the shell, for which there is no safe way behind backticks, `#`, here documents and other commands, or on Windows. Give the value to a variable of its own.",
    example:
      '[tasks.x]\ncmd = "true"\nargs = [{ name = "p", default = "{}" }]\nenv = { A = "${B:-${args.p}}" }',
  },
  E197: {
    message: "no variable '{name}' in [vars]",
    doc: "`--set` stands in for a value of `[vars]`, and no package that the plan has to do with declares one of that name. Declare it with the value that it has otherwise.",
    example:
      '[vars]\nregion = "eu"\n[tasks.deploy]\ncmd = "echo ${vars.region}"\n\n$ zr run deploy --set regoin=us',
    exit: 2,
  },
  E198: {
    message: "task '{task}' takes no extra arguments",
    label: "it runs no command of its own",
    doc: "Arguments after `--` are for a command. A group of dependencies, and a task that only calls others, has none that could get them: name the task that is meant.",
    example: '[tasks.test]\ncmd = "echo testing"\n[tasks.all]\ndeps = ["test"]\n\n$ zr run all -- --fast',
    exit: 2,
  },
  E199: {
    message: "'{option}' can't go with '{other}'",
    doc: "One of the two options would have no effect, or spoil what the other does. A watch decides by itself what it runs, and how often: `--repeat`, `--until-fail`, `--shard` and `--retry-failed` are for runs that end. `--json` is one document on standard output, so events go into a file beside it.",
    example: '[tasks.test]\ncmd = "echo testing"\n\n$ zr run test --watch --repeat 3',
    exit: 2,
  },
} as const satisfies CodeTable;

export type CoreCode = keyof typeof coreDiagnosticCodes;
