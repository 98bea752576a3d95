import { withSharedOutputs } from "#core/migrate/shared-outputs";
import { globMatcher } from "#base/glob";
import type { Discovery } from "#core/config/discovery";
import type { TaskTable } from "#core/config/schema/sections";
import { keyToToml } from "#core/config/toml/edit";
import type { ConvertedFile, ConvertedTask } from "#core/migrate/conversion";
import type { FolderFiles } from "./folder-view";
import type {
  LanguageProvider,
  LanguageStarter,
  StarterPackage,
  StarterTask,
  WantedTool,
} from "./language-provider";

/** A language of a folder, with what it says when a configuration is written. */
export interface StarterLanguage {
  readonly provider: LanguageProvider;
  /** Undefined where the language has nothing to add to what it infers. */
  readonly starter: LanguageStarter | undefined;
}

/** A package as the writer of a configuration sees it. */
export interface StarterFolder {
  readonly folder: FolderFiles;
  /** In the order in which they give names and tasks. */
  readonly languages: readonly StarterLanguage[];
}

export interface StarterRequest {
  readonly discovery: Discovery;
  /** By folder, those of `discovery.packages`. */
  readonly folders: ReadonlyMap<string, StarterFolder>;
  /** Folders that no manifest lists, from the root. */
  readonly extra: readonly string[];
}

/** Scripts of a root that only hand over to those of the members. */
const DELEGATES =
  /\b(?:turbo|nx|lerna|moon|lage|wsrun|ultra)\b|\s(?:--workspaces?|-ws|-r|--recursive|--filter|-F|workspaces?)\b/;

/**
 * The configuration of a repository in which there is none: one file for a single package, else one at the root and one
 * in every package of which more is known than what can be inferred anyway.
 */
export function starterFiles(request: StarterRequest): readonly ConvertedFile[] {
  const { discovery, folders } = request;
  const { root } = discovery;
  const rootFolder = folders.get(root);
  const members = [...discovery.packages.keys()].filter((dir) => dir !== root).sort();
  const writer = new StarterWriter(request);
  const files: ConvertedFile[] = [];
  for (const dir of members) {
    const folder = folders.get(dir);
    const file = folder === undefined ? undefined : writer.memberFile(dir, folder);
    if (file !== undefined) files.push(file);
  }
  const memberTasks = new Set(members.flatMap((dir) => writer.tasksOf(dir).map(({ name }) => name)));
  const own = rootFolder === undefined ? [] : writer.tasksOf(root);
  const isWorkspace = members.length > 0;
  const tasks = isWorkspace ? withRootNames(own.flatMap((task) => rootTask(task, memberTasks))) : own;
  const written = new Set(tasks.flatMap(({ name }) => [name, name.replace(/^root-/, "")]));
  const handedOver = own.flatMap(({ name }) => (written.has(name) ? [] : [name]));
  return [writer.rootFile({ tasks, isWorkspace, handedOver }), ...files];
}

/** Tasks whose dependencies of the root have the names that those were given. */
function withRootNames(tasks: readonly StarterTask[]): readonly StarterTask[] {
  const names = new Set(tasks.map(({ name }) => name));
  return tasks.map((task) => {
    const { deps } = task.table;
    if (!Array.isArray(deps)) return task;
    const renamed = deps.map((on) =>
      typeof on === "string" && !names.has(on) && names.has(`root-${on}`) ? `root-${on}` : on,
    );
    return { ...task, table: { ...task.table, deps: renamed } };
  });
}

/** A task of the root of a workspace: one that every package has by the same name keeps out of its way. */
function rootTask(task: StarterTask, memberTasks: ReadonlySet<string>): readonly StarterTask[] {
  const { aliases = [], ...table } = task.table;
  if (!memberTasks.has(task.name))
    return [
      {
        ...task,
        table: {
          ...table,
          ...given(
            "aliases",
            aliases.filter((alias) => !memberTasks.has(alias)),
          ),
        },
      },
    ];
  if (DELEGATES.test(table.description ?? "") || typeof table.description !== "string") return [];
  const name = `root-${task.name}`;
  return memberTasks.has(name)
    ? []
    : [
        {
          name,
          table,
          why: [
            ...task.why,
            `Called so because 'zr run ${task.name}' is to mean the '${task.name}' of all packages.`,
          ],
        },
      ];
}

const given = (key: "aliases", values: readonly string[]): Partial<TaskTable> =>
  values.length === 0 ? {} : { [key]: [...values] };

interface RootTasks {
  readonly tasks: readonly StarterTask[];
  readonly isWorkspace: boolean;
  /** Tasks of the root that are those of the packages. */
  readonly handedOver: readonly string[];
}

class StarterWriter {
  readonly #request: StarterRequest;
  readonly #tasks = new Map<string, readonly StarterTask[]>();

  constructor(request: StarterRequest) {
    this.#request = request;
  }

  /** The tasks of a package, those of its first language first. */
  tasksOf(dir: string): readonly StarterTask[] {
    let tasks = this.#tasks.get(dir);
    if (tasks === undefined) this.#tasks.set(dir, (tasks = this.#makeTasks(dir)));
    return tasks;
  }

  #makeTasks(dir: string): readonly StarterTask[] {
    const { discovery, folders } = this.#request;
    const known = folders.get(dir);
    const root = folders.get(discovery.root)?.folder ?? known?.folder;
    if (known === undefined || root === undefined) return [];
    const { folder } = known;
    const inferred = this.#inferred(dir);
    const tasks = new Map<string, StarterTask>();
    for (const { provider, starter } of known.languages) {
      const pkg: StarterPackage = { folder, root, ...this.#surroundings(dir) };
      for (const { name, table } of provider.describe(folder, root)?.tasks ?? []) {
        if (tasks.has(name)) continue;
        const plain: StarterTask = { name, table: inferred.get(name) ?? table, why: [] };
        const task = starter === undefined ? plain : starter.task(plain, pkg);
        if (task !== undefined) tasks.set(name, task);
      }
      for (const task of starter?.further?.(pkg) ?? []) if (!tasks.has(task.name)) tasks.set(task.name, task);
    }
    return withSharedOutputs(withFreeAliases([...tasks.values()]));
  }

  #members(): readonly string[] {
    const { discovery } = this.#request;
    return [...discovery.packages.keys()].filter((dir) => dir !== discovery.root).sort();
  }

  /** What would be inferred without a file: the tasks of a circle wait for nothing. */
  #inferred(dir: string): ReadonlyMap<string, TaskTable> {
    const { tasks = [] } = this.#request.discovery.packages.get(dir) ?? {};
    return new Map(
      tasks.flatMap(({ name, sources: [first] }) => (first === undefined ? [] : [[name, first.table]])),
    );
  }

  /** What a package has around it: packages with a `build` are waited for, the sources of others are read. */
  #surroundings(dir: string): Pick<StarterPackage, "sourcesOf" | "hasBuildsBefore"> {
    const { discovery } = this.#request;
    // What lies at the root may look at everything below it, but by default a package's files end where others begin.
    if (dir === discovery.root)
      return { sourcesOf: this.#members().map((on) => on.slice(dir.length + 1)), hasBuildsBefore: false };
    const reached = new Set<string>();
    const visit = (from: string): void => {
      for (const { on } of discovery.packages.get(from)?.edges ?? [])
        if (!reached.has(on)) {
          reached.add(on);
          visit(on);
        }
    };
    visit(dir);
    // Packages that need each other in a circle can't wait for each other.
    const isCircular = reached.has(dir);
    const paths = [...reached].filter((on) => on !== dir && on !== discovery.root).sort();
    const unbuilt = isCircular ? paths : paths.filter((on) => !this.#hasBuild(on));
    return {
      sourcesOf: unbuilt.map((on) => on.slice(discovery.root.length + 1)),
      hasBuildsBefore:
        !isCircular && (discovery.packages.get(dir)?.edges ?? []).some(({ on }) => this.#hasBuild(on)),
    };
  }

  /** Whether a package has a `build` that makes something for others. */
  #hasBuild(dir: string): boolean {
    const known = this.#request.folders.get(dir);
    const tasks = this.#request.discovery.packages.get(dir)?.tasks ?? [];
    const builds = tasks.some(({ name }) => name === "build");
    return builds && known?.languages.every(({ starter }) => starter?.readsSources !== true) === true;
  }

  memberFile(dir: string, known: StarterFolder): ConvertedFile | undefined {
    const { discovery } = this.#request;
    const path = dir.slice(discovery.root.length + 1);
    const inferred = this.#inferred(dir);
    const more = this.tasksOf(dir).filter(({ name, table }) => !isSame(inferred.get(name), table));
    const wanted = this.#newTools(known);
    if (more.length === 0) return undefined;
    return {
      path: `${path}/zr.toml`,
      comments: [
        `What is known of this package beyond its ${manifestsOf(known).join(" and ")}. Other tasks follow from that by themselves:`,
        "`zr list` shows all of them.",
      ],
      ...toolLines(wanted),
      tasks: more.map(convertedTask),
    };
  }

  /** Tools of a member that the root does not ask for in the same version. */
  #newTools(known: StarterFolder): readonly WantedTool[] {
    const { discovery, folders } = this.#request;
    const root = folders.get(discovery.root);
    const there = new Map(
      root === undefined ? [] : toolsOf(root).map(({ name, version }) => [name, version]),
    );
    return toolsOf(known).filter(({ name, version }) => there.get(name) !== version);
  }

  rootFile({ tasks, isWorkspace, handedOver }: RootTasks): ConvertedFile {
    const { discovery, folders, extra } = this.#request;
    const root = folders.get(discovery.root);
    const tools = toolLines(root === undefined ? [] : toolsOf(root));
    const inputs = isWorkspace ? this.#globalInputs() : [];
    const workspace = {
      ...(extra.length === 0 ? {} : { members: [...extra] }),
      ...(inputs.length === 0 ? {} : { global_inputs: [...inputs] }),
    };
    return {
      path: "zr.toml",
      comments: ["What can be done in this repository. `zr` lists it, `zr NAME` does it."],
      sections: isWorkspace ? { workspace } : {},
      sectionComments: this.#workspaceComments(isWorkspace),
      tasks: tasks.map(convertedTask),
      rest: [
        ...(tools.rest ?? []),
        ...(handedOver.length === 0
          ? []
          : [
              ...(tools.rest === undefined ? [] : [""]),
              `Left to the packages, since the root's own only call theirs: ${handedOver.join(", ")}.`,
            ]),
      ],
    };
  }

  #workspaceComments(isWorkspace: boolean): Readonly<Record<string, readonly string[]>> {
    if (!isWorkspace) return {};
    const { discovery, folders, extra } = this.#request;
    const listed = folders.get(discovery.root);
    const names = listed === undefined ? [] : manifestsOf(listed);
    return {
      workspace:
        names.length === 0
          ? ["`zr run test` here runs the `test` of every package that has one."]
          : [
              `Packages are those that ${names.join(" and ")} list${names.length === 1 ? "s" : ""}${extra.length > 0 ? ", and `members`" : ""}.`,
              "`zr run test` here runs the `test` of every package that has one.",
            ],
      "workspace.members": ["No manifest lists these."],
      "workspace.global_inputs": ["When one of these files changes, every cached result is old."],
    };
  }

  #globalInputs(): readonly string[] {
    const { discovery, folders } = this.#request;
    const root = folders.get(discovery.root);
    if (root === undefined) return [];
    const languages = new Set(
      [...folders.values()].flatMap((known) => known.languages.map(({ starter }) => starter)),
    );
    const globs = [...languages].flatMap((starter) => starter?.globalInputs ?? []).map(globMatcher);
    return [...root.folder.names].filter((name) => globs.some((matches) => matches(name))).sort();
  }
}

const manifestsOf = ({ folder, languages }: StarterFolder): readonly string[] => [
  ...new Set(
    languages.flatMap(({ provider }) => {
      const globs = [...provider.manifests, ...(provider.rootManifests ?? [])].map(globMatcher);
      return [...folder.names].filter((name) => globs.some((matches) => matches(name))).sort();
    }),
  ),
];

/** The first version for each tool. */
function toolsOf({ folder, languages }: StarterFolder): readonly WantedTool[] {
  const found = new Map<string, WantedTool>();
  for (const { starter } of languages)
    for (const tool of starter?.tools(folder) ?? []) if (!found.has(tool.name)) found.set(tool.name, tool);
  return [...found.values()];
}

/** A table of tools to take the `#` off: as it stands nothing has to be installed before the first run. */
function toolLines(tools: readonly WantedTool[]): Pick<ConvertedFile, "rest"> {
  if (tools.length === 0) return {};
  return {
    rest: [
      "Files here ask for versions of tools. Without the #, zr installs these and runs the tasks with them:",
      "[tools]",
      ...tools.map(({ name, version, from }) => `${keyToToml(name)} = ${JSON.stringify(version)} # ${from}`),
    ],
  };
}

/** An alias that is a task of the package, or was given already, is none. */
function withFreeAliases(tasks: readonly StarterTask[]): readonly StarterTask[] {
  const taken = new Set(tasks.map(({ name }) => name));
  return tasks.map((task) => {
    const { aliases, ...table } = task.table;
    if (aliases === undefined) return task;
    const free = aliases.filter((alias) => !taken.has(alias));
    for (const alias of free) taken.add(alias);
    return { ...task, table: { ...table, ...given("aliases", free) } };
  });
}

const isSame = (inferred: TaskTable | undefined, table: TaskTable): boolean =>
  inferred !== undefined && Bun.deepEquals(inferred, table);

/** What stands first in a task's table reads best first. */
const ORDER: readonly (keyof TaskTable)[] = ["description", "aliases", "cmd", "cwd", "deps"];

function convertedTask({ name, table, why }: StarterTask): ConvertedTask {
  const first = Object.fromEntries(
    ORDER.flatMap((key) => (table[key] === undefined ? [] : [[key, table[key]]])),
  );
  return { name, table: { ...first, ...table }, comments: why };
}
