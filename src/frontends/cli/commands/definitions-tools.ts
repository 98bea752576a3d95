import type { CommandDefinition } from "#frontends/cli/command";

const tools: CommandDefinition = {
  name: "tools",
  summary: "Install and look after tools",
  usage:
    "[list | install [TOOL@VERSION…] | uninstall TOOL@VERSION… | outdated | upgrade [TOOL…] | which PROGRAM | where TOOL | ls-remote TOOL | link TOOL@VERSION DIR | prune]",
  section: "configure",
  options: {
    locked: {
      type: "boolean",
      description: "With install: only what zr.lock pins; exit with 1 where it lacks something",
    },
    all: {
      type: "boolean",
      alias: "a",
      description: "With list: also what is installed for others; with ls-remote: previews too",
    },
  },
  words: "words",
  examples: [
    "zr tools",
    "zr tools install",
    "zr tools install --locked",
    "zr tools install node@22",
    "zr tools ls-remote go",
    "zr tools upgrade node",
    "zr tools which npm",
    "zr tools link node@20.0.0 /opt/node",
    "zr tools prune --dry-run",
  ],
  load: async () => (await import("./tools")).body,
};

const shell: CommandDefinition = {
  name: "shell",
  summary: "A shell with the package's tools and environment",
  usage: "",
  section: "configure",
  options: {
    package: { type: "string", valueHint: "NAME", description: "Of this package", complete: "package" },
    env: {
      type: "string",
      alias: "e",
      valueHint: "NAME=VALUE",
      description: "Set a variable",
      repeatable: true,
      format: "key=value",
    },
  },
  words: "none",
  examples: ["zr shell", "zr shell --package web"],
  load: async () => (await import("./shell")).body,
};

const hook: CommandDefinition = {
  name: "hook",
  summary: "Tools and environment of each folder you enter, in your own shell",
  usage: "bash|zsh|fish|pwsh",
  section: "configure",
  options: {
    prompt: { type: "boolean", description: "What has changed since the last prompt; called by the hook" },
  },
  words: "words",
  complete: "shell",
  examples: ['eval "$(zr hook bash)"', 'eval "$(zr hook zsh)"', "zr hook fish | source"],
  load: async () => (await import("./hook")).body,
};

const trust: CommandDefinition = {
  name: "trust",
  summary: "Let the hook use this folder's configuration",
  usage: "",
  section: "configure",
  options: {},
  words: "none",
  examples: ["zr trust", "zr trust -C ../other"],
  load: async () => (await import("./trust")).body,
};

const untrust: CommandDefinition = {
  name: "untrust",
  summary: "Take that back",
  usage: "",
  section: "configure",
  options: {},
  words: "none",
  examples: ["zr untrust"],
  load: async () => (await import("./trust")).untrustBody,
};

/** Commands about tools, and about shells that have them. */
export const toolCommands: readonly CommandDefinition[] = [tools, shell, hook, trust, untrust];
