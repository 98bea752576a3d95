import type { Workspace } from "#core/workspace/workspace";
import { languageProviders } from "#languages/index";
import type { LanguageProvider } from "#languages/language-provider";
import { languageReader } from "./find-packages";

/** The languages that zr knows, and those that files of the workspace describe. What describes none is left out. */
export async function workspaceLanguages({
  root,
  rootPackage,
}: Pick<Workspace, "root" | "rootPackage">): Promise<readonly LanguageProvider[]> {
  const { files } = rootPackage.config;
  const file = files.findLast(({ document }) => document.workspace?.languages !== undefined);
  const globs = file?.document.workspace?.languages ?? [];
  if (file === undefined || globs.length === 0) return languageProviders;
  const { declaredLanguages } = await import("./declared-languages");
  const { providers } = await declaredLanguages(globs, { root, file: file.path, reader: languageReader });
  return [...languageProviders, ...providers];
}
