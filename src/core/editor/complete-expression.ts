import type { KeyPath } from "#base/diagnostic";
import { exprFunctions } from "#core/expr/functions";
import type { ExprFunction } from "#core/expr/functions";
import { exprNames, findName } from "#core/expr/names";
import type { ExprSite } from "#core/expr/names";
import { describeType } from "#core/expr/types";
import { handlerTasks } from "#core/workspace/handler-tasks";
import type { CompletionItem, CompletionKind } from "./completion-item";
import { entryAt, originsOf } from "./editor-model";
import type { EditorModel } from "./editor-model";

export interface TextPlace {
  readonly model: EditorModel;
  readonly file: string;
  /** Path of the string. */
  readonly path: KeyPath;
  /** What the string's value has before the offset. */
  readonly before: string;
  readonly offset: number;
}

const SYSTEMS = ["linux", "darwin", "windows"];
const PROCESSORS = ["x86_64", "aarch64", "x64", "arm64"];

/** Which site of the expression language a key is; `isHandler` tells whether its task handles the end of another one. */
export function siteOf(path: KeyPath, isHandler: () => boolean): ExprSite {
  const last = path.findLast((key) => typeof key === "string");
  if (path[0] === "workflows") return "stage";
  if (last === "output_if") return "result";
  // Whether a dependency is needed is decided before anything has run.
  return !String(path[2]).startsWith("deps") && isHandler() ? "handler" : "task";
}

/** Names, functions, members and known texts of an expression. */
export function completeExpression(place: TextPlace): CompletionItem[] {
  const { before } = place;
  const site = siteOf(place.path, () => {
    const { workspace } = place.model;
    const found = entryAt(workspace, place.file, place.path);
    return workspace !== undefined && found !== undefined && handlerTasks(workspace).has(found.entry);
  });
  const inIndex = /\b(tasks|output|stages|steps)\[\s*['"]([^'"]*)$/.exec(before);
  if (inIndex !== null)
    return items(place, {
      prefix: inIndex[2] ?? "",
      names: resultNames(place, inIndex[1] ?? ""),
      kind: "task",
    });
  const compared = /\b(platform|arch)\s*(?:==|!=|in\s*\[(?:[^\]]*,)?)\s*(['"]?)(\w*)$/.exec(before);
  if (compared !== null && (compared[2] !== "" || !/\w$/.test(compared[0].slice(-1)))) {
    const known = compared[1] === "platform" ? SYSTEMS : PROCESSORS;
    const texts = compared[2] === "" ? known.map((name) => `'${name}'`) : known;
    return items(place, { prefix: compared[3] ?? "", names: texts, kind: "enum" });
  }
  if (/^(?:[^'"]|'[^']*'|"[^"]*")*['"][^'"]*$/.test(before)) return [];
  const field = /\b(?:tasks|stages|steps)(?:\[\s*['"][^'"]*['"]\s*\]|\.[\w-]+)\.(\w*)$/.exec(before);
  if (field !== null)
    return fieldItems(place, /\btasks\W/.test(field[0]) ? "tasks" : "stages", field[1] ?? "");
  const member = /\b([A-Za-z_]\w*)\.([\w-]*)$/.exec(before);
  if (member !== null) return members(place, member[1] ?? "", member[2] ?? "");
  const word = /[A-Za-z_][\w-]*$/.exec(before)?.[0] ?? "";
  const span = { start: place.offset - word.length, end: place.offset };
  return [
    ...exprNames
      .filter(({ sites }) => sites.includes(site))
      .map(({ name, shape }): CompletionItem => ({
        label: name,
        kind: "variable",
        ...(shape.kind === "value" ? { detail: describeType(shape.type) } : {}),
        insert: name,
        span,
        rank: 0,
        about: { kind: "name", name },
      })),
    ...exprFunctions.map((entry) => functionItem(entry, entry.name, span)),
  ];
}

const functionItem = (entry: ExprFunction, insert: string, span: CompletionItem["span"]): CompletionItem => ({
  label: entry.name,
  kind: "function",
  detail: signatureOf(entry),
  insert: `${insert}($1)`,
  isSnippet: true,
  span,
  rank: 1,
  about: { kind: "function", name: entry.name },
});

/** `contains(container, part)`. */
export const signatureOf = ({ name, parameters, result }: ExprFunction): string =>
  `${name}(${parameters
    .map(
      (parameter) =>
        `${parameter.name}${parameter.optional === true ? "?" : ""}${parameter.rest === true ? "…" : ""}`,
    )
    .join(", ")}): ${describeType(result)}`;

interface Names {
  readonly prefix: string;
  readonly names: Iterable<string>;
  readonly kind: CompletionKind;
}

function items({ offset }: TextPlace, { prefix, names, kind }: Names): CompletionItem[] {
  const span = { start: offset - prefix.length, end: offset };
  return [...new Set(names)].map((label) => ({ label, kind, insert: label, span, rank: 0 }));
}

function members(place: TextPlace, root: string, prefix: string): CompletionItem[] {
  const entry = findName(root);
  const span = { start: place.offset - prefix.length, end: place.offset };
  const functions = exprFunctions
    .filter(({ name }) => name.startsWith(`${root}.`))
    .map((found) => functionItem(found, found.name.slice(root.length + 1), span));
  if (entry === undefined) return functions;
  switch (entry.shape.kind) {
    case "value":
      return functions;
    case "fields":
      return entry.shape.fields.map(({ name, type }) => ({
        label: name,
        kind: "key",
        detail: describeType(type),
        insert: name,
        span,
        rank: 0,
      }));
    case "keys":
      return [
        ...items(place, { prefix, names: declaredKeys(place, entry.shape.of), kind: "variable" }),
        ...functions,
      ];
    case "results":
      return items(place, {
        prefix,
        names: resultNames(place, root).filter((name) => /^[\w-]+$/.test(name)),
        kind: "task",
      });
  }
}

function fieldItems(place: TextPlace, group: "tasks" | "stages", prefix: string): CompletionItem[] {
  const shape = findName(group)?.shape;
  return shape?.kind === "results"
    ? items(place, { prefix, names: shape.fields.map(({ name }) => name), kind: "key" })
    : [];
}

/** Keys that are declared where a string stands. */
export function declaredKeys(
  { model, file, path }: Pick<TextPlace, "model" | "file" | "path">,
  of: string,
): readonly string[] {
  const found = entryAt(model.workspace, file, path);
  const table = found?.pkg.resolve(found.entry).table;
  const text = model.textOf(file);
  switch (of) {
    case "vars":
      return originsOf(model.workspace, file).flatMap(({ pkg }) => Object.keys(pkg.config.vars));
    case "matrix":
      return [
        ...Object.keys(table?.matrix ?? {}),
        ...(text?.find([...path.slice(0, 2), "matrix"])?.children.keys() ?? []),
      ]
        .map(String)
        .filter((name) => name !== "include" && name !== "exclude");
    case "args":
      return path[0] === "workflows"
        ? inputsOf(model, file, path)
        : (table?.args?.flatMap(({ name }) => name ?? []) ?? []);
    case "env":
      return [...Object.keys(table?.env ?? {}), ...fileEnv(model, file), ...model.envNames];
    case "output":
      return resultNames({ model, file, path }, "output");
    default:
      return [];
  }
}

const fileEnv = (model: EditorModel, file: string): readonly string[] =>
  originsOf(model.workspace, file).flatMap(({ pkg }) =>
    pkg.config.files.flatMap(({ document }) => Object.keys(document.env ?? {})),
  );

function inputsOf(model: EditorModel, file: string, path: KeyPath): readonly string[] {
  const inputs = originsOf(model.workspace, file).flatMap(
    ({ pkg }) => pkg.config.workflows.get(String(path[1]))?.table.inputs ?? [],
  );
  return inputs.flatMap(({ name }) => name ?? []);
}

/** What has results that an expression may ask for. */
function resultNames(
  { model, file, path }: Pick<TextPlace, "model" | "file" | "path">,
  group: string,
): string[] {
  const origins = originsOf(model.workspace, file);
  if (group === "stages" || group === "steps")
    return origins.flatMap(({ pkg }) => {
      const table = pkg.config.workflows.get(String(path[1]))?.table;
      return (group === "stages" ? (table?.stages ?? []) : (table?.steps ?? [])).flatMap(
        ({ name }) => name ?? [],
      );
    });
  return origins.flatMap(({ pkg }) =>
    [...pkg.config.tasks.values()]
      .filter((entry) => group !== "output" || pkg.resolve(entry).table.share_output !== undefined)
      .map(({ name }) => name),
  );
}
