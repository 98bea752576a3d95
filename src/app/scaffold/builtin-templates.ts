import { askCommand, askList, askTaskName, templateText } from "#core/scaffold/template-text";
import type { TemplateSource } from "#core/scaffold/template-text";

/** In a template, `{args.…}` and `{matrix.…}` of the configuration that it makes. */
const late = (reference: string): string => `$\{${reference}}`;

const SOURCES: Readonly<Record<string, TemplateSource>> = {
  check: {
    description: "One task that runs all checks, side by side",
    config: `[tasks.{{ name | key }}]
description = "Everything that has to be right before a commit"
deps = {{ tasks | toml }}
tags = ["ci"]
`,
    questions: {
      name: askTaskName("check"),
      tasks: askList("The tasks that check something, with commas between them", "lint", "test"),
    },
  },
  cached: {
    description: "A task that is not run again while its inputs are the same",
    config: `[tasks.{{ name | key }}]
description = {{ description | toml }}
cmd = {{ cmd | toml }}
inputs = {{ inputs | toml }}
outputs = {{ outputs | toml }}
cache = true
`,
    questions: {
      name: askTaskName("build"),
      description: { ask: "What it does", default: "Build the program" },
      cmd: askCommand("make"),
      inputs: askList("Files that decide the result, as globs with commas between them", "src/**"),
      outputs: askList("Files that it makes", "dist/**"),
    },
  },
  deploy: {
    description: "A deployment to one of several places, which asks first",
    config: `[tasks.{{ name | key }}]
description = "Deploy to a place"
cmd = {{ cmd | toml }}
args = [{ name = "place", choices = {{ places | toml }}, required = true }]
confirm = "Deploy to ${late("args.place")}?"
`,
    questions: {
      name: askTaskName("deploy"),
      cmd: { ask: "Its command; the place is in $ZR_ARG_place", default: './deploy "$ZR_ARG_place"' },
      places: askList("The places, with commas between them", "staging", "production"),
    },
  },
  dev: {
    description: "A server for development, which has the terminal to itself",
    config: `[tasks.{{ name | key }}]
description = "Serve for development"
cmd = {{ cmd | toml }}
interactive = true
env = { PORT = {{ port | toml }} }
`,
    questions: {
      name: askTaskName("dev"),
      cmd: askCommand("./serve"),
      port: { ask: "Port, for the variable PORT", default: "3000", pattern: "[0-9]{1,5}" },
    },
  },
  generated: {
    description: "Code that is generated before anything is built",
    config: `[tasks.{{ name | key }}]
description = "Generate code"
cmd = {{ cmd | toml }}
inputs = {{ inputs | toml }}
outputs = {{ outputs | toml }}
cache = true
`,
    questions: {
      name: askTaskName("generate"),
      cmd: askCommand("./generate"),
      inputs: askList("Files that it reads", "schema/**"),
      outputs: askList("Files that it writes", "generated/**"),
    },
  },
  matrix: {
    description: "A task that runs once for each of several values",
    config: `[tasks.{{ name | key }}]
description = "Run once for each {{ axis }}"
cmd = {{ cmd | toml }}

[tasks.{{ name | key }}.matrix]
{{ axis | key }} = {{ values | toml }}
`,
    questions: {
      name: askTaskName("test-all"),
      axis: { ask: "What differs", default: "target", pattern: "[A-Za-z_][A-Za-z0-9_-]*" },
      values: askList("Its values, with commas between them", "debug", "release"),
      cmd: askCommand(`echo "${late("matrix.{{ axis }}")}"`),
    },
  },
  profile: {
    description: "A profile with variables of its own",
    config: `[profiles.{{ name | key }}.env]
STAGE = {{ name | toml }}
LOG_LEVEL = {{ level | toml }}
`,
    questions: {
      name: { ask: "Name of the profile", default: "staging" },
      level: {
        ask: "How much is logged",
        choices: ["error", "warn", "info", "debug"],
        default: "info",
      },
    },
  },
  release: {
    description: "A workflow that checks, asks and publishes",
    config: `[workflows.{{ name | key }}]
description = "Check, then publish"
stages = [
  { name = "check", tasks = {{ checks | toml }} },
  { name = "publish", tasks = [{{ publish | toml }}], approval = "Publish?" },
]
`,
    questions: {
      name: { ask: "Name of the workflow", default: "release" },
      checks: askList("Tasks that have to succeed first", "test"),
      publish: { ask: "The task that publishes", default: "publish" },
    },
  },
  retry: {
    description: "A task against something that fails at times",
    config: `[tasks.{{ name | key }}]
description = "Tried again when it fails"
cmd = {{ cmd | toml }}
timeout = "5m"
retry = {{ attempts | toml }}
`,
    questions: {
      name: askTaskName("fetch"),
      cmd: askCommand("./fetch"),
      attempts: { ask: "How often it is tried again", type: "number", default: 3 },
    },
  },
};

/** Templates that zr brings along, each as the text of a `template.toml`: what it asks and what comes into zr.toml. */
export const builtinTemplates = (): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(SOURCES).map(([name, source]) => [name, templateText(source)]));
