import { resolveFrom } from "#base/path";
import { commandTasks } from "./command-tasks";
import type { FolderFiles } from "./folder-view";
import type { DeclaredDependency, LanguageProvider, ManifestPackage } from "./language-provider";
import { onceAFolder } from "./once-a-folder";

const GEMFILE = "Gemfile";
const RAKEFILES = ["Rakefile", "rakefile", "Rakefile.rb", "rakefile.rb"] as const;

/** Projects of Bundler, RubyGems and Rake. */
export const ruby: LanguageProvider = {
  name: "ruby",
  displayName: "Ruby",
  manifests: [GEMFILE, "*.gemspec", ...RAKEFILES],
  marks: ["Gemfile.lock", ".rspec"],
  foreignFolders: ["vendor", ".bundle"],
  members: (folder) => ({
    folders: dependenciesOf(folder).flatMap(({ on }) => ("dir" in on ? [on.dir] : [])),
  }),
  describe,
  starter: async () => (await import("./ruby-starter")).rubyStarter,
  project: async () => (await import("./ruby-project")).rubyProject,
};

function describe(folder: FolderFiles): ManifestPackage | undefined {
  const spec = [...folder.names].filter((name) => name.endsWith(".gemspec")).sort()[0];
  const manifest = spec ?? [GEMFILE, ...RAKEFILES].find((name) => folder.names.has(name));
  if (manifest === undefined) return undefined;
  const file = `${folder.dir}/${manifest}`;
  const text = spec === undefined ? "" : (folder.text(spec) ?? "");
  const named = /^\s*\w+\.name\s*=\s*["']([^"'\n#]+)["']/m.exec(text);
  const name = named?.[1] ?? spec?.replace(/\.gemspec$/, "");
  const version = /^\s*\w+\.version\s*=\s*["']([^"'\n#]+)["']/m.exec(text)?.[1];
  return {
    manifest: file,
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    namePlace: {
      file,
      ...(named === null ? {} : { span: { start: named.index, end: named.index + named[0].length } }),
    },
    dependencies: dependenciesOf(folder),
    tasks: tasksOf(folder),
  };
}

/** `gem "core", path: "../core"`; paths that are put together are not seen. */
const dependenciesOf = onceAFolder((folder): readonly DeclaredDependency[] => {
  const file = `${folder.dir}/${GEMFILE}`;
  const gem =
    /^[ \t]*gem[ \t(]+["']([^"'\n]+)["'][^\n#]*?\bpath(?::|["']?[ \t]*=>)[ \t]*["']([^"'\n]+)["']/gm;
  return [...(folder.text(GEMFILE) ?? "").matchAll(gem)].map((match): DeclaredDependency => {
    const start = match.index + match[0].search(/\S/);
    const span = { start, end: match.index + match[0].length };
    return { on: { dir: resolveFrom(folder.dir, match[2] ?? "") }, kind: "gem", place: { file, span } };
  });
});

function tasksOf(folder: FolderFiles): ManifestPackage["tasks"] {
  const inside = folder.names.has(GEMFILE) ? ["bundle", "exec"] : [];
  const rakefile = RAKEFILES.find((name) => folder.names.has(name));
  const named = rakefile === undefined ? [] : rakeTasks(folder.text(rakefile) ?? "");
  const found = commandTasks(
    `${folder.dir}/${rakefile ?? GEMFILE}`,
    named.map(({ name, description }) => [name, description, [...inside, "rake", name]] as const),
  );
  if (found.some(({ name }) => name === "test" || name === "spec") || !folder.names.has(".rspec"))
    return found;
  return [
    ...found,
    ...commandTasks(`${folder.dir}/${GEMFILE}`, [["test", "Run the specs", [...inside, "rspec"]]]),
  ];
}

interface RakeTask {
  readonly name: string;
  readonly description: string;
}

const LINE =
  /^(?<indent>[ \t]*)(?:desc[ (]+(?<quote>["'])(?<text>[^\n]*?)\k<quote>|namespace[ (]+:?["']?(?<space>[\w-]+)["']?[^\n]*\bdo\b|(?:task|multitask)[ (]+["':]*(?<task>[\w-]+)|(?<test>Rake::TestTask|RSpec::Core::RakeTask)\.new(?:[ (]+:?["']?(?<named>[\w-]+))?|(?<close>end)\b)/;

/** The tasks of a Rakefile as far as they are written out; those in `namespace` blocks are called by both names. */
function rakeTasks(text: string): readonly RakeTask[] {
  const found = new Map<string, RakeTask>();
  const spaces: { readonly name: string; readonly indent: string }[] = [];
  let description = "";
  for (const line of text.split("\n")) {
    const groups = LINE.exec(line)?.groups;
    if (groups === undefined) continue;
    const { indent = "", space, task, test, named, close } = groups;
    if (close !== undefined) {
      if (spaces.at(-1)?.indent === indent) spaces.pop();
      continue;
    }
    if (groups["text"] !== undefined) {
      description = groups["text"];
      continue;
    }
    if (space !== undefined) spaces.push({ name: space, indent });
    const own =
      task ?? (test === undefined ? undefined : (named ?? (test.startsWith("Rake") ? "test" : "spec")));
    if (own !== undefined && own !== "default") {
      const name = [...spaces.map((outer) => outer.name), own].join(":");
      if (!found.has(name))
        found.set(name, {
          name,
          description: description === "" && test !== undefined ? "Run the tests" : description,
        });
    }
    description = "";
  }
  return [...found.values()];
}
