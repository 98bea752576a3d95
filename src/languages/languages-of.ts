import type { FolderFiles } from "./folder-view";
import type { LanguageProvider } from "./language-provider";
import { ProviderFiles } from "./provider-files";

/**
 * The languages of a folder: those that its manifests are of, and those that only show in what stands in them. In the
 * order of the providers.
 */
export function languagesOf(
  folder: FolderFiles,
  root: FolderFiles,
  providers: readonly LanguageProvider[],
): readonly LanguageProvider[] {
  const owners = new Set(new ProviderFiles(providers).providersOf(folder));
  return providers.filter((provider) => owners.has(provider) || provider.detects?.(folder, root) === true);
}
