import { firstFile } from "#core/migrate/first-file";
import { combinedUses } from "#core/migrate/combined-uses";
import { basename } from "#base/path";
import { err, ok } from "#base/result";
import type { ConvertedFile, ConvertedSections, Conversion, Converter } from "#core/migrate/conversion";
import { ConversionReport } from "#core/migrate/conversion-report";
import type { MadeTask } from "#core/migrate/made-task";
import { LostOverrides, lostOverridesReport } from "#core/migrate/lost-overrides";
import { mergeWorlds } from "#core/migrate/merge-worlds";
import { newUses, type Uses } from "#core/migrate/pieces";
import { shareSettings, withOwnSettings } from "#core/migrate/shared-settings";
import { isTable, listAt, type Table, tableAt, textAt, textOrTextsAt } from "#base/value-at";
import { readWorlds, type Readings } from "#core/migrate/read-worlds";
import { OpenConditions, type Fact, type WorldRequest } from "#core/migrate/worlds";
import { wrappedTasks } from "#core/migrate/wrap";
import { taskName } from "#core/migrate/zr-text";
import { loadTaskfiles, TASKFILE_NAMES, type LoadedTaskfile } from "./load-taskfiles";
import { makeTaskfileTasks } from "./make-taskfile-tasks";
import { envOf } from "./task-environment";
import { fullName, requiredNames, taskEntries } from "./task-entries";
import { reportUnconvertedKeys } from "./unconverted-keys";
import { TaskfileVariables } from "./taskfile-variables";
import { TemplateFiller } from "./template-filler";

/** Turns a Taskfile (version 3) and what it includes into tasks. */
export const convertTaskfile: Converter = async ({ folder, source, wrap, reader }) => {
  const path = source ?? (await firstFile(folder, TASKFILE_NAMES, reader));
  if (path === undefined || (await reader.readText(path)).kind === "missing")
    return err([{ code: "E480", severity: "error", data: { what: "Taskfile", path: folder } }]);
  const report = new ConversionReport();
  const files = await loadTaskfiles(path, { reader, report });
  const refused = (reason: string): ReturnType<Converter> =>
    Promise.resolve(err([{ code: "E481", severity: "error", data: { path, reason } }]));
  if (!files.ok) return refused(files.error);
  const [main] = files.value;
  if (main === undefined || !isTable(main.source.value["tasks"] ?? main.source.value["includes"]))
    return refused("it has no tasks");
  const version = String(main.source.value["version"] ?? "3");
  if (!/^v?3(?:\.|$)/.test(version)) return refused(`it is of version ${version}, not 3`);
  return ok(wrap ? wrapTaskfile(files.value, basename(path)) : conversionOf(files.value, report));
};

interface TaskfileReading {
  readonly facts: readonly Fact[];
  readonly asksSystem: boolean;
  readonly tasks: readonly MadeTask[];
  readonly uses: Uses;
  readonly env: NonNullable<ConvertedSections["env"]>;
  readonly dotenv: readonly string[];
  readonly overrides: LostOverrides;
}

/** What all tasks are called, by themselves and by their aliases. */
function namesOf(files: readonly LoadedTaskfile[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const file of files) {
    for (const [name] of taskEntries(file)) {
      const full = file.namespace + name;
      const own = full.includes("*") ? patternTask(full) : taskName(full);
      if (own === undefined || taken.has(own) || names.has(full)) continue;
      taken.add(own);
      names.set(full, own);
    }
  }
  for (const file of files) {
    const { namespace, aliases } = file;
    for (const [name, task] of taskEntries(file)) {
      const own = names.get(namespace + name);
      const others = [
        ...textOrTextsAt(task, "aliases").flatMap((alias) =>
          [namespace, ...aliases].map((prefix) => prefix + alias),
        ),
        ...aliases.map((prefix) => prefix + name),
        ...(name === "default" && namespace !== ""
          ? [namespace, ...aliases].map((prefix) => prefix.slice(0, -1))
          : []),
      ];
      if (own !== undefined)
        // oxlint-disable-next-line max-depth -- levels of the source file.
        for (const alias of others) if (!names.has(alias) && !taken.has(alias)) names.set(alias, own);
    }
  }
  return names;
}

const patternTask = (full: string): string | undefined =>
  /^[\p{L}\p{N}_][\p{L}\p{N}_\-./:*]*$/u.test(full) ? full : undefined;

/** Variables that callers give, by the task that gets them. */
function givenOf(files: readonly LoadedTaskfile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const given = new Map<string, Set<string>>();
  for (const file of files)
    for (const [, task] of taskEntries(file))
      for (const item of [...listAt(task, "deps"), ...listAt(task, "cmds")]) {
        const call = isTable(item) && isTable(item["defer"]) ? item["defer"] : item;
        const name = textAt(call, "task");
        if (name === undefined) continue;
        const full = fullName(name, file.namespace);
        const known = given.get(full) ?? new Set<string>();
        for (const key of Object.keys(tableAt(call, "vars"))) known.add(key);
        given.set(full, known);
      }
  return given;
}

interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly given: ReadonlyMap<string, ReadonlySet<string>>;
  readonly required: ReadonlyMap<string, ReadonlySet<string>>;
  readonly report: ConversionReport;
  readonly inline: ReadonlySet<string>;
}

function readOnce(
  files: readonly LoadedTaskfile[],
  { system, ...request }: WorldRequest,
  known: Known,
): TaskfileReading {
  const conditions = new OpenConditions(request);
  const asked = { system: false };
  const overrides = new LostOverrides();
  for (const { source } of files)
    for (const [name, value] of Object.entries(tableAt(source.value, "vars"))) {
      const isLiteral = typeof value !== "object" && !String(value).includes("{{");
      overrides.assigned(name, isLiteral, { file: source.file, line: source.line("vars", name) });
    }
  const filler = new TemplateFiller({ system, conditions, asked, overrides });
  const envFiller = new TemplateFiller({ system: "", conditions, asked, overrides });
  // What included files define is there in all of them, and goes over what the main one says.
  const shared: Table = Object.assign({}, ...files.map(({ source }) => tableAt(source.value, "vars")));
  const uses = newUses();
  const env: Record<string, NonNullable<ConvertedSections["env"]>[string]> = {};
  const dotenv: string[] = [];
  const tasks = files.flatMap((file) => {
    const { source, vars } = file;
    const place = source.file.includes("/") ? `/${source.file.slice(0, source.file.lastIndexOf("/"))}` : "";
    const variables = new TaskfileVariables(
      file === files[0]
        ? [tableAt(source.value, "vars"), shared]
        : [shared, ...vars, tableAt(source.value, "vars")],
      {
        filler,
        isTask: false,
        around: (name) => {
          if (name === "ROOT_DIR") return [{ kind: "folder" }];
          return name === "TASKFILE_DIR"
            ? [{ kind: "folder" }, ...(place === "" ? [] : [{ kind: "text", text: place } as const])]
            : undefined;
        },
      },
    );
    const options = { uses, inline: known.inline };
    Object.assign(
      env,
      envOf(tableAt(source.value, "env"), {
        fill: (text) => envFiller.fill(text, variables.lookup),
        options,
        failed: (name, why) =>
          known.report.leftOut({ file: source.file, line: source.line("env", name) }, `env: ${name}`, why),
      }),
    );
    dotenv.push(...textOrTextsAt(source.value, "dotenv"));
    return makeTaskfileTasks({
      ...options,
      filler,
      envFiller,
      file,
      variables,
      names: known.names,
      given: known.given,
      required: known.required,
      report: known.report,
    });
  });
  return { facts: conditions.facts, asksSystem: asked.system, ...apart(tasks, env), uses, dotenv, overrides };
}

/**
 * What a task says of a variable goes over what the file says of it, but not over the environment. As a task of ours sees
 * the variables of the file as its environment, those that some task has too are those of each task.
 */
function apart(
  tasks: readonly MadeTask[],
  env: NonNullable<ConvertedSections["env"]>,
): { readonly tasks: readonly MadeTask[]; readonly env: NonNullable<ConvertedSections["env"]> } {
  const isOwn = ([name]: readonly [string, unknown]): boolean =>
    tasks.some(({ task }) => task.table.env?.[name] !== undefined);
  const all = Object.entries(env);
  if (!all.some(isOwn)) return { tasks, env };
  return {
    tasks: withOwnSettings(tasks, { env: Object.fromEntries(all.filter(isOwn)) }),
    env: Object.fromEntries(all.filter((entry) => !isOwn(entry))),
  };
}

function conversionOf(files: readonly LoadedTaskfile[], report: ConversionReport): Conversion {
  const names = namesOf(files);
  const given = givenOf(files);
  const required = new Map(
    files.flatMap((file) =>
      taskEntries(file).map(([name, task]) => [file.namespace + name, new Set(requiredNames(task))] as const),
    ),
  );
  let inline: ReadonlySet<string> = new Set();
  for (;;) {
    const known: Known = { names, given, required, inline, report };
    const readings = readWorlds((request) => readOnce(files, request, known));
    const { uses, differing } = combinedUses([...readings.worlds.values()].map((reading) => reading.uses));
    if (differing.every((name) => known.inline.has(name))) return finished(files, { readings, uses, report });
    inline = new Set([...known.inline, ...differing]);
  }
}

interface Finished {
  readonly readings: Readings<TaskfileReading>;
  readonly uses: Uses;
  readonly report: ConversionReport;
}

// oxlint-disable-next-line complexity -- one case a construct of the source; apart they would be harder to follow.
function finished(files: readonly LoadedTaskfile[], { readings, uses, report }: Finished): Conversion {
  const { worlds, isCut } = readings;
  const [main] = files;
  const file = main?.source.file ?? "Taskfile.yml";
  for (const one of files) reportUnconvertedKeys(one, report);
  const items = [...report.items];
  const shared = shareSettings(worlds);
  const made = new Map(
    [...worlds].map(
      ([world, { tasks: own }]) => [world, withOwnSettings(own, shared.own.get(world))] as const,
    ),
  );
  const tasks = mergeWorlds(made, { report: items, file, isCut });
  const overrides = [...worlds.values()].map((reading) => reading.overrides);
  items.push(...lostOverridesReport(overrides, { written: uses.written, tool: "task" }));
  for (const { source } of files) items.push(...settingsReport(source.value, source));
  const env: Record<string, NonNullable<ConvertedSections["env"]>[string]> = { ...shared.env };
  for (const [name, command] of uses.once) env[name] ??= { cmd: command };
  const dotenv = [...new Set(shared.dotenv)].filter((path) => !path.includes("{{"));
  if (dotenv.length > 0)
    items.push({
      file,
      line: main?.source.line("dotenv") ?? 1,
      severity: "approximated",
      what: "dotenv",
      why: "what the files say goes over the environment",
    });
  const shell = shellFor(files, tasks);
  const output = outputOf(main?.source.value["output"]);
  const global = {
    ...(shell === undefined ? {} : { shell }),
    ...(dotenv.length === 0
      ? {}
      : { dotenv: dotenv.toReversed().map((path) => `${path.replace(/\?$/, "")}?`) }),
    ...(output === undefined ? {} : { output }),
  };
  const comments: Record<string, readonly string[]> = {};
  for (const [section, entries] of [
    ["vars", uses.vars.keys()],
    ["env", Object.keys(env)],
  ] as const)
    for (const name of entries) {
      const above = (main?.source.comments(section, name) ?? []).map((line) => line.replace(/^#+\s?/, ""));
      if (above.length > 0) comments[`${section}.${name}`] = above;
    }
  const converted: ConvertedFile = {
    path: "zr.toml",
    sections: {
      ...(Object.keys(global).length === 0 ? {} : { global }),
      ...(uses.vars.size === 0 ? {} : { vars: Object.fromEntries(uses.vars) }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
    },
    sectionComments: comments,
    tasks: tasks.map(({ task }) => task),
  };
  const whole = new Set(tasks.filter(({ isWhole }) => isWhole).map(({ target }) => target));
  const all = files.flatMap((one) => taskEntries(one).map(([name]) => one.namespace + name));
  return {
    sources: files.map(({ source }) => source.file),
    files: [converted],
    report: items,
    total: all.length,
    converted: all.filter((name) => whole.has(name)).length,
  };
}

const OUTPUTS: Readonly<Record<string, "interleaved" | "grouped" | "prefixed">> = {
  interleaved: "interleaved",
  group: "grouped",
  prefixed: "prefixed",
};

const outputOf = (given: unknown): "interleaved" | "grouped" | "prefixed" | undefined =>
  typeof given === "string"
    ? OUTPUTS[given]
    : isTable(given) && given["group"] !== undefined
      ? "grouped"
      : undefined;

const KNOWN_SECTIONS = new Set(
  "version output method includes vars env tasks silent dotenv run interval set shopt".split(" "),
);

function settingsReport(value: Table, source: LoadedTaskfile["source"]): Conversion["report"] {
  return Object.keys(value).flatMap((key) =>
    KNOWN_SECTIONS.has(key) || key.startsWith("x-") || key.startsWith(".")
      ? []
      : [
          {
            file: source.file,
            line: source.line(key),
            severity: "left-out" as const,
            what: key,
            why: "it has no equal",
          },
        ],
  );
}

/** What bash reads and a plain sh does not. */
const BASH_ONLY =
  /\[\[|<<<|\$\{[^}]*(?:\/|\^|,,|@)|\bsource\s|(?:^|\s)\w+=\(|<\(|&>|\{\w+\.\.\w+\}|\bpipefail\b|\bfunction\s|\becho -[en]|\$'/m;

/** The shell that does what task's own does: it ends at the first command that fails, and knows what bash knows. */
function shellFor(
  files: readonly LoadedTaskfile[],
  tasks: readonly MadeTask[],
): readonly string[] | undefined {
  const options = files.flatMap(({ source }) => textOrTextsAt(source.value, "set"));
  const shopt = files.flatMap(({ source }) => textOrTextsAt(source.value, "shopt"));
  const commands = tasks
    .flatMap(({ task: { table } }) => [
      table.cmd,
      ...(table.cmds ?? []).map((step) => (typeof step === "string" ? step : step.cmd)),
    ])
    .filter((command) => typeof command === "string");
  const needsBash =
    shopt.length > 0 ||
    options.some((name) => name === "pipefail") ||
    commands.some((command) => BASH_ONLY.test(command));
  const needsErrexit = commands.some((command) => /[;\n]/.test(command.replaceAll(/\\\n/g, " ").trim()));
  const names = options.filter((name) => name !== "errexit" && name !== "e");
  if (!needsBash && !needsErrexit && names.length === 0) return undefined;
  const flags = names.flatMap((name) => (name.length === 1 ? [`-${name}`] : ["-o", name]));
  return [
    needsBash ? "bash" : "sh",
    "-e",
    ...flags,
    ...shopt.flatMap((name) => (needsBash ? ["-O", name] : [])),
    "-c",
  ];
}

function wrapTaskfile(files: readonly LoadedTaskfile[], main: string): Conversion {
  const flag = TASKFILE_NAMES.includes(main) ? [] : ["-t", main];
  return wrappedTasks({
    sources: files.map(({ source }) => source.file),
    items: files.flatMap((file) =>
      taskEntries(file)
        .filter(([name, task]) => !name.includes("*") && task["internal"] !== true && !file.isInternal)
        .map(([name, task]) => ({
          name: file.namespace + name,
          argv: ["task", ...flag, file.namespace + name],
          description: textAt(task, "desc"),
          aliases: textOrTextsAt(task, "aliases").map((alias) => file.namespace + alias),
          line: file.source.line("tasks", name),
        })),
    ),
  });
}
