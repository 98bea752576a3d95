import { isTable, listAt, tableAt, textAt, textOrTextsAt } from "#base/value-at";
import type { NxProject, NxTarget, NxWorkspace } from "./nx-workspace";

/** The files and variables that a target's key is made of. */
export interface NxInputs {
  /** Globs of ours; undefined where the default means the same. */
  readonly globs: readonly string[] | undefined;
  readonly env: readonly string[];
  /** Why no key can be made that holds all that nx's holds. */
  readonly unknown: readonly string[];
}

const ALL = "{projectRoot}/**/*";

/** What `inputs` of a target comes to; without any, its own files and those of all that it depends on. */
export function nxInputs(target: NxTarget, workspace: NxWorkspace): NxInputs {
  const reader = new InputReader(target.project, workspace);
  const listed = listAt(target.table, "inputs");
  const items = target.table["inputs"] === undefined ? ["default", "^default"] : listed;
  for (const item of items) reader.read(item, target.project, 0);
  const globs = reader.globs();
  return {
    globs: globs.length === 1 && globs[0] === "$default" ? undefined : globs,
    env: [...reader.env],
    unknown: [...reader.unknown],
  };
}

/** All projects that one depends on, directly or by way of others. */
function allNeeds(project: NxProject, { needs, projects }: NxWorkspace): readonly NxProject[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const need of needs.get(name) ?? [])
      if (!found.has(need)) {
        found.add(need);
        visit(need);
      }
  };
  visit(project.name);
  found.delete(project.name);
  return [...found].sort().flatMap((name) => projects.get(name) ?? []);
}

class InputReader {
  readonly env = new Set<string>();
  readonly unknown = new Set<string>();
  readonly #named = new Set<string>();
  readonly #positive = new Set<string>();
  readonly #negative = new Set<string>();
  readonly #project: NxProject;
  readonly #workspace: NxWorkspace;

  constructor(project: NxProject, workspace: NxWorkspace) {
    this.#project = project;
    this.#workspace = workspace;
  }

  /** Exclusions come last, as the last pattern decides. */
  globs(): readonly string[] {
    return [...this.#positive, ...this.#negative];
  }

  read(item: unknown, of: NxProject, depth: number): void {
    if (depth > 20) return;
    if (typeof item === "string") this.#readText(item, of, depth);
    else if (isTable(item)) this.#readTable(item, of, depth);
  }

  #readText(text: string, of: NxProject, depth: number): void {
    if (text.startsWith("^")) {
      for (const need of allNeeds(of, this.#workspace)) this.#readNamed(text.slice(1), need, depth);
    } else if (text.includes("{projectRoot}") || text.includes("{workspaceRoot}")) this.#addFiles(text, of);
    else if (text.startsWith("!")) this.#negative.add(`!//${text.slice(1)}`);
    else if (/[*/]/.test(text)) this.#addFiles(`{workspaceRoot}/${text}`, of);
    else this.#readNamed(text, of, depth);
  }

  #readNamed(name: string, of: NxProject, depth: number): void {
    if (name.includes("{projectRoot}") || name.includes("{workspaceRoot}")) {
      this.#addFiles(name, of);
      return;
    }
    // What is read already adds nothing more.
    const key = `${of.name}\n${name}`;
    if (this.#named.has(key)) return;
    this.#named.add(key);
    const shared = tableAt(this.#workspace.config.value, "namedInputs");
    const own = Object.hasOwn(of.namedInputs, name) ? listAt(of.namedInputs, name) : undefined;
    const list = own ?? (Object.hasOwn(shared, name) ? listAt(shared, name) : undefined);
    if (list !== undefined) for (const item of list) this.read(item, of, depth + 1);
    else if (name === "default") this.#addFiles(ALL, of);
    else this.unknown.add(`there is no input '${name}'`);
  }

  #readTable(item: Readonly<Record<string, unknown>>, of: NxProject, depth: number): void {
    const input = textAt(item, "input");
    const fileset = textAt(item, "fileset");
    const env = textAt(item, "env");
    const runtime = textAt(item, "runtime");
    if (env !== undefined) this.env.add(env);
    else if (runtime !== undefined) this.unknown.add(`the output of '${runtime}' can't be part of a key`);
    else if (fileset !== undefined) {
      if (item["dependencies"] === true)
        for (const need of allNeeds(of, this.#workspace)) this.#addFiles(fileset, need);
      else this.#addFiles(fileset, of);
    } else if (input !== undefined) {
      const projects = textOrTextsAt(item, "projects");
      if (item["dependencies"] === true || projects.includes("dependencies"))
        for (const need of allNeeds(of, this.#workspace)) this.#readNamed(input, need, depth + 1);
      else if (projects.length > 0 && !projects.includes("self"))
        for (const name of projects) {
          const project = this.#workspace.projects.get(name);
          if (project !== undefined) this.#readNamed(input, project, depth + 1);
        }
      else this.#readNamed(input, of, depth + 1);
    } else if (textAt(item, "json") !== undefined) this.#addFiles(textAt(item, "json") ?? "", of);
    // Lock files are part of every key, and outputs of what runs before count by themselves.
    else if (item["externalDependencies"] === undefined && item["dependentTasksOutputFiles"] === undefined)
      this.unknown.add("one of its inputs has an unknown form");
  }

  #addFiles(text: string, of: NxProject): void {
    const isNegative = text.startsWith("!");
    const plain = isNegative ? text.slice(1) : text;
    const glob = pathOf(plain, of, this.#project);
    if (isNegative) this.#negative.add(`!${glob}`);
    else this.#positive.add(plain === ALL && of === this.#project ? "$default" : glob);
  }
}

/** A path with nx's tokens as one of ours, seen from a project. */
export function pathOf(text: string, of: NxProject, from: NxProject): string {
  const filled = text
    .replaceAll("{projectName}", of.name)
    .replaceAll("{projectRoot}", of.path === "." ? "" : of.path)
    .replaceAll("{workspaceRoot}/", "")
    .replaceAll("{workspaceRoot}", "")
    .replaceAll(/\/{2,}/g, "/")
    .replace(/^\.?\//, "");
  const inside =
    from.path === "."
      ? filled
      : filled.startsWith(`${from.path}/`)
        ? filled.slice(from.path.length + 1)
        : undefined;
  // `**/*` in nx has all files, in hidden folders too.
  const glob = (inside ?? `//${filled}`).replace(/(^|\/)\*\*\/\*$/, "$1**");
  return glob === "" ? "**" : glob;
}
