import { resolveFrom } from "#base/path";
import { commandTasks } from "./command-tasks";
import type { FolderFiles } from "./folder-view";
import type { DeclaredDependency, LanguageProvider, ManifestPackage, MemberList } from "./language-provider";
import { onceAFolder } from "./once-a-folder";
import { maskSource } from "./source-mask";

const MANIFEST = "mix.exs";

/** Projects of Mix, umbrellas among them (hexdocs.pm/mix). */
export const elixir: LanguageProvider = {
  name: "elixir",
  displayName: "Elixir",
  manifests: [MANIFEST],
  marks: ["mix.lock", ".formatter.exs"],
  foreignFolders: ["_build"],
  members,
  describe,
  starter: async () => (await import("./elixir-starter")).elixirStarter,
  toolchain: async () => (await import("./elixir-toolchain")).elixirToolchain,
  project: async () => (await import("./elixir-project")).elixirProject,
};

function members(folder: FolderFiles): MemberList {
  const apps = appsOf(folder);
  const paths = dependenciesOf(folder).flatMap(({ on }) => ("dir" in on ? [on.dir] : []));
  return { folders: [...(apps === undefined ? [] : [`${apps}/*`]), ...paths] };
}

/** A script with its comments made blank, so that places stay. */
const codeOf = onceAFolder((folder): string =>
  maskSource(folder.text(MANIFEST) ?? "", {
    line: ["#"],
    longQuotes: ['"""'],
    quotes: ['"'],
    keepsTexts: true,
  }),
);

const appsOf = (folder: FolderFiles): string | undefined =>
  /\bapps_path:\s*"([^"\n]+)"/.exec(codeOf(folder))?.[1];

function describe(folder: FolderFiles): ManifestPackage | undefined {
  if (!folder.names.has(MANIFEST)) return undefined;
  const file = `${folder.dir}/${MANIFEST}`;
  const text = codeOf(folder);
  const app = /\bapp:\s*:(\w+)/.exec(text);
  const version =
    /(?:^|[\s,[(])version:\s*"([^"\n#]+)"/.exec(text)?.[1] ?? /^\s*@version\s+"([^"\n#]+)"/m.exec(text)?.[1];
  const isFormatted = folder.names.has(".formatter.exs");
  return {
    manifest: file,
    ...(app?.[1] === undefined ? {} : { name: app[1] }),
    ...(version === undefined ? {} : { version }),
    namePlace: {
      file,
      ...(app === null ? {} : { span: { start: app.index, end: app.index + app[0].length } }),
    },
    dependencies: dependenciesOf(folder),
    tasks: commandTasks(file, [
      ["build", "Compile the project", ["mix", "compile"]],
      ["test", "Run the tests", ["mix", "test"]],
      ...(isFormatted ? [["format", "Format the code", ["mix", "format"]] as const] : []),
      ...(/\{:credo\s*,/.test(text) ? [["lint", "Look for mistakes", ["mix", "credo"]] as const] : []),
      ...(/\{:phoenix\s*,/.test(text) ? [["dev", "Start the server", ["mix", "phx.server"]] as const] : []),
    ]),
  };
}

/** `{:core, in_umbrella: true}` and `{:core, path: "../core"}`. */
const dependenciesOf = onceAFolder((folder): readonly DeclaredDependency[] => {
  const file = `${folder.dir}/${MANIFEST}`;
  return [...codeOf(folder).matchAll(/\{\s*:(\w+)\s*,([^{}]*)\}/g)].flatMap(
    (match): readonly DeclaredDependency[] => {
      const [whole, name = "", options = ""] = match;
      const place = { file, span: { start: match.index, end: match.index + whole.length } };
      if (/\bin_umbrella:\s*true\b/.test(options)) return [{ on: { name }, kind: "in_umbrella", place }];
      const path = /\bpath:\s*"([^"\n]+)"/.exec(options)?.[1];
      return path === undefined ? [] : [{ on: { dir: resolveFrom(folder.dir, path) }, kind: "path", place }];
    },
  );
});
