import { taskReference } from "#core/migrate/task-reference";
import type { ConversionReport } from "#core/migrate/conversion-report";
import type { ScriptPackage, ScriptPackages } from "#core/migrate/npm/script-packages";
import { textOrTextsAt } from "#base/value-at";
import { taskName } from "#core/migrate/zr-text";
import { turboTask } from "./turbo-config";
import type { TurboConfig, TurboTask } from "./turbo-config";

/**
 * What a task waits for. A package without a script of a name has a task all the same for turbo, which runs nothing but
 * waits: here what waits for it waits for what it would have waited for.
 */
export class TurboGraph {
  readonly #packages: ScriptPackages;
  readonly #config: TurboConfig;
  readonly #report: ConversionReport;
  readonly #byName: ReadonlyMap<string, ScriptPackage>;

  constructor(packages: ScriptPackages, config: TurboConfig, report: ConversionReport) {
    this.#packages = packages;
    this.#config = config;
    this.#report = report;
    this.#byName = new Map(packages.members.map((pkg) => [pkg.name, pkg]));
  }

  /** References of the tasks that run before, in the form that says the same: `^build` where it does. */
  dependenciesOf(task: TurboTask): readonly string[] {
    const exact = this.#exact(task);
    const plain = this.#plain(task);
    return plain !== undefined && sameSet(exact, this.#resolved(plain, task.pkg)) ? plain : exact;
  }

  /** `dependsOn` as it is written, with names as zr has them; undefined where it can't be said so. */
  #plain({ table, pkg }: TurboTask): readonly string[] | undefined {
    const found: string[] = [];
    for (const text of dependsOn(table)) {
      const hash = text.indexOf("#");
      if (hash > 0) {
        const owner = text.slice(0, hash);
        const task = text.slice(hash + 1);
        const target = owner === "//" ? this.#packages.root : this.#byName.get(owner);
        if (target === undefined || !target.scripts.has(task)) continue;
        found.push(taskReference(target, task, pkg));
      } else if (text.startsWith("^")) {
        if (this.#packages.members.some((member) => member.scripts.has(text.slice(1))))
          found.push(`^${taskName(text.slice(1)) ?? ""}`);
      } else if (pkg.scripts.has(text)) found.push(taskName(text) ?? text);
    }
    return found;
  }

  /** What plain references come to. */
  #resolved(references: readonly string[], pkg: ScriptPackage): readonly string[] {
    return references.flatMap((text) => {
      if (!text.startsWith("^")) return [text];
      return pkg.needs.flatMap((need) => {
        const target = this.#byName.get(need);
        return target?.scripts.has(text.slice(1)) === true ? [taskReference(target, text.slice(1), pkg)] : [];
      });
    });
  }

  /** Every task that has to end before, one by one. */
  #exact(task: TurboTask): readonly string[] {
    const found = new Set<string>();
    const seen = new Set<string>();
    const follow = (of: TurboTask): void => {
      for (const [target, name] of this.#targets(of)) {
        const key = `${target.path}#${name}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const definition = turboTask(this.#config, target, name);
        if (target.scripts.has(name) && definition !== undefined) {
          if (definition.table["persistent"] === true) this.#tellPersistent(task, name);
          else found.add(taskReference(target, name, task.pkg));
        } else if (definition !== undefined) follow(definition);
      }
    };
    follow(task);
    found.delete(taskReference(task.pkg, task.name, task.pkg));
    return [...found];
  }

  #targets({ table, pkg }: TurboTask): readonly (readonly [ScriptPackage, string])[] {
    return dependsOn(table).flatMap((text): readonly (readonly [ScriptPackage, string])[] => {
      const hash = text.indexOf("#");
      if (hash > 0) {
        const owner = text.slice(0, hash);
        const target = owner === "//" ? this.#packages.root : this.#byName.get(owner);
        return target === undefined ? [] : [[target, text.slice(hash + 1)]];
      }
      if (!text.startsWith("^")) return [[pkg, text]];
      return pkg.needs.flatMap((need) => {
        const target = this.#byName.get(need);
        return target === undefined ? [] : [[target, text.slice(1)] as const];
      });
    });
  }

  #tellPersistent({ entry }: TurboTask, name: string): void {
    this.#report.leftOut(
      { file: entry.source.file, line: entry.source.line(...entry.path, "dependsOn") },
      name,
      "a task can't wait for one that never ends, which turbo refuses too",
    );
  }
}

/** Tasks among `dependsOn`; version 1 has variables there too. */
const dependsOn = (table: TurboTask["table"]): readonly string[] =>
  textOrTextsAt(table, "dependsOn").filter((text) => !text.startsWith("$"));

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === new Set(b).size && a.every((item) => b.includes(item));
