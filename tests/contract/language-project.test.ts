import { afterEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findUnconfigured } from "#app/find-packages";
import { languageProjects } from "#app/language-projects";
import type { PackageLanguage } from "#app/language-projects";
import { detectProject } from "#app/operations/detect";
import { loadWorkspace } from "#app/load-workspace";
import { ReadFolder } from "#languages/folder-files";
import type { LanguageProject } from "#languages/language-project";
import { languageProviders } from "#languages/index";
import { readManifestVersion, writeManifestVersion } from "#languages/manifest-version";
import { LANGUAGE_SAMPLES } from "./language-samples";
import type { LanguageSample } from "./language-samples";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder called `project` with these files, the top of a working copy. */
function write(files: Readonly<Record<string, string>>): string {
  const top = mkdtempSync(join(tmpdir(), "zr-language-"));
  made.push(top);
  const root = join(top, "project");
  mkdirSync(join(root, ".git"), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function languageOf(
  sample: LanguageSample,
  files = sample.files,
): Promise<PackageLanguage | undefined> {
  const root = write(files);
  return (await languageProjects(root, root)).find(({ provider }) => provider.name === sample.provider);
}

async function projectOf(name: string): Promise<LanguageProject> {
  const project = await languageProviders.find((provider) => provider.name === name)?.project?.();
  if (project === undefined) throw new Error(`no project part for ${name}`);
  return project;
}

const words = (cmd: unknown): string => [cmd].flat().join(" ");

test("every language has a sample, a name to show and a project part", async () => {
  const sampled = new Set(LANGUAGE_SAMPLES.map(({ provider }) => provider));
  for (const provider of languageProviders) {
    expect(sampled).toContain(provider.name);
    expect(provider.displayName).not.toBe("");
    expect(provider.project).toBeDefined();
  }
});

describe.each(
  LANGUAGE_SAMPLES.map(
    (sample) => [`${sample.provider} by ${Object.keys(sample.files)[0]}`, sample] as const,
  ),
)("%s", (_, sample) => {
  test("is found in a folder with its files, and not in an empty one", async () => {
    expect(await languageOf(sample)).toBeDefined();
    expect(await languageOf(sample, { "readme.md": "" })).toBeUndefined();
  });

  test("gives the package its name and version, and each task the command of its own tool", async () => {
    const root = write(sample.files);
    const found = (await findUnconfigured(root))?.packages.get(root);
    if (Object.keys(sample.tasks).length === 0) return;
    expect([found?.name, found?.version]).toEqual([sample.name, sample.version]);
    expect(
      Object.fromEntries(
        (found?.tasks ?? []).map(({ name, sources }) => [name, words(sources[0]?.table.cmd)]),
      ),
    ).toEqual({ ...sample.tasks });
  });

  test("knows the versions of its tool that files ask for, and what installs dependencies", async () => {
    const language = await languageOf(sample);
    expect(language?.versions.map(({ request, from }) => `${request} ${from}`)).toEqual([...sample.versions]);
    expect(language?.install?.cmds.map(words)).toEqual(
      sample.install === undefined ? undefined : [...sample.install],
    );
    for (const name of language?.install?.reads ?? []) expect(Object.keys(sample.files)).toContain(name);
  });

  test("takes another version into its manifest and changes nothing else", async () => {
    const project = await projectOf(sample.provider);
    const name = sample.versioned;
    const text = name === undefined ? "" : (sample.files[name] ?? "");
    if (name === undefined) {
      for (const [file, content] of Object.entries(sample.files))
        expect(readManifestVersion(project, file, content)).toBeUndefined();
      return;
    }
    const before = readManifestVersion(project, name, text);
    expect(before).toMatch(/^\d/);
    if (sample.version !== undefined) expect(before).toBe(sample.version);
    const next = sample.isNumeric === true ? "12.34.56" : "12.34.56-rc.1";
    const changed = writeManifestVersion(project, { name, text }, next);
    expect(readManifestVersion(project, name, changed ?? "")).toBe(next);
    expect(writeManifestVersion(project, { name, text }, "12.34.56-rc.1") === undefined).toBe(
      sample.isNumeric === true,
    );
    expect(writeManifestVersion(project, { name, text: changed ?? "" }, before ?? "")).toBe(text);
    expect(writeManifestVersion(project, { name, text }, '1"; evil')).toBeUndefined();
  });

  test("finds what a source imports, with its place, and not what stands in comments or texts", async () => {
    const { imports } = await projectOf(sample.provider);
    if (sample.source === undefined) return;
    const [text, wanted] = sample.source;
    const found = imports?.scan(text) ?? [];
    const meaning = found.map(({ specifier, target }) => {
      const means =
        target.kind === "package"
          ? target.names.join(", ")
          : target.kind === "file"
            ? target.path
            : target.name;
      return `${specifier} → ${target.kind} ${means}`;
    });
    expect(meaning).toEqual([...wanted]);
    for (const { specifier, span } of found) expect(text.slice(span.start, span.end)).toBe(specifier);
    if (sample.declares !== undefined)
      expect(imports?.declares?.(sample.declares[0])).toEqual([...sample.declares[1]]);
  });

  test("a configuration written for it is one that zr reads without a complaint", async () => {
    const root = write(sample.files);
    const written = await detectProject({ folder: root, force: false, dryRun: false });
    expect(written.ok).toBe(true);
    const loaded = await loadWorkspace({ cwd: root, env: {} });
    expect(loaded.ok ? [] : loaded.error).toEqual([]);
  });

  test("takes files that are cut off, empty, or hold something else without falling over", async () => {
    const project = await projectOf(sample.provider);
    for (const [path, text] of Object.entries(sample.files))
      for (const hostile of hostileTexts(text)) {
        await languageOf(sample, { ...sample.files, [path]: hostile });
        const root = write({ ...sample.files, [path]: hostile });
        await findUnconfigured(root);
        readManifestVersion(project, path, hostile);
        project.imports?.scan(hostile);
      }
    for (const hostile of hostileTexts(sample.source?.[0] ?? "")) project.imports?.scan(hostile);
  });
});

/** A text cut off, of another format, with signs that no one expects. */
const hostileTexts = (text: string): readonly string[] => [
  "",
  text.slice(0, Math.floor(text.length / 3)),
  text.slice(0, Math.floor((text.length * 4) / 5)),
  "\0\ufffd\u{1f600}'\"`((([[[{{{<<<",
  "[]",
  "null",
  '{"name":{},"version":[],"scripts":7,"tasks":[1],"workspace":{"members":3},"require":[],"repositories":"x"}',
  "name: [1]\nversion: {}\ndependencies: 7\nworkspace: x\n",
  "__proto__ = 1\n",
];

/** Beginnings of what languages look for; many of them in a row make patterns slow that go back too often. */
const SHAPES = [
  "import ",
  "from ",
  'import "',
  "use a::",
  "require(",
  "/* ",
  "#include ",
  '"""',
  "project(\n",
  "import a.",
  "\\",
  "(((",
  "import (\n",
  "{:a,",
  "<project>",
  "<project><artifactId>a</artifactId>",
  '<a b="c"',
  ".step(",
  'gem "a", ',
  ".PHONY: a\n",
  "Package(",
  " version",
  "[[",
  '{"a":',
  "include 'a', ",
];
const SIGNS = 300_000;

// Where time grew with the square of the length, this would take longer than a test may.
test.each(languageProviders.map((provider) => [provider.name, provider] as const))(
  "%s reads manifests and sources of many signs that lead nowhere in the time of their length",
  async (name, provider) => {
    const { imports, versionIn } = await projectOf(name);
    const manifests = LANGUAGE_SAMPLES.filter((sample) => sample.provider === name).flatMap(({ files }) =>
      Object.keys(files),
    );
    for (const shape of SHAPES) {
      const text = shape.repeat(Math.floor(SIGNS / shape.length));
      imports?.scan(text);
      imports?.declares?.(text);
      for (const manifest of manifests) {
        versionIn?.(manifest, text);
        const folder = new ReadFolder(
          { dir: "/project", path: "." },
          { names: new Set(manifests), texts: new Map([[manifest, text]]) },
          () => {},
        );
        provider.members(folder, folder);
        provider.describe(folder, folder);
        provider.detects?.(folder, folder);
      }
      // The time that a test may take is looked at only here.
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  10_000,
);
