import type { Conversion, ConvertedTask, ReportItem } from "./conversion";
import { shellWord } from "#base/shell-word";
import { taskName } from "./zr-text";

export interface WrappedItem {
  /** Its name in the other tool. */
  readonly name: string;
  /** The words that run it there. */
  readonly argv: readonly string[];
  readonly description?: string | undefined;
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  readonly line: number;
}

export interface WrapRequest {
  readonly sources: readonly string[];
  readonly items: readonly WrappedItem[];
  /** Report items that there are already. */
  readonly report?: readonly ReportItem[];
}

/** A task for each item that calls the other tool; what follows `--` goes to it. */
export function wrappedTasks({ sources, items, report = [] }: WrapRequest): Conversion {
  const taken = new Set<string>();
  const tasks: ConvertedTask[] = [];
  const left: ReportItem[] = [];
  for (const { name: own, argv, description, aliases = [], hidden, line } of items) {
    const name = taskName(own);
    if (name === undefined || taken.has(name)) {
      left.push({
        file: sources[0] ?? "",
        line,
        severity: "left-out",
        what: own,
        why: "no task can have such a name",
      });
      continue;
    }
    taken.add(name);
    const others = aliases.flatMap((alias) => taskName(alias) ?? []).filter((alias) => !taken.has(alias));
    for (const alias of others) taken.add(alias);
    tasks.push({
      name,
      table: {
        ...(description === undefined || description.trim() === ""
          ? {}
          : { description: description.trim() }),
        ...(others.length === 0 ? {} : { aliases: others }),
        ...(hidden === true ? { hidden } : {}),
        cmd: argv.map(shellWord).join(" "),
      },
    });
  }
  return {
    sources,
    files: [{ path: "zr.toml", tasks }],
    report: [...report, ...left],
    total: items.length,
    converted: tasks.length,
  };
}
