import { ok } from "#base/result";
import type { ConvertedFile, ConvertedTask, Converter } from "#core/migrate/conversion";
import { ConversionReport } from "#core/migrate/conversion-report";
import { literalText, taskName } from "#core/migrate/zr-text";
import { textAt } from "#base/value-at";
import { convertScript } from "./convert-script";
import { programsOnPath } from "./programs-on-path";
import {
  readScriptPackages,
  runScriptWords,
  type ScriptPackage,
  type ScriptPackages,
} from "./script-packages";

/** Scripts that package managers run by themselves (docs.npmjs.com, "Life cycle scripts"). */
const LIFE_CYCLE =
  /^(?:preinstall|install|postinstall|preprepare|prepare|postprepare|prepublish|prepublishOnly|prepack|postpack|publish|postpublish|preversion|version|postversion|dependencies)$/;

/** Turns the scripts of a package.json, and of those of its workspace, into tasks. */
export const convertNpm: Converter = async ({ folder, reader, wrap }) => {
  const report = new ConversionReport();
  const read = await readScriptPackages(folder, reader, (place, reason) =>
    report.leftOut(place, "", `the file can't be read: ${reason}`),
  );
  if (!read.ok) return read;
  const packages = read.value;
  const writer = new ScriptWriter(packages, report, wrap);
  const all = [packages.root, ...packages.members];
  const files = all.flatMap((pkg): readonly ConvertedFile[] => {
    const tasks = writer.tasksOf(pkg);
    const isRoot = pkg === packages.root;
    if (tasks.length === 0 && !isRoot) return [];
    const own = isRoot ? rootSections(packages) : {};
    const path = isRoot ? "zr.toml" : `${pkg.path}/zr.toml`;
    if (wrap || tasks.length === 0) return [{ path, ...own, tasks }];
    const programs = programsOnPath(isRoot ? 1 : 2);
    return [
      {
        path,
        sections: { ...own.sections, ...programs.sections },
        sectionComments: { ...own.sectionComments, ...programs.sectionComments },
        tasks,
      },
    ];
  });
  return ok({
    sources: all.map(({ source }) => source.file),
    files,
    report: report.items,
    total: all.reduce((sum, { scripts }) => sum + scripts.size, 0),
    converted: writer.converted,
  });
};

/** What the root says besides its tasks. */
function rootSections({
  members,
  locks,
}: ScriptPackages): Pick<ConvertedFile, "sections" | "sectionComments"> {
  if (members.length === 0) return {};
  return {
    sections: { workspace: { global_inputs: locks.length === 0 ? ["package.json"] : [...locks] } },
    sectionComments: { workspace: ["Packages are those that package.json lists."] },
  };
}

class ScriptWriter {
  converted = 0;
  readonly #packages: ScriptPackages;
  readonly #report: ConversionReport;
  readonly #wrap: boolean;
  readonly #names = new Map<ScriptPackage, ReadonlyMap<string, string>>();

  constructor(packages: ScriptPackages, report: ConversionReport, wrap: boolean) {
    this.#packages = packages;
    this.#report = report;
    this.#wrap = wrap;
  }

  tasksOf(pkg: ScriptPackage): readonly ConvertedTask[] {
    return [...this.#namesOf(pkg)].map(([script, name]): ConvertedTask => {
      this.converted += 1;
      return { name, table: this.#table(pkg, script), place: placeOf(pkg, script) };
    });
  }

  /** Scripts by their tasks' names. */
  #namesOf(pkg: ScriptPackage): ReadonlyMap<string, string> {
    let names = this.#names.get(pkg);
    if (names === undefined) this.#names.set(pkg, (names = this.#makeNames(pkg)));
    return names;
  }

  #makeNames(pkg: ScriptPackage): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    const taken = new Set<string>();
    // Names that can stay do.
    const inOrder = [...pkg.scripts.keys()].sort(
      (a, b) => Number(taskName(a) !== a) - Number(taskName(b) !== b),
    );
    for (const script of inOrder) {
      const name = taskName(script);
      const place = placeOf(pkg, script);
      if (name === undefined || taken.has(name)) {
        this.#report.leftOut(place, script, "no task can have its name");
        continue;
      }
      if (name !== script) this.#report.approximated(place, script, `the task is called '${name}'`);
      taken.add(name);
      names.set(script, name);
    }
    return new Map(
      [...pkg.scripts.keys()].flatMap((script) => {
        const name = names.get(script);
        return name === undefined ? [] : [[script, name] as const];
      }),
    );
  }

  #table(pkg: ScriptPackage, script: string): ConvertedTask["table"] {
    const { manager, members, root } = this.#packages;
    if (this.#wrap) return { cmd: runScriptWords(manager, script).map((word) => literalText(word)) };
    const place = placeOf(pkg, script);
    const isModernYarn =
      manager === "yarn" && /^yarn@[2-9]/.test(textAt(root.source.value, "packageManager") ?? "");
    if (LIFE_CYCLE.test(script))
      this.#report.note(place, script, `${manager} goes on running it by itself; zr does so only when asked`);
    if (isModernYarn)
      this.#report.approximated(
        { file: "package.json", line: 1 },
        "",
        "Yarn runs scripts in a shell of its own, zr in sh",
      );
    return convertScript(script, {
      scripts: pkg.scripts,
      manager,
      runsAround: !isModernYarn,
      taskOf: (name) => this.#namesOf(pkg).get(name),
      taskIn: (other, name) => {
        const target = members.find(
          (member) => member.name === other || member.path === other.replace(/^\.\//, ""),
        );
        const task = target === undefined ? undefined : this.#namesOf(target).get(name);
        return target === undefined || task === undefined ? undefined : `${target.name}:${task}`;
      },
      tasksInMembers: (name, ifPresent) => this.#everywhere(name, ifPresent),
      place,
      note: (why) => this.#report.note(place, script, why),
      approximated: (why) => this.#report.approximated(place, script, why),
    });
  }

  /** npm goes through the members in the order in which they are listed. */
  #everywhere(script: string, ifPresent: boolean): readonly string[] | undefined {
    const { members } = this.#packages;
    const having = members.filter((member) => this.#namesOf(member).has(script));
    if (!ifPresent && having.length < members.length) return undefined;
    return having.map((member) => `${member.name}:${this.#namesOf(member).get(script) ?? script}`);
  }
}

const placeOf = (
  { source }: ScriptPackage,
  script: string,
): { readonly file: string; readonly line: number } => ({
  file: source.file,
  line: source.line("scripts", script),
});
