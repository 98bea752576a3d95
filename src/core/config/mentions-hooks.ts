import type { SourceFile } from "./config";

/** Whether a file says anything about hooks: cheap, for the many that do not. */
export function mentionsHooks({ document }: SourceFile): boolean {
  if (document.hooks !== undefined) return true;
  if (document.profiles === undefined) return false;
  return Object.values(document.profiles).some((profile) => profile.hooks !== undefined);
}
