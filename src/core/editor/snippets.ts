import type { Span } from "#base/span";
import type { CompletionItem } from "./completion-item";

const SNIPPETS: readonly (readonly [string, string, string])[] = [
  ["task", "A task", '[tasks.${1:name}]\ncmd = "$2"\n'],
  [
    "task cached",
    "A task whose results are kept",
    '[tasks.${1:name}]\ncmd = "$2"\ninputs = ["${3:src/**}"]\noutputs = ["${4:dist/**}"]\ncache = true\n',
  ],
  ["task group", "A task that only has dependencies", '[tasks.${1:name}]\ndeps = ["$2"]\n'],
  [
    "task matrix",
    "A task for each combination of values",
    '[tasks.${1:name}]\ncmd = "$2"\nmatrix = { ${3:os} = ["${4:linux}", "${5:darwin}"] }\n',
  ],
  [
    "task args",
    "A task with a declared parameter",
    '[tasks.${1:name}]\ncmd = "$2"\nargs = [{ name = "${3:target}", required = true }]\n',
  ],
  ["template", "Keys for several tasks", "[templates.${1:name}]\n$2\n"],
  [
    "workflow",
    "Ordered stages of tasks",
    '[workflows.${1:name}]\nstages = [\n  { name = "${2:check}", tasks = ["$3"] },\n]\n',
  ],
  ["profile", "A named overlay", "[profiles.${1:name}]\nenv = { $2 }\n"],
  ["workspace root", "A root with members", '[workspace]\nmembers = ["${1:packages/*}"]\n'],
];

/** Whole tables to start from. */
export const snippets = (span: Span): readonly CompletionItem[] =>
  SNIPPETS.map(([label, detail, insert]) => ({
    label,
    kind: "snippet",
    detail,
    insert,
    isSnippet: true,
    span,
    rank: 8,
  }));
