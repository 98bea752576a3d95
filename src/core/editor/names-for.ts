import type { KeyPath } from "#base/diagnostic";
import type { Origin } from "#core/workspace/references";
import type { Workspace } from "#core/workspace/workspace";
import type { CompletionKind } from "./completion-item";
import { originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";
import { calledParameters } from "./parameters";
import type { TextModel } from "./text-model";

type Names = readonly (readonly [name: string, kind: CompletionKind])[];

/** Names that the configuration has for what the key at a path asks for. */
export function namesFor(model: EditorModel, text: TextModel, path: KeyPath): Names {
  const origins = originsOf(model.workspace, text.path);
  if (path.at(-2) === "args") {
    const called = calledParameters(model, text, path).find(({ name }) => name === path.at(-1));
    return named("value", called?.choices ?? []);
  }
  if (isToolVersion(path)) return named("value", [...toolVersions(model, String(path.at(-1))), "latest"]);
  return bySection(model, path) ?? byKey(origins, path);
}

const isToolVersion = (path: KeyPath): boolean =>
  (path[0] === "tools" && path.length === 2) ||
  (path[0] === "tasks" && path.length === 4 && path[2] === "tools");

/** Versions of a tool that the workspace asks for already. */
const toolVersions = ({ workspace }: EditorModel, name: string): readonly string[] =>
  ofPackages(workspace, ({ config }) =>
    config.files.flatMap(({ document: { tools = {} } }) => {
      const version = Object.hasOwn(tools, name) ? tools[name] : undefined;
      return typeof version === "string" ? [version] : [];
    }),
  );

function bySection(
  { workspace, languages }: EditorModel,
  [section, second, third]: KeyPath,
): Names | undefined {
  if (section === "package" && second === "deps") return named("package", workspace?.packages.keys() ?? []);
  if (section === "package" && second === "tags")
    return named(
      "value",
      ofPackages(workspace, ({ tags }) => tags),
    );
  if (section === "workspace" && second === "dependencies")
    return named("package", workspace?.packages.keys() ?? []);
  if (section === "workspace" && second === "infer") return named("value", languages);
  if (section === "profiles" && third === "extends")
    return named(
      "profile",
      ofPackages(workspace, ({ config }) =>
        config.files.flatMap(({ document }) => Object.keys(document.profiles ?? {})),
      ),
    );
  return undefined;
}

function byKey(origins: readonly Origin[], path: KeyPath): Names {
  const tasks = origins.flatMap(({ pkg }) => [...pkg.config.tasks.values()]);
  const taskNames = named(
    "task",
    tasks.map(({ name }) => name),
  );
  switch (path.findLast((key) => typeof key === "string")) {
    case "extends":
      return [
        ...named(
          "template",
          origins.flatMap(({ pkg }) => [...pkg.config.templates.keys()]),
        ),
        ...taskNames,
      ];
    case "shell":
      return named("value", ["sh", "bash", "zsh", "fish", "pwsh", "cmd", "bun"]);
    case "tags":
      return named(
        "value",
        tasks.flatMap(({ sources }) => sources.flatMap(({ table }) => table.tags ?? [])),
      );
    case "group":
      return named(
        "value",
        tasks.flatMap(({ sources }) => sources.flatMap(({ table }) => table.group ?? [])),
      );
    case "mutex":
      return named(
        "value",
        origins.flatMap(({ pkg }) =>
          pkg.config.files.flatMap(({ document }) => Object.keys(document.concurrency ?? {})),
        ),
      );
    case "run":
      return path[0] === "hooks" ? taskNames : [];
    default:
      return [];
  }
}

const named = (kind: CompletionKind, names: Iterable<string>): Names =>
  [...new Set(names)].map((name) => [name, kind] as const);

const ofPackages = (
  workspace: Workspace | undefined,
  pick: (pkg: Workspace["rootPackage"]) => readonly string[],
): readonly string[] => [...(workspace?.packages.values() ?? [])].flatMap(pick);
