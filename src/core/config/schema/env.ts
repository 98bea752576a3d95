import { boolean, formatted, literal, map, string, table, union } from "./kinds";

/** A variable of `[env]` and of every `env` key. */
const envValue = union(
  formatted("template"),
  literal(false),
  table(() => ({
    value: { kind: formatted("template"), doc: "The value; expanded like a plain string." },
    secret: { kind: boolean, doc: "Mask the value wherever zr prints or stores text.", default: "false" },
    file: { kind: formatted("path"), doc: "Read the value from this file; a final line break is cut off." },
    cmd: {
      kind: formatted("command"),
      doc: "Take the trimmed output of this command, run once and only when needed.",
    },
    required: { kind: boolean, doc: "Nothing runs while the variable is unset.", default: "false" },
    description: { kind: string, doc: "Said when a required variable is missing." },
  })),
);

export const env = map(envValue, "env-name");
