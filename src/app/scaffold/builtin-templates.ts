/** Templates that zr brings along, each as the text of a `template.toml`: what it asks and what comes into zr.toml. */
export const BUILTIN_TEMPLATES: Readonly<Record<string, string>> = {
  check: `description = "One task that runs all checks, side by side"
config = '''
[tasks.{{ name | key }}]
description = "Everything that has to be right before a commit"
deps = {{ tasks | toml }}
tags = ["ci"]
'''

[questions.name]
ask = "Name of the task"
default = "check"

[questions.tasks]
ask = "The tasks that check something, with commas between them"
type = "list"
default = ["lint", "test"]
`,
  cached: `description = "A task that is not run again while its inputs are the same"
config = '''
[tasks.{{ name | key }}]
description = {{ description | toml }}
cmd = {{ cmd | toml }}
inputs = {{ inputs | toml }}
outputs = {{ outputs | toml }}
cache = true
'''

[questions.name]
ask = "Name of the task"
default = "build"

[questions.description]
ask = "What it does"
default = "Build the program"

[questions.cmd]
ask = "Its command"
default = "make"

[questions.inputs]
ask = "Files that decide the result, as globs with commas between them"
type = "list"
default = ["src/**"]

[questions.outputs]
ask = "Files that it makes"
type = "list"
default = ["dist/**"]
`,
  deploy:
    `description = "A deployment to one of several places, which asks first"
config = '''
[tasks.{{ name | key }}]
description = "Deploy to a place"
cmd = {{ cmd | toml }}
args = [{ name = "place", choices = {{ places | toml }}, required = true }]
confirm = "Deploy to $` +
    `{args.place}?"
'''

[questions.name]
ask = "Name of the task"
default = "deploy"

[questions.cmd]
ask = "Its command; the place is in $ZR_ARG_place"
default = './deploy "$ZR_ARG_place"'

[questions.places]
ask = "The places, with commas between them"
type = "list"
default = ["staging", "production"]
`,
  dev: `description = "A server for development, which has the terminal to itself"
config = '''
[tasks.{{ name | key }}]
description = "Serve for development"
cmd = {{ cmd | toml }}
interactive = true
env = { PORT = {{ port | toml }} }
'''

[questions.name]
ask = "Name of the task"
default = "dev"

[questions.cmd]
ask = "Its command"
default = "./serve"

[questions.port]
ask = "Port, for the variable PORT"
default = "3000"
pattern = "[0-9]{1,5}"
`,
  generated: `description = "Code that is generated before anything is built"
config = '''
[tasks.{{ name | key }}]
description = "Generate code"
cmd = {{ cmd | toml }}
inputs = {{ inputs | toml }}
outputs = {{ outputs | toml }}
cache = true
'''

[questions.name]
ask = "Name of the task"
default = "generate"

[questions.cmd]
ask = "Its command"
default = "./generate"

[questions.inputs]
ask = "Files that it reads"
type = "list"
default = ["schema/**"]

[questions.outputs]
ask = "Files that it writes"
type = "list"
default = ["generated/**"]
`,
  matrix:
    `description = "A task that runs once for each of several values"
config = '''
[tasks.{{ name | key }}]
description = "Run once for each {{ axis }}"
cmd = {{ cmd | toml }}

[tasks.{{ name | key }}.matrix]
{{ axis | key }} = {{ values | toml }}
'''

[questions.name]
ask = "Name of the task"
default = "test-all"

[questions.axis]
ask = "What differs"
default = "target"
pattern = "[A-Za-z_][A-Za-z0-9_-]*"

[questions.values]
ask = "Its values, with commas between them"
type = "list"
default = ["debug", "release"]

[questions.cmd]
ask = "Its command"
default = 'echo "$` +
    `{matrix.{{ axis }}}"'
`,
  profile: `description = "A profile with variables of its own"
config = '''
[profiles.{{ name | key }}.env]
STAGE = {{ name | toml }}
LOG_LEVEL = {{ level | toml }}
'''

[questions.name]
ask = "Name of the profile"
default = "staging"

[questions.level]
ask = "How much is logged"
choices = ["error", "warn", "info", "debug"]
default = "info"
`,
  release: `description = "A workflow that checks, asks and publishes"
config = '''
[workflows.{{ name | key }}]
description = "Check, then publish"
stages = [
  { name = "check", tasks = {{ checks | toml }} },
  { name = "publish", tasks = [{{ publish | toml }}], approval = "Publish?" },
]
'''

[questions.name]
ask = "Name of the workflow"
default = "release"

[questions.checks]
ask = "Tasks that have to succeed first"
type = "list"
default = ["test"]

[questions.publish]
ask = "The task that publishes"
default = "publish"
`,
  retry: `description = "A task against something that fails at times"
config = '''
[tasks.{{ name | key }}]
description = "Tried again when it fails"
cmd = {{ cmd | toml }}
timeout = "5m"
retry = {{ attempts | toml }}
'''

[questions.name]
ask = "Name of the task"
default = "fetch"

[questions.cmd]
ask = "Its command"
default = "./fetch"

[questions.attempts]
ask = "How often it is tried again"
type = "number"
default = 3
`,
};
