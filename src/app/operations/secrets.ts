import { readSourceFiles, taskEnvSources } from "#app/task-env-sources";
import type { EnvLayerName, EnvSource } from "#core/model/environment";
import type { TaskEntry } from "#core/config/config";
import { sharedEnvironment } from "#core/plan/shared-environment";
import type { Package, Workspace } from "#core/workspace/workspace";
import { resolveEnvironment } from "#engine/env/layers";
import type { LayerTrace, ResolvedEnvironment } from "#engine/env/resolved-environment";
import { sourceLayers } from "#engine/env/source-layers";
import type { Host } from "#system/host";

/** Where the value of a secret comes from; never the value. */
export type SecretOrigin =
  | { readonly kind: "system" }
  /** A text in a file of the layer. */
  | { readonly kind: "text"; readonly layer: EnvLayerName; readonly file?: string }
  /** The content of a file of its own. */
  | { readonly kind: "file"; readonly layer: EnvLayerName; readonly file: string }
  /** The output of a command, which has not been run. */
  | { readonly kind: "command"; readonly layer: EnvLayerName; readonly command?: string };

/** A variable that is declared as secret or as required, for a package or for one of its tasks. */
export interface DeclaredSecret {
  readonly name: string;
  /** Name of the package. */
  readonly package: string;
  /** With its package in front; undefined: all tasks of the package. */
  readonly task?: string;
  /** By which words: `secrets`, `required_env`, `secret = true`, `required = true`. */
  readonly declared: readonly string[];
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly isSet: boolean;
  readonly from?: SecretOrigin;
  readonly description?: string;
}

/** Every declared secret of a workspace and whether it is set. Runs nothing: what a command would give counts as set. */
export async function declaredSecrets(
  workspace: Workspace,
  host: Host,
  flags: Readonly<Record<string, string>> = {},
): Promise<readonly DeclaredSecret[]> {
  const contents = new Map<string, string>();
  const found: DeclaredSecret[] = [];
  for (const pkg of workspace.packages.values()) {
    const shared = sharedEnvironment(pkg, { root: workspace.root, os: host.os });
    const resolve = async (own: readonly EnvSource[]): Promise<ResolvedEnvironment> => {
      const sources = [...shared.sources, ...own];
      await readSourceFiles(sources, contents);
      const system = { name: "system" as const, values: { ...host.env, ...flags } };
      return resolveEnvironment([system, ...sourceLayers(sources, contents).layers], {
        envMode: shared.mode,
        passEnv: shared.passEnv,
        windows: host.os === "windows",
      });
    };
    const ofPackage = declarationsIn(shared.sources);
    if (ofPackage.size > 0) found.push(...described(ofPackage, await resolve([]), { package: pkg.name }));
    for (const entry of pkg.config.tasks.values()) {
      const declared = declarationsOfTask(pkg, entry);
      if (declared.size === 0) continue;
      const env = await resolve(taskEnvSources(pkg, entry));
      const task = pkg.prefix === "" ? entry.name : `${pkg.prefix}:${entry.name}`;
      found.push(...described(declared, env, { package: pkg.name, task }));
    }
  }
  return found;
}

interface Declaration {
  readonly words: string[];
  isSecret: boolean;
  isRequired: boolean;
  description?: string;
}

type Declarations = Map<string, Declaration>;

/** What one key says about a variable. */
interface Word {
  readonly word: string;
  readonly secret?: boolean;
  readonly required?: boolean;
}

function declare(all: Declarations, name: string, { word, secret, required }: Word): void {
  let declaration = all.get(name);
  if (declaration === undefined)
    all.set(name, (declaration = { words: [], isSecret: false, isRequired: false }));
  if (!declaration.words.includes(word)) declaration.words.push(word);
  declaration.isSecret ||= secret === true;
  declaration.isRequired ||= required === true;
}

function declarationsIn(sources: readonly EnvSource[]): Declarations {
  const all: Declarations = new Map();
  for (const { entries } of sources) {
    for (const { name, secret, required, description } of entries) {
      // What is only required is no secret, but as much needs to be set.
      if (secret === true) declare(all, name, { word: "secret = true", secret });
      if (required === true) declare(all, name, { word: "required = true", required });
      const declaration = all.get(name);
      if (declaration !== undefined && description !== undefined) declaration.description = description;
    }
  }
  return all;
}

function declarationsOfTask(pkg: Package, entry: TaskEntry): Declarations {
  const { table } = pkg.resolve(entry);
  const all = declarationsIn(taskEnvSources(pkg, entry));
  for (const name of table.secrets ?? [])
    declare(all, name, { word: "secrets", secret: true, required: true });
  for (const name of table.required_env ?? []) declare(all, name, { word: "required_env", required: true });
  return all;
}

function described(
  declared: Declarations,
  env: ResolvedEnvironment,
  whose: Pick<DeclaredSecret, "package" | "task">,
): readonly DeclaredSecret[] {
  return [...declared].map(([name, { words, isSecret, isRequired, description }]) => {
    const { value, layers } = env.trace(name);
    const winner = layers.findLast(({ wins }) => wins);
    const from = winner === undefined ? undefined : originOf(winner);
    const isSet = from?.kind === "command" || (value !== undefined && value !== "");
    return {
      name,
      ...whose,
      declared: words,
      isSecret,
      isRequired,
      isSet,
      ...(from === undefined || !isSet ? {} : { from }),
      ...(description === undefined ? {} : { description }),
    };
  });
}

function originOf({ layer, file, raw }: LayerTrace): SecretOrigin {
  if (layer === "system") return { kind: "system" };
  if (typeof raw === "object" && "command" in raw) return { kind: "command", layer, command: raw.command };
  if (typeof raw === "object" && "file" in raw) return { kind: "file", layer, file: raw.file };
  // What stands around `$(…)` may be the secret.
  if (typeof raw === "string" && raw.includes("$(")) return { kind: "command", layer };
  return { kind: "text", layer, ...(file === undefined ? {} : { file }) };
}
