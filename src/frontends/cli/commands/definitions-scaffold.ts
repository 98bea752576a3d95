import type { CommandDefinition, OptionDefinitions } from "#frontends/cli/command";
import { inForms } from "./in-forms";

const text = (valueHint: string, description: string): OptionDefinitions[string] => ({
  type: "string",
  valueHint,
  description,
});

const several = (valueHint: string, description: string): OptionDefinitions[string] => ({
  ...text(valueHint, description),
  repeatable: true,
});

const add: CommandDefinition = {
  name: "add",
  summary: "Add a task, workflow or profile to zr.toml",
  usage: "task|workflow|profile NAME [-- CMD…]",
  section: "configure",
  options: {
    cmd: text("CMD", "Of a task: its command, as one line; or behind --"),
    description: text("TEXT", "What the listing says"),
    dep: { ...several("TASK", "Of a task: run before"), complete: "task" },
    input: several("GLOB", "Of a task: files that decide its result"),
    output: several("GLOB", "Of a task: files that it makes"),
    tag: { ...several("TAG", "Of a task"), complete: "tag" },
    dir: { ...text("DIR", "Of a task: where it runs"), complete: "folder" },
    env: { ...several("NAME=VALUE", "A variable"), alias: "e", format: "key=value" },
    stage: several("[NAME=]TASK,…", "Of a workflow: its tasks; in order, one option a stage"),
    package: { ...text("PKG", "Into the zr.toml of this package"), complete: "package" },
    force: { type: "boolean", alias: "f", description: "Set these keys of one that is there" },
    format: inForms("text", "json"),
  },
  words: "words",
  examples: [
    "zr add task build -- cargo build --release",
    "zr add task test --cmd 'pytest -q' --dep build --input 'src/**'",
    "zr add workflow release --stage check=lint,test --stage publish",
    "zr add profile staging -e STAGE=staging",
  ],
  load: async () => (await import("./add")).body,
};

const templateOptions: OptionDefinitions = {
  set: { ...several("NAME=VALUE", "Answer a question of the template"), format: "key=value" },
  into: { ...text("DIR", "Where its files go; the folder of the command by itself"), complete: "folder" },
  force: { type: "boolean", alias: "f", description: "Overwrite files that are there" },
  keep: { type: "boolean", description: "Leave files that are there, and write the others" },
  merge: { type: "boolean", description: "Add to files that are there what they lack" },
  format: inForms("text", "json"),
};

const template: CommandDefinition = {
  name: "template",
  summary: "List, show, use and start templates",
  usage: "list [WORD] | show NAME | use NAME | new NAME",
  section: "configure",
  options: templateOptions,
  words: "words",
  examples: [
    "zr template list",
    "zr template show deploy",
    "zr template use deploy --set name=ship",
    "zr template new component",
  ],
  load: async () => (await import("./template")).body,
};

const generate: CommandDefinition = {
  name: "generate",
  summary: "Files from a template, which asks what it needs",
  usage: "NAME [DIR]",
  section: "configure",
  options: templateOptions,
  words: "words",
  examples: [
    "zr generate component",
    "zr generate component packages/button --set name=button",
    "zr generate ./my-template --dry-run",
  ],
  load: async () => (await import("./generate")).body,
};

/** Commands that write parts of a project. */
export const scaffoldCommands: readonly CommandDefinition[] = [add, template, generate];
