import { loadWorkspace } from "#app/load-workspace";
import type { LoadOptions } from "#app/load-workspace";
import { refused } from "#app/problems";
import type { Problems } from "#app/problems";
import { openConfig, readConfig, type OpenConfig } from "#app/open-config";
import { asOnlyEditor } from "#app/scaffold/one-editor";
import { writeConfig } from "#app/scaffold/write-config";
import { ok } from "#base/result";
import type { Result } from "#base/result";
import { suggest } from "#base/suggest";
import { formatProblem } from "#core/config/formats";
import { CONFIG_NAME } from "#core/config/config-names";
import { addEntry, entryText } from "#core/scaffold/add-entry";
import type { AddFailure, ConfigEntry } from "#core/scaffold/add-entry";

export interface AddRequest {
  readonly entry: ConfigEntry;
  readonly load: LoadOptions;
  /** The package whose file it goes to; not given: the nearest file. */
  readonly package?: string;
  /** Change one that is there. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

export interface AddedEntry {
  /** The file. */
  readonly path: string;
  /** The entry as text. */
  readonly text: string;
  /** False where one that was there has been changed. */
  readonly isNew: boolean;
}

const KINDS = { tasks: "task", workflows: "workflow", profiles: "profile" } as const;

/** Adds a task, workflow or profile to a zr.toml, where zr accepts the result. */
export const addToConfig = (request: AddRequest): Promise<Result<AddedEntry, Problems>> =>
  request.dryRun ? added(request) : asOnlyEditor(() => added(request));

async function added(request: AddRequest): Promise<Result<AddedEntry, Problems>> {
  const { entry, force } = request;
  const { section, name } = entry;
  // The same rule as that of the file, told of the command line.
  const expected = formatProblem("task-name", name);
  if (expected !== undefined)
    return refused("E117", { name: JSON.stringify(name), where: `[${section}]`, expected });
  const config =
    request.package === undefined
      ? await openConfig(request.load)
      : await configOf(request.package, request.load);
  if (!config.ok) return config;
  const edited = addEntry(config.value.text, entry, force);
  if (!edited.ok) return refusedEdit(edited.error, entry, config.value.path);
  const written = await writeConfig({ path: config.value.path, text: edited.value }, request);
  const isNew = addEntry(config.value.text, entry, false).ok;
  return written.ok ? ok({ path: config.value.path, text: entryText(entry), isNew }) : written;
}

/** The file of a package, by its name or its path. One that has none yet gets an empty one. */
async function configOf(name: string, load: LoadOptions): Promise<Result<OpenConfig, Problems>> {
  const loaded = await loadWorkspace(load);
  if (!loaded.ok) return loaded;
  const packages = [...loaded.value.workspace.packages.values()];
  const found = packages.find((pkg) => pkg.name === name || pkg.path === name);
  if (found === undefined)
    return refused(
      "E375",
      { name },
      suggest(
        name,
        packages.map((pkg) => pkg.name),
      ),
    );
  const path = `${found.dir}/${CONFIG_NAME}`;
  const read = await readConfig(path);
  const isMissing = !read.ok && read.error.diagnostics.some(({ code }) => code === "E155");
  return isMissing ? ok({ path, text: "" }) : read;
}

function refusedEdit(
  failure: AddFailure,
  { section, name }: ConfigEntry,
  path: string,
): Result<never, Problems> {
  if (failure.kind === "exists") return refused("E580", { kind: KINDS[section], name });
  return refused("E191", {
    path,
    reason: failure.kind === "not-possible" ? failure.reason : "it is not valid TOML",
  });
}
