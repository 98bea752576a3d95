import type { Diagnostic } from "#base/diagnostic";
import { err, ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { parsePackageFilter } from "#core/workspace/package-filter";
import type { PackageFilter } from "#core/workspace/package-filter";
import { selectPackages } from "#core/workspace/select-packages";
import type { Package, Workspace } from "#core/workspace/workspace";
import type { Host } from "#system/host";
import { changedIn, startChanges } from "./affected";
import { changeScope } from "./change-scope";
import { plainProblems } from "./problems";
import type { Problems } from "./problems";

/** Packages as filters choose them. */
export interface ChosenPackages {
  /** In the order of the workspace. */
  readonly packages: readonly Package[];
  /** Whether it depends on what has changed: then none at all is no mistake. */
  readonly asksForChanges: boolean;
}

/** The packages that the texts of `--filter` mean together. Git is asked once for each `[base]`. */
export async function choosePackages(
  workspace: Workspace,
  texts: readonly string[],
  { host, cwd }: { readonly host: Host; readonly cwd: string },
): Promise<Result<ChosenPackages, Problems>> {
  const filters: PackageFilter[] = [];
  const problems: Diagnostic[] = [];
  for (const text of texts) {
    const parsed = parsePackageFilter(text);
    if (parsed.ok) filters.push(parsed.value);
    else problems.push({ code: "E372", severity: "error", data: { filter: text, problem: parsed.error } });
  }
  if (problems.length > 0) return err(plainProblems(...problems));
  const changed = new Map<string, ReadonlySet<string>>();
  const scope = changeScope(workspace);
  for (const base of new Set(filters.flatMap(({ selector }) => selector.base ?? []))) {
    const found = await startChanges({ host, cwd, base, committedOnly: false }).finish(scope);
    if (!found.ok) return found;
    changed.set(base, new Set((await changedIn(scope, found.value)).keys()));
  }
  const { packages, idle } = selectPackages(workspace, filters, { cwd, changed });
  if (idle.length > 0) return err(plainProblems(...idle.map((filter) => meaningless(filter, workspace))));
  return ok({ packages, asksForChanges: changed.size > 0 });
}

function meaningless({ source, selector }: PackageFilter, workspace: Workspace): Diagnostic {
  const packages = [...workspace.packages.values()];
  const near =
    selector.name === undefined
      ? []
      : suggest(
          selector.name,
          packages.flatMap(({ name }) => [name, name.slice(name.lastIndexOf("/") + 1)]),
        );
  const [tag] = selector.tags;
  const tags =
    tag === undefined || near.length > 0
      ? []
      : suggest(
          tag,
          packages.flatMap((pkg) => pkg.tags),
        ).map((known) => `{${known}}`);
  return {
    code: "E373",
    severity: "error",
    data: { filter: source },
    suggestions: [...near, ...tags].map((text) => source.replace(selector.name ?? `{${tag ?? ""}}`, text)),
  };
}
