import type { CommandDefinition, OptionDefinition } from "#frontends/cli/command";
import {
  ALIAS_ACTIONS,
  ARTIFACT_ACTIONS,
  CACHE_ACTIONS,
  MCP_ACTIONS,
  SHELLS,
  TOOL_ACTIONS,
} from "./first-words";

/** What a word names; the names of the workspace are looked up when one is asked for. */
export type WordKind =
  NonNullable<CommandDefinition["complete"]> | "alias" | "run" | "stage" | "template" | "tool";

/** What may stand behind the first word; the last kind holds for all further ones where `isMany` says so. */
interface Behind {
  readonly kinds: readonly WordKind[];
  readonly isMany?: true;
}

interface WordsOfCommand {
  /** Words of which the first is one; empty where it is of a kind. */
  readonly first: readonly string[];
  /** By the first word; `*` behind any. */
  readonly behind: Readonly<Record<string, Behind>>;
}

const tasks: Behind = { kinds: ["task"], isMany: true };
const one = (kind: WordKind): Behind => ({ kinds: [kind] });
const many = (kind: WordKind): Behind => ({ kinds: [kind], isMany: true });

/** Commands whose words are few, or are of one kind after another. */
const WORDS: Readonly<Record<string, WordsOfCommand>> = {
  add: { first: ["task", "workflow", "profile"], behind: {} },
  alias: { first: ALIAS_ACTIONS, behind: { remove: one("alias") } },
  artifacts: { first: ARTIFACT_ACTIONS, behind: { get: { kinds: ["run", "task"] } } },
  cache: { first: CACHE_ACTIONS, behind: { audit: tasks, push: tasks, pull: tasks } },
  ci: { first: ["run", "generate", "list"], behind: { run: tasks } },
  completion: {
    first: [...SHELLS, "install", "uninstall"],
    behind: { install: one("shell"), uninstall: one("shell") },
  },
  generate: { first: [], behind: { "": one("template"), "*": one("folder") } },
  history: { first: [], behind: { "": one("run") } },
  logs: { first: [], behind: { "": one("run"), "*": tasks } },
  mcp: { first: MCP_ACTIONS, behind: {} },
  rerun: { first: [], behind: { "": one("run") } },
  template: {
    first: ["list", "show", "use", "new"],
    behind: { show: one("template"), use: one("template"), new: one("template") },
  },
  tools: {
    first: TOOL_ACTIONS,
    behind: {
      install: many("tool"),
      uninstall: many("tool"),
      upgrade: many("tool"),
      where: one("tool"),
      "ls-remote": one("tool"),
      link: { kinds: ["tool", "folder"] },
    },
  },
  workspace: {
    first: ["list", "graph", "info", "run"],
    behind: { info: one("package"), run: tasks },
  },
};

/** What may stand in place of the next word: some words, a kind, nothing, or undefined where the table says nothing. */
export function nextWord(
  command: string,
  words: readonly string[],
): readonly string[] | WordKind | "nothing" | undefined {
  const known = Object.hasOwn(WORDS, command) ? WORDS[command] : undefined;
  if (known === undefined) return undefined;
  const [first] = words;
  if (first === undefined)
    return known.first.length > 0 ? known.first : (known.behind[""]?.kinds[0] ?? "nothing");
  const behind = Object.hasOwn(known.behind, first) ? known.behind[first] : known.behind["*"];
  if (behind === undefined) return "nothing";
  return (
    behind.kinds[words.length - 1] ??
    (behind.isMany === true ? (behind.kinds.at(-1) ?? "nothing") : "nothing")
  );
}

const HINTED: Readonly<Record<string, WordKind>> = { RUN: "run", STAGE: "stage", TASK: "task" };

/** What the value of an option names: as its definition says, else by the hint that help shows. */
export const kindOfOption = (definition: OptionDefinition): WordKind | undefined =>
  definition.complete ?? HINTED[definition.valueHint ?? ""];
