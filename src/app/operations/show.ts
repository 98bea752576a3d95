import { positionAt } from "#base/span";
import { taskPlace } from "#core/config/config";
import { mergeTables } from "#core/config/merge";
import { locateDiagnostics } from "#app/locate-diagnostics";
import { compileSecretNames, defaultSecretPatterns } from "#engine/env/secrets";
import { parseReference, resolveReference } from "#core/workspace/references";
import { taskLinks } from "#core/workspace/task-links";
import type { Workspace } from "#core/workspace/workspace";

/** Everything that the configuration says about a task. */
export interface ShownTask {
  readonly name: string;
  readonly package: string;
  readonly description: string | undefined;
  readonly file: string;
  readonly line: number;
  /** Name of the manifest that the task follows from; undefined where it is configured. */
  readonly inferredFrom?: string;
  /** The files and keys that give it keys, lowest first. */
  readonly sources: readonly string[];
  /** Its keys after templates, groups, defaults and profile; values of secret variables are masked. */
  readonly keys: Readonly<Record<string, unknown>>;
  readonly needs: readonly {
    readonly role: string;
    readonly name: string;
    readonly task: readonly string[];
  }[];
  readonly neededBy: readonly string[];
}

const MASK = "****";

/** The tasks that a name means, each with all that is known of it. */
export function showTasks(
  workspace: Workspace,
  ref: string,
  texts: ReadonlyMap<string, string>,
): readonly ShownTask[] {
  const { name } = parseReference(ref);
  const found = resolveReference(workspace, { pkg: workspace.current }, name);
  const targets =
    found.length > 0 ? found : resolveReference(workspace, { pkg: workspace.current }, `*:${name}`);
  return targets.map(({ pkg, entry }) => {
    const { table, sources, groupEnv } = pkg.resolve(entry);
    const env = [...groupEnv.map((group) => group.table.env), table.env].filter((own) => own !== undefined);
    const [located] = locateDiagnostics(
      [{ code: "E160", severity: "error", data: {}, place: taskPlace(entry) }],
      [],
      texts,
    );
    const { file = "", span } = located?.place ?? {};
    const origin = { pkg, ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }) };
    return {
      name: pkg.prefix === "" ? entry.name : `${pkg.prefix}:${entry.name}`,
      package: pkg.name,
      description: table.description,
      file,
      line: positionAt(texts.get(file) ?? "", span?.start ?? 0).line,
      ...(entry.inferredFrom === undefined ? {} : { inferredFrom: entry.inferredFrom }),
      sources: sources.map((source) => `${source.file} [${source.path.join(".")}]`),
      keys: {
        ...table,
        ...(env.length === 0 ? {} : { env: masked(env.reduce<Record<string, unknown>>(mergeTables, {})) }),
      },
      needs: taskLinks(table).map((link) => ({
        role: link.role,
        name: link.name,
        task: resolveReference(workspace, origin, parseReference(link.name).name).map((target) =>
          target.pkg.prefix === "" ? target.entry.name : `${target.pkg.prefix}:${target.entry.name}`,
        ),
      })),
      neededBy: dependents(workspace, entry),
    };
  });
}

function masked(env: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isSecret = compileSecretNames(defaultSecretPatterns);
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      isSecret(name) || isDeclaredSecret(value) ? MASK : value,
    ]),
  );
}

const isDeclaredSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "secret" in value && value.secret === true;

function dependents(workspace: Workspace, wanted: unknown): string[] {
  const names: string[] = [];
  for (const pkg of workspace.packages.values()) {
    for (const entry of pkg.config.tasks.values()) {
      const origin = { pkg, ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }) };
      const links = taskLinks(pkg.resolve(entry).table);
      const isDependent = links.some((link) =>
        resolveReference(workspace, origin, parseReference(link.name).name).some(
          (target) => target.entry === wanted,
        ),
      );
      if (isDependent) names.push(pkg.prefix === "" ? entry.name : `${pkg.prefix}:${entry.name}`);
    }
  }
  return names;
}
