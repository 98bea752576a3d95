import { affectedIn } from "#app/affected";
import type { AffectedPackages, ChangeSearch, FoundChanges } from "#app/affected";
import type { TargetRequest } from "#core/plan/request";
import type { ChangeScope } from "#core/affected/affected-packages";
import { affectedText } from "#frontends/output/affected-text";
import { jsonDocument } from "#frontends/output/json-document";
import { print } from "#system/stdio/print";
import { reachOf } from "./affected-options";
import { refuse } from "./refuse";
import { formatOption, isOn } from "./session";
import type { Session } from "./session";

/** What a list is about. */
export interface AffectedListing {
  readonly session: Session;
  readonly scope: ChangeScope;
  readonly found: FoundChanges;
}

/** What is listed: tasks where some were asked for, else packages. */
export interface ListedChanges {
  readonly packages: AffectedPackages;
  readonly targets: readonly TargetRequest[];
  /** Whether tasks were asked for. */
  readonly hasWords: boolean;
}

/** Waits for the changes, and lists the packages that they affect; gives the exit code. */
export async function listAffectedPackages(
  scope: ChangeScope,
  search: ChangeSearch,
  session: Session,
): Promise<number> {
  const found = await search.finish(scope);
  if (!found.ok) return refuse(session, found.error);
  const packages = await affectedIn(scope, found.value, reachOf(session));
  return listAffected({ packages, targets: [], hasWords: false }, { session, scope, found: found.value });
}

/** Lists what the changes affect; gives the exit code. */
export async function listAffected(listed: ListedChanges, listing: AffectedListing): Promise<number> {
  const { targets, packages, hasWords } = listed;
  const { options } = listing.session;
  if (isOn(options, "verbose") || isOn(options, "explain")) await sayBase(listing.found);
  if (formatOption(options) === "json") {
    await print("stdout", jsonDocument(await affectedDocument(listed, listing)));
    return 0;
  }
  if (packages.size === 0 || (hasWords && targets.length === 0)) return sayNothing(listing);
  if (hasWords && isOn(options, "explain")) await print("stderr", affectedText(packages));
  const text = hasWords
    ? targets.map(({ ref }) => `${shownRef(ref)}\n`).join("")
    : isOn(options, "explain")
      ? affectedText(packages)
      : [...packages.keys()].map((name) => `${name}\n`).join("");
  await print("stdout", text);
  return 0;
}

/** The root's tasks are called by their names alone. */
const shownRef = (ref: string): string => (ref.startsWith("//:") ? ref.slice(3) : ref);

async function affectedDocument(
  { targets, packages, hasWords }: ListedChanges,
  { found, scope }: AffectedListing,
): Promise<object> {
  const { base, files } = found;
  const commit = (await found.baseCommit()) ?? null;
  const paths = new Map(scope.packages.map(({ name, path }) => [name, path]));
  return {
    base: base === undefined ? null : { name: base.name, from: base.from, commit },
    files,
    packages: [...packages].map(([name, reason]) => ({ name, path: paths.get(name) ?? "", reason })),
    ...(hasWords ? { tasks: targets.map(({ ref }) => shownRef(ref)) } : {}),
  };
}

const NOTHING: ListedChanges = { targets: [], packages: new Map(), hasWords: true };

/** Says that nothing is affected; gives the exit code. */
export async function sayNothing(listing: AffectedListing): Promise<number> {
  const { options } = listing.session;
  if (formatOption(options) === "json")
    await print("stdout", jsonDocument(await affectedDocument(NOTHING, listing)));
  else if (!isOn(options, "quiet")) await print("stderr", "nothing is affected\n");
  return 0;
}

/** What was compared with what, and why with that. */
export async function sayBase(found: FoundChanges): Promise<void> {
  const { base, files } = found;
  const commit = await found.baseCommit();
  const against =
    base === undefined
      ? ""
      : ` since ${base.name} (${base.from}${commit === undefined ? "" : `, ${commit.slice(0, 12)}`})`;
  const count = `${files.length} changed ${files.length === 1 ? "file" : "files"}`;
  await print("stderr", `zr: ${count}${against}\n`);
}
