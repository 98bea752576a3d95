import type { CommandDefinition } from "#frontends/cli/command";
import { inForms } from "./in-forms";

const cache: CommandDefinition = {
  name: "cache",
  summary: "Look after the cache",
  usage:
    "[status | ls | get KEY | clean | prune | verify | audit TASK… | push [TASK…] | pull [TASK…] | serve]",
  section: "look",
  options: {
    task: {
      type: "string",
      valueHint: "TASK",
      description: "With ls, clean: only those of this task",
      complete: "task",
    },
    older: {
      type: "string",
      valueHint: "DUR",
      format: "duration",
      description: "With clean: only those that have not been used for so long",
    },
    all: { type: "boolean", alias: "a", description: "With clean: everything" },
    out: {
      type: "string",
      alias: "o",
      valueHint: "DIR",
      description: "With get: put the outputs there",
      complete: "folder",
    },
    listen: {
      type: "string",
      valueHint: "HOST:PORT",
      description: "With serve: where to listen; 127.0.0.1:9092 where it is not given",
    },
    dir: {
      type: "string",
      valueHint: "DIR",
      description: "With serve: where to keep entries",
      complete: "folder",
    },
    token: {
      type: "string",
      valueHint: "$NAME",
      description: "With serve: who knows it may read and write; $NAME takes it from a variable",
    },
    "read-token": { type: "string", valueHint: "$NAME", description: "With serve: who knows it may read" },
    "tls-cert": {
      type: "string",
      valueHint: "FILE",
      description: "With serve: certificate (PEM)",
      complete: "file",
    },
    "tls-key": {
      type: "string",
      valueHint: "FILE",
      description: "With serve: its key (PEM)",
      complete: "file",
    },
    "max-size": {
      type: "string",
      valueHint: "SIZE",
      description: "With serve: least recently used entries go beyond it; 10GB where it is not given",
    },
    format: inForms("text", "json"),
  },
  words: "words",
  examples: [
    "zr cache",
    "zr cache ls --task build --json",
    "zr cache clean --older 7d",
    "zr cache get 4f2a -o out",
    "zr cache audit build",
    "zr cache push build",
    "zr cache serve --listen 0.0.0.0:9092 --token '$CACHE_TOKEN'",
  ],
  load: async () => (await import("./cache")).body,
};

const clean: CommandDefinition = {
  name: "clean",
  summary: "Remove declared outputs, or zr's own state",
  usage: "[TASK…]",
  section: "run",
  options: {
    state: {
      type: "boolean",
      description: "Instead: what zr keeps in .zr, its history and artifacts included",
    },
    all: { type: "boolean", alias: "a", description: "Outputs of every task of every package" },
    format: inForms("text", "json"),
  },
  words: "words",
  complete: "task",
  examples: ["zr clean", "zr clean build --dry-run", "zr clean --all", "zr clean --state"],
  load: async () => (await import("./clean")).body,
};

/** Commands about the cache and what else can be made again. */
export const cacheCommands: readonly CommandDefinition[] = [cache, clean];
