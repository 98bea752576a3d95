import {
  boolean,
  formatted,
  glob,
  list,
  map,
  nonEmptyList,
  oneOf,
  string,
  table,
  union,
} from "#core/config/schema/kinds";
import type { ValueOf } from "#core/config/schema/kinds";
import { task } from "#core/config/schema/task";

const line = table(
  () => ({
    line: { kind: string, doc: "A line of the manifest, with `{}` for the value." },
  }),
  ["line"],
);

const packageTable = table(() => ({
  name: { kind: union(string, line), doc: "Where the name stands: keys with dots between them, or a line." },
  version: { kind: union(string, line), doc: "Where the version stands." },
  dependencies: {
    kind: list(string),
    doc: "Tables of dependencies, by their keys: package → version, or a table with `path`.",
  },
  members: { kind: string, doc: "The list of the folders of members, by its keys." },
}));

const projectTable = table(() => ({
  inputs: { kind: list(glob), doc: "What a usual task reads.", default: '["$default"]' },
  outputs: { kind: list(glob), doc: "What a usual build makes." },
  install: { kind: nonEmptyList(string), doc: "The command that fetches dependencies, word by word." },
  locks: { kind: list(string), doc: "Files beside the manifest that say what is fetched." },
  makes: { kind: list(string), doc: "Folders that `install` leaves." },
  bin_folders: { kind: list(string), doc: "Folders of programs, for PATH." },
  tool_names: { kind: list(string), doc: "Names of the tool in `.tool-versions` and `mise.toml`." },
  versions: {
    kind: list(
      table(
        () => ({
          file: { kind: string, doc: "A file that asks for a version of the tool." },
          line: { kind: string, doc: "The line that does, with `{}`; the whole file where not given." },
        }),
        ["file"],
      ),
    ),
    doc: "Files by which other tools choose a version.",
  },
}));

const importsTable = table(
  () => ({
    files: { kind: nonEmptyList(glob), doc: "The source files of a package." },
    lines: { kind: nonEmptyList(string), doc: "How a line imports, with `{}` for what." },
    line_comments: { kind: list(string), doc: "What begins a comment that ends with its line." },
    block_comments: { kind: list(list(string)), doc: "Pairs of what begins and ends other comments." },
    quotes: { kind: list(string), doc: "Quotes of texts.", default: '["\\""]' },
    means: {
      kind: oneOf("package", "module"),
      doc: "Whether an import names a package, or a part of the code that some file declares.",
      default: '"package"',
    },
    separator: {
      kind: string,
      doc: "What parts of a name are separated by; the first ones name the package.",
    },
    declares: { kind: string, doc: "The line by which a file names what it declares, with `{}`." },
  }),
  ["files", "lines"],
);

/** A file that describes a language: what a provider of `src/languages` says, as far as it can be said without a program. */
export const declaredLanguage = table(
  () => ({
    name: { kind: formatted("task-name"), doc: "How `[workspace] infer` calls it." },
    display_name: { kind: string, doc: "As people write it.", default: "the name" },
    manifests: {
      kind: nonEmptyList(string),
      doc: "File names, or `*.ending`, that make a folder a package.",
    },
    marks: { kind: list(string), doc: "Further files that `install` and the like look for." },
    foreign_folders: { kind: list(string), doc: "Folders below which nothing of the repository's own lies." },
    fallback: {
      kind: boolean,
      doc: "Whether its files count only where no other language has any.",
      default: "false",
    },
    package: { kind: packageTable, doc: "What a manifest says." },
    tasks: { kind: map(task, "task-name"), doc: "Tasks of each package." },
    project: { kind: projectTable, doc: "What its projects need and make." },
    imports: { kind: importsTable, doc: "How sources name what they use." },
  }),
  ["name", "manifests"],
);

export type DeclaredLanguage = ValueOf<typeof declaredLanguage>;
