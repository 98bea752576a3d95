import { addToConfig } from "#app/operations/add-entry";
import { refused } from "#app/problems";
import type { Problems } from "#app/problems";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import { relativeTo } from "#base/path";
import { suggest } from "#base/suggest";
import type { Printable } from "#core/config/toml/print-value";
import type { ConfigEntry } from "#core/scaffold/add-entry";
import type { CommandBody, OptionValues } from "#frontends/cli/command";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { shellWord } from "#base/shell-word";
import { seenProblems } from "./init-files";
import { print } from "#system/stdio/print";

const KINDS = { task: "tasks", workflow: "workflows", profile: "profiles" } as const;

type Kind = keyof typeof KINDS;

const isKind = (word: string): word is Kind => Object.hasOwn(KINDS, word);

/** Options that belong to some kinds only. */
const ONLY: Readonly<Record<string, readonly Kind[]>> = {
  cmd: ["task"],
  dep: ["task"],
  input: ["task"],
  output: ["task"],
  tag: ["task"],
  dir: ["task"],
  stage: ["workflow"],
};

/** `zr add task|workflow|profile NAME`. */
export const body: CommandBody = {
  run: async ({ options, words, extra }) => {
    const session = openSession(options);
    const asked = readAdding(options, words, extra);
    if (!asked.ok) return refuse(session, asked.error);
    const { kind, name, command } = asked.value;
    const dryRun = isOn(options, "dry-run");
    const owner = textOption(options, "package");
    const done = await addToConfig({
      entry: { section: KINDS[kind], name, table: tableOf(kind, options, command) },
      load: session.load,
      ...(owner === undefined ? {} : { package: owner }),
      force: isOn(options, "force"),
      dryRun,
    });
    if (!done.ok) return refuse(session, seenProblems(session.cwd, done.error));
    const { path, text, isNew } = done.value;
    if (formatOption(options) === "json") {
      await print("stdout", jsonDocument({ path, text, isNew, written: !dryRun }));
      return 0;
    }
    if (dryRun) await print("stdout", text);
    const verb = isNew ? (dryRun ? "would add" : "added") : dryRun ? "would change" : "changed";
    const where = `${isNew ? "to" : "in"} ${relativeTo(session.cwd, path)}`;
    if (!isOn(options, "quiet")) await print("stderr", `${verb} ${kind} ${name} ${where}\n`);
    return 0;
  },
};

interface Adding {
  readonly kind: Kind;
  readonly name: string;
  /** Words of the task's command. */
  readonly command: readonly string[];
}

function readAdding(
  options: OptionValues,
  [kind, name, ...rest]: readonly string[],
  extra: readonly string[],
): Result<Adding, Problems> {
  if (kind === undefined || name === undefined)
    return refused("E184", {
      command: "zr add",
      what: "what to add (task, workflow or profile) and its name",
    });
  if (!isKind(kind))
    return refused("E185", { command: "zr add", value: kind }, suggest(kind, Object.keys(KINDS)));
  const strange = Object.keys(ONLY).find(
    (option) => options[option] !== undefined && ONLY[option]?.includes(kind) === false,
  );
  if (strange !== undefined) return refused("E180", { name: `--${strange}`, where: ` of 'zr add ${kind}'` });
  const command = [...rest, ...extra];
  const isTwice = kind !== "task" || textOption(options, "cmd") !== undefined;
  if (isTwice && command[0] !== undefined)
    return refused("E185", {
      command: kind === "task" ? "zr add task --cmd" : `zr add ${kind}`,
      value: command[0],
    });
  if (kind === "workflow" && listOption(options, "stage").length === 0)
    return refused("E184", { command: "zr add workflow", what: "--stage with its tasks" });
  return ok({ kind, name, command });
}

function tableOf(kind: Kind, options: OptionValues, command: readonly string[]): ConfigEntry["table"] {
  const given = (name: string): readonly string[] | undefined => {
    const values = listOption(options, name);
    return values.length === 0 ? undefined : values;
  };
  // One word is a line as it is; several are words, quoted where they have to be.
  const line = command.length === 1 ? command[0] : command.map(shellWord).join(" ");
  const pairs = listOption(options, "env").map((pair) => [
    pair.slice(0, pair.indexOf("=")),
    pair.slice(pair.indexOf("=") + 1),
  ]);
  const env =
    pairs.length === 0 ? undefined : (Object.fromEntries(pairs) as Readonly<Record<string, string>>);
  return {
    description: textOption(options, "description"),
    cmd: textOption(options, "cmd") ?? (line === "" ? undefined : line),
    deps: given("dep"),
    cwd: textOption(options, "dir"),
    inputs: given("input"),
    outputs: given("output"),
    env,
    tags: given("tag"),
    stages: kind === "workflow" ? listOption(options, "stage").map(stageOf) : undefined,
  };
}

/** `check=lint,test`, or tasks alone, whose stage has no name of its own. */
function stageOf(text: string): Printable {
  const [, name, tasks = ""] = /^(?:([^=,]*)=)?(.*)$/s.exec(text) ?? [];
  const list = tasks.split(",").filter((task) => task !== "");
  return { name: name === "" ? undefined : name, tasks: list };
}
