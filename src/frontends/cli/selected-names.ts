import type { LoadedWorkspace } from "#app/load-workspace";
import type { Session } from "./session";

/**
 * Names of the packages that `--filter` chooses; undefined where it is not given, the exit code where it means nothing,
 * which has been told.
 */
export async function selectedNames(
  loaded: Pick<LoadedWorkspace, "workspace">,
  session: Session,
): Promise<ReadonlySet<string> | number | undefined> {
  if (session.options["filter"] === undefined) return undefined;
  const { selectedPackages } = await import("./select-targets");
  const selected = await selectedPackages(loaded, session);
  return typeof selected === "number" ? selected : new Set(selected.packages.map(({ name }) => name));
}
