import { globMatcher } from "#base/glob";
import { basename, relativeTo } from "#base/path";
import { declaredVersions, versionFileNames } from "#languages/declared-versions";
import type { DeclaredVersion } from "#languages/declared-versions";
import { ReadFolder } from "#languages/folder-files";
import { languageProviders } from "#languages/index";
import type { FolderFiles } from "#languages/folder-view";
import type { LanguageProvider } from "#languages/language-provider";
import type { InstallCommand, LanguageProject } from "#languages/language-project";
import { languagesOf } from "#languages/languages-of";
import { findFiles } from "#system/fs/find-files";
import { languageReader } from "./find-packages";

/** A language of a package, with what its files say beyond packages and tasks. */
export interface PackageLanguage {
  readonly provider: LanguageProvider;
  readonly project: LanguageProject;
  /** Versions of its tool that files of the package ask for, the surest first. */
  readonly versions: readonly DeclaredVersion[];
  /** Undefined where there is nothing to fetch. */
  readonly install: InstallCommand | undefined;
}

/**
 * The languages of a folder and what is known of the project in it. `root` is the folder of the workspace, of which it
 * may be a member. What can't be read or parsed is taken as not there.
 */
export async function languageProjects(
  dir: string,
  root: string,
  providers: readonly LanguageProvider[] = languageProviders,
): Promise<readonly PackageLanguage[]> {
  const projects = new Map<LanguageProvider, LanguageProject | undefined>(
    await Promise.all(providers.map(async (provider) => [provider, await provider.project?.()] as const)),
  );
  const isRead = readMatcher(providers, projects);
  const folder = await readFolder(dir, root, isRead);
  const top = dir === root ? folder : await readFolder(root, root, isRead);
  return languagesOf(folder, top, providers).flatMap((provider): readonly PackageLanguage[] => {
    const project = projects.get(provider);
    if (project === undefined) return [];
    return [
      {
        provider,
        project,
        versions: declaredVersions(provider, project, folder),
        install: project.install?.(folder, top),
      },
    ];
  });
}

function readMatcher(
  providers: readonly LanguageProvider[],
  projects: ReadonlyMap<LanguageProvider, LanguageProject | undefined>,
): (name: string) => boolean {
  const globs = providers.flatMap((provider) => {
    const project = projects.get(provider);
    return [
      ...provider.manifests,
      ...(provider.rootManifests ?? []),
      ...(project === undefined ? [] : versionFileNames(project)),
    ];
  });
  const matchers = [...new Set(globs)].map(globMatcher);
  return (name) => matchers.some((matches) => matches(name));
}

async function readFolder(
  dir: string,
  root: string,
  isRead: (name: string) => boolean,
): Promise<FolderFiles> {
  const paths = await findFiles("*", dir, new Set());
  const texts = new Map<string, string>();
  await Promise.all(
    paths.map(async (path) => {
      const name = basename(path);
      const text = isRead(name) ? await languageReader.readText(path) : undefined;
      if (text !== undefined) texts.set(name, text);
    }),
  );
  const names = new Set(paths.map(basename));
  return new ReadFolder({ dir, path: relativeTo(root, dir) }, { names, texts }, () => {});
}
