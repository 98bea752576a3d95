import type { Diagnostic } from "#base/diagnostic";
import { globMatcher } from "#base/glob";
import { resolveFrom } from "#base/path";
import type { Span } from "#base/span";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { checkValue } from "#core/config/check";
import { readValues } from "#core/config/toml/read-values";
import { syntaxDiagnostic } from "#core/config/toml/syntax-error";
import { declaredLanguage } from "./declared-language-schema";
import type { DeclaredLanguage } from "./declared-language-schema";
import { declaredProject } from "./declared-project";
import { firstSpan, lineTemplate } from "./line-template";
import type { FolderFiles } from "./folder-view";
import type {
  DeclaredDependency,
  InferredTask,
  LanguageProvider,
  ManifestPackage,
} from "./language-provider";
import { isTable, tableAt, textAt, textsAt } from "#base/value-at";

/**
 * The provider that a file describes. No code of the file is run: it says names, keys and commands, and lines to look
 * for, whose patterns take time in proportion to the text.
 *
 * @param file absolute path, for diagnostics and as the place of tasks; `shown` is the one from the root.
 */
export function readDeclaredLanguage(
  { file, shown }: { readonly file: string; readonly shown: string },
  text: string,
): Result<LanguageProvider, readonly Diagnostic[]> {
  const wrong = (reason: string): Diagnostic => ({
    code: "E376",
    severity: "error",
    data: { path: shown, reason },
    place: { file },
  });
  const values = readValues(text);
  if (!values.ok) return err([syntaxDiagnostic({ file, text }, values.error)]);
  const missing = ["name", "manifests"].filter((key) => !Object.hasOwn(values.value, key));
  if (missing.length > 0) return err(missing.map((key) => wrong(`'${key}' is missing`)));
  const found = checkValue(declaredLanguage, values.value, file);
  if (found.length > 0) return err(found);
  // Checked just now.
  const language = values.value as unknown as Checked;
  const reasons = problemsOf(language);
  return reasons.length > 0 ? err(reasons.map(wrong)) : ok(providerOf(language, file));
}

type Checked = DeclaredLanguage & Required<Pick<DeclaredLanguage, "name" | "manifests">>;

const FILE_NAME = /^(?:\*\.)?[^*?{}[\]/\\,]+$/;
const HAS_KEYS = /\.(?:json|jsonc|toml|yaml)$/;

function problemsOf(language: Checked): readonly string[] {
  const { manifests, marks = [], package: pkg = {}, project = {}, imports } = language;
  const names = [...manifests, ...marks].filter((name) => !FILE_NAME.test(name));
  const templates = [
    ...[pkg.name, pkg.version].flatMap((source) => (typeof source === "object" ? (source.line ?? "") : [])),
    ...(project.versions ?? []).flatMap(({ line }) => line ?? []),
    ...(imports?.lines ?? []),
    ...(imports?.declares === undefined ? [] : [imports.declares]),
  ].filter((template) => lineTemplate(template) === undefined);
  const byKeys = [pkg.name, pkg.version, pkg.members, ...(pkg.dependencies ?? [])].some(
    (source) => typeof source === "string",
  );
  return [
    ...names.map((name) => `'${name}' is neither the name of a file nor '*.' with an ending`),
    ...templates.map((template) => `the line '${template}' needs one {} behind something`),
    ...(byKeys && !manifests.some((name) => HAS_KEYS.test(name))
      ? ["keys are there only in manifests of JSON, TOML and YAML; give a `line`"]
      : []),
    ...(imports?.block_comments ?? []).flatMap((pair) =>
      pair.length === 2 && pair.every((mark) => mark !== "")
        ? []
        : ["`block_comments` are pairs of a beginning and an end"],
    ),
  ];
}

function providerOf(language: Checked, file: string): LanguageProvider {
  const { name, display_name: displayName = name, manifests, marks = [], package: pkg = {} } = language;
  const { locks = [], versions = [], bin_folders: bin = [] } = language.project ?? {};
  const membersKey = pkg.members?.split(".");
  const manifestOf = manifestFinder(manifests);
  return {
    name,
    displayName,
    manifests,
    marks: [...new Set([...marks, ...locks, ...versions.flatMap((one) => one.file ?? [])])].filter(
      (mark) => !manifests.includes(mark),
    ),
    foreignFolders: language.foreign_folders ?? [],
    ...(bin.length === 0 ? {} : { folders: { bin, env: {}, always: true } }),
    ...(language.fallback === true ? { isFallback: true } : {}),
    members: (folder, root) => {
      const manifest = manifestOf(folder);
      const listed =
        membersKey === undefined || manifest === undefined || folder !== root
          ? []
          : textsAt(folder.value(manifest), ...membersKey);
      const paths = dependenciesOf(folder, manifest, pkg.dependencies ?? []);
      return { folders: [...listed, ...paths.flatMap(({ on }) => ("dir" in on ? [on.dir] : []))] };
    },
    describe: (folder) => {
      const manifest = manifestOf(folder);
      return manifest === undefined ? undefined : described(language, { folder, manifest, file });
    },
    project: async () => declaredProject(language),
  };
}

function manifestFinder(manifests: readonly string[]): (folder: FolderFiles) => string | undefined {
  const matchers = manifests.map(globMatcher);
  return ({ names }) => [...names].sort().find((name) => matchers.some((matches) => matches(name)));
}

interface Site {
  readonly folder: FolderFiles;
  readonly manifest: string;
  /** Of the language. */
  readonly file: string;
}

function described(
  { package: pkg = {}, tasks = {} }: Checked,
  { folder, manifest, file }: Site,
): ManifestPackage {
  const path = `${folder.dir}/${manifest}`;
  const name = valueOf(pkg.name, folder, manifest);
  const version = valueOf(pkg.version, folder, manifest);
  return {
    manifest: path,
    ...(name === undefined ? {} : { name: name.text }),
    ...(version === undefined ? {} : { version: version.text }),
    namePlace: { file: path, ...(name?.span === undefined ? {} : { span: name.span }) },
    dependencies: dependenciesOf(folder, manifest, pkg.dependencies ?? []),
    tasks: Object.entries(tasks).map(([task, value]): InferredTask => ({
      name: task,
      table: typeof value === "string" ? { cmd: value } : value,
      place: { file, path: ["tasks", task] },
    })),
  };
}

interface FoundValue {
  readonly text: string;
  readonly span?: Span;
}

function valueOf(
  source: NonNullable<DeclaredLanguage["package"]>["name"],
  folder: FolderFiles,
  manifest: string,
): FoundValue | undefined {
  if (source === undefined) return undefined;
  if (typeof source === "string") {
    const text = HAS_KEYS.test(manifest) ? textAt(folder.value(manifest), ...source.split(".")) : undefined;
    return text === undefined ? undefined : { text };
  }
  const text = folder.text(manifest) ?? "";
  const span = firstSpan(text, source.line ?? "");
  return span === undefined ? undefined : { text: text.slice(span.start, span.end), span };
}

/** A table of names; what is there by `path` is a folder, anything else a package of that name. */
function dependenciesOf(
  folder: FolderFiles,
  manifest: string | undefined,
  tables: readonly string[],
): readonly DeclaredDependency[] {
  if (manifest === undefined || !HAS_KEYS.test(manifest)) return [];
  const file = `${folder.dir}/${manifest}`;
  return tables.flatMap((kind) => {
    const keys = kind.split(".");
    return Object.entries(tableAt(folder.value(manifest), ...keys)).map(
      ([name, wanted]): DeclaredDependency => {
        const path = isTable(wanted) ? textAt(wanted, "path") : undefined;
        const place = { file, path: [...keys, name] };
        return { on: path === undefined ? { name } : { dir: resolveFrom(folder.dir, path) }, kind, place };
      },
    );
  });
}
