import type { Diagnostic } from "#base/diagnostic";
import { basename, dirname, relativeTo } from "#base/path";
import { err, ok, type Result } from "#base/result";
import type { SourceReader } from "#core/migrate/conversion";
import type { ConversionReport } from "#core/migrate/conversion-report";
import { readJsonSource } from "#core/migrate/json-source";
import { isTable, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import { readYamlSource, type YamlSource } from "#core/migrate/yaml-source";

/** A project with its own file, where it has one. */
export interface MoonProject {
  readonly id: string;
  /** Path of its folder from the root; `.` for the root. */
  readonly path: string;
  readonly source: YamlSource | undefined;
  readonly language: string;
  readonly layer: string;
  readonly stack: string;
  readonly tags: readonly string[];
  /** Ids of the projects that it depends on. */
  readonly needs: readonly string[];
  /** Whether its programs lie in node_modules. */
  readonly usesNode: boolean;
}

export interface MoonWorkspace {
  readonly config: YamlSource;
  readonly toolchain: YamlSource | undefined;
  /** Files of tasks that projects inherit, those that win last. */
  readonly shared: readonly YamlSource[];
  readonly projects: ReadonlyMap<string, MoonProject>;
}

/** Files by which a project is of a language; the first that is there decides. */
const LANGUAGES: readonly (readonly [file: string, language: string])[] = [
  ["tsconfig.json", "typescript"],
  ["deno.json", "typescript"],
  ["package.json", "javascript"],
  ["Cargo.toml", "rust"],
  ["go.mod", "go"],
  ["pyproject.toml", "python"],
  ["requirements.txt", "python"],
  ["composer.json", "php"],
  ["Gemfile", "ruby"],
];

/** Reads the files of moon. Without `.moon/workspace.yml` there is a problem: E480, or E481 where it can't be read. */
export async function readMoonWorkspace(
  folder: string,
  reader: SourceReader,
  report: ConversionReport,
): Promise<Result<MoonWorkspace, readonly Diagnostic[]>> {
  const open = async (file: string): Promise<Result<YamlSource, string> | undefined> => {
    const read = await reader.readText(`${folder}/${file}`);
    if (read.kind !== "text") return read.kind === "unreadable" ? err(read.reason) : undefined;
    return readYamlSource(read.text, file);
  };
  const lenient = async (file: string): Promise<YamlSource | undefined> => {
    const opened = await open(file);
    if (opened?.ok === false)
      report.leftOut({ file, line: 1 }, "", `the file can't be read: ${opened.error}`);
    return opened?.ok === true ? opened.value : undefined;
  };
  const config = (await open(".moon/workspace.yml")) ?? (await open(".moon/workspace.yaml"));
  if (config === undefined)
    return err([{ code: "E480", severity: "error", data: { what: ".moon/workspace.yml", path: folder } }]);
  if (!config.ok)
    return err([
      {
        code: "E481",
        severity: "error",
        data: { path: `${folder}/.moon/workspace.yml`, reason: config.error },
      },
    ]);
  const sharedFiles = [
    ...(await reader.glob(".moon/tasks.{yml,yaml}", folder)),
    ...(await reader.glob(".moon/tasks/**/*.{yml,yaml}", folder)),
  ].map((path) => relativeTo(folder, path));
  const shared: YamlSource[] = [];
  for (const file of sharedFiles) {
    const source = await lenient(file);
    if (source !== undefined) shared.push(source);
  }
  for (const path of await reader.glob(".moon/**/*.{pkl,hcl,toml,json,jsonc}", folder)) {
    const file = relativeTo(folder, path);
    if (!file.startsWith(".moon/cache/"))
      report.leftOut({ file, line: 1 }, file, "only files in YAML are read");
  }
  const toolchain = (await lenient(".moon/toolchains.yml")) ?? (await lenient(".moon/toolchain.yml"));
  const projects = new Map<string, MoonProject>();
  for (const [id, path] of await projectFolders(folder, config.value, reader)) {
    const file = path === "." ? "moon.yml" : `${path}/moon.yml`;
    const source = await lenient(file);
    const project = await makeProject({ id, path, source, folder, reader });
    if (projects.has(project.id))
      report.leftOut({ file, line: 1 }, project.id, "another project has this name");
    else projects.set(project.id, project);
  }
  return ok({ config: config.value, toolchain, shared: inOrder(shared), projects: linked(projects) });
}

/** Ids and paths of the projects, as `projects` names them: globs, paths by id, or both. */
async function projectFolders(
  folder: string,
  config: YamlSource,
  reader: SourceReader,
): Promise<ReadonlyMap<string, string>> {
  const listed = valueAt(config.value, "projects");
  const isSplit = isTable(listed) && (listed["globs"] !== undefined || listed["sources"] !== undefined);
  const globs = isSplit ? textOrTextsAt(listed, "globs") : textOrTextsAt(config.value, "projects");
  const sources = isSplit ? tableAt(listed, "sources") : isTable(listed) ? listed : {};
  const clean = (text: string): string =>
    text
      .replace(/^\.?\//, "")
      .replace(/\/moon\.ya?ml$/, "")
      .replace(/\/+$/, "");
  const dirs = async (glob: string): Promise<readonly string[]> => {
    const path = clean(glob);
    if (path === "" || path === ".") return ["."];
    const files = await reader.glob(`${path}/*`, folder);
    return [...new Set(files.map((file) => relativeTo(folder, dirname(file))))].filter(
      (dir) => !/(?:^|\/)(?:node_modules|\.[^/]+)(?:\/|$)/.test(dir),
    );
  };
  const found = new Map<string, string>();
  const byPath = textAt(listed, "globFormat") === "source-path";
  const paths = new Set<string>();
  for (const glob of globs) if (!glob.startsWith("!")) for (const dir of await dirs(glob)) paths.add(dir);
  for (const glob of globs)
    if (glob.startsWith("!")) for (const dir of await dirs(glob.slice(1))) paths.delete(dir);
  for (const path of [...paths].sort())
    found.set(byPath ? path : path === "." ? basename(folder) : basename(path), path);
  for (const [id, path] of Object.entries(sources))
    if (typeof path === "string" && !path.split("/").includes(".."))
      found.set(id, clean(path) === "" ? "." : clean(path));
  return found;
}

interface ProjectSite {
  readonly id: string;
  readonly path: string;
  readonly source: YamlSource | undefined;
  readonly folder: string;
  readonly reader: SourceReader;
}

async function makeProject({ id, path, source, folder, reader }: ProjectSite): Promise<MoonProject> {
  const dir = path === "." ? folder : `${folder}/${path}`;
  const table = source?.value;
  let language = textAt(table, "language");
  for (const [file, name] of LANGUAGES)
    if (language === undefined && (await reader.readText(`${dir}/${file}`)).kind === "text") language = name;
  const needs = (
    Array.isArray(valueAt(table, "dependsOn")) ? (valueAt(table, "dependsOn") as readonly unknown[]) : []
  ) // any list
    .flatMap((item) => (typeof item === "string" ? [item] : (textAt(item, "id") ?? [])));
  const usesNode = /^(?:javascript|typescript)$/.test(language ?? "");
  const manifest = usesNode ? await manifestFacts(`${dir}/package.json`, reader) : [];
  return {
    id: textAt(table, "id") ?? id,
    path,
    source,
    language: language ?? "unknown",
    layer: textAt(table, "layer") ?? textAt(table, "type") ?? "unknown",
    stack: textAt(table, "stack") ?? "unknown",
    tags: textOrTextsAt(table, "tags"),
    // Names of packages are led to projects when all are known.
    needs: [...needs, ...manifest],
    usesNode,
  };
}

/** The name of a package and those of the packages that it depends on, marked as such. */
async function manifestFacts(path: string, reader: SourceReader): Promise<readonly string[]> {
  const read = await reader.readText(path);
  const json = read.kind === "text" ? readJsonSource(read.text, "package.json") : undefined;
  if (json?.ok !== true) return [];
  const { value } = json.value;
  const needs = ["dependencies", "devDependencies", "peerDependencies"].flatMap((kind) =>
    Object.keys(tableAt(value, kind)),
  );
  const alias = textAt(value, "name");
  return [...needs.map((name) => `package ${name}`), ...(alias === undefined ? [] : [`alias ${alias}`])];
}

/** The projects with what they need led to ids. */
function linked(projects: ReadonlyMap<string, MoonProject>): ReadonlyMap<string, MoonProject> {
  const byPackage = new Map<string, string>();
  for (const { id, needs } of projects.values())
    for (const need of needs) if (need.startsWith("alias ")) byPackage.set(need.slice(6), id);
  return new Map(
    [...projects].map(([id, project]) => {
      const needs = project.needs.flatMap((need) => {
        if (need.startsWith("alias ")) return [];
        const target = need.startsWith("package ")
          ? byPackage.get(need.slice(8))
          : (byPackage.get(need) ?? need);
        return target === undefined || target === id || !projects.has(target) ? [] : [target];
      });
      return [id, { ...project, needs: [...new Set(needs)] }];
    }),
  );
}

/** Files for all projects come before those for some; what names more wins. */
function inOrder(files: readonly YamlSource[]): readonly YamlSource[] {
  const rank = ({ file, value }: YamlSource): number => {
    if (isTable(value["inheritedBy"])) return 1 + Object.keys(value["inheritedBy"]).length;
    const name = basename(file).replace(/\.ya?ml$/, "");
    if (file.startsWith(".moon/tasks.") || name === "all") return 0;
    return name.startsWith("tag-") ? 9 : name.split("-").length;
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}

const LAYERS = new Set([
  "application",
  "automation",
  "configuration",
  "library",
  "scaffolding",
  "tool",
  "unknown",
]);
const STACKS = new Set(["frontend", "backend", "infrastructure", "systems", "data"]);
const PLATFORMS: Readonly<Record<string, readonly string[]>> = {
  node: ["javascript", "typescript"],
  bun: ["javascript", "typescript"],
  deno: ["javascript", "typescript"],
  javascript: ["javascript", "typescript"],
  typescript: ["typescript"],
  rust: ["rust"],
  go: ["go"],
  python: ["python"],
  php: ["php"],
  ruby: ["ruby"],
  bash: ["bash"],
  batch: ["batch"],
  system: ["bash", "batch", "unknown"],
};

/** Whether a project inherits the tasks of a file: by its `inheritedBy`, else by its name (`node-library.yml`, `tag-web.yml`). */
export function inherits(project: MoonProject, { file, value }: YamlSource): boolean {
  const conditions = value["inheritedBy"];
  if (isTable(conditions))
    return Object.entries(conditions).every(([key, wanted]) => meets(project, key.replace(/s$/, ""), wanted));
  const name = basename(file).replace(/\.ya?ml$/, "");
  if (file.startsWith(".moon/tasks.") || name === "all") return true;
  if (name.startsWith("tag-")) return project.tags.includes(name.slice(4));
  const parts = name.split("-");
  const isKnown = parts.every(
    (part) => Object.hasOwn(PLATFORMS, part) || LAYERS.has(part) || STACKS.has(part),
  );
  if (!isKnown) return true;
  return parts.every((part) =>
    LAYERS.has(part)
      ? project.layer === part
      : STACKS.has(part)
        ? project.stack === part
        : PLATFORMS[part]?.includes(project.language) === true,
  );
}

function meets(project: MoonProject, key: string, wanted: unknown): boolean {
  const facts: Readonly<Record<string, (text: string) => boolean>> = {
    tag: (text) => project.tags.includes(text),
    language: (text) => project.language === text,
    toolchain: (text) => PLATFORMS[text]?.includes(project.language) ?? false,
    layer: (text) => project.layer === text,
    stack: (text) => project.stack === text,
  };
  const holds = Object.hasOwn(facts, key) ? facts[key] : undefined;
  // What is not known to hold gives no tasks that nobody asked for.
  if (holds === undefined) return key === "order";
  if (isTable(wanted)) {
    const and = textOrTextsAt(wanted, "and");
    const or = textOrTextsAt(wanted, "or");
    const not = textOrTextsAt(wanted, "not");
    return and.every(holds) && (or.length === 0 || or.some(holds)) && !not.some(holds);
  }
  const texts = typeof wanted === "string" ? [wanted] : Array.isArray(wanted) ? wanted.map(String) : [];
  return texts.some(holds);
}
