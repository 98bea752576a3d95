import { sharedEnvironment } from "#core/plan/shared-environment";
import type { EnvSource } from "#core/model/environment";
import type { Workspace } from "#core/workspace/workspace";
import { resolveEnvironment } from "#engine/env/layers";
import { compileSecretNames, defaultSecretPatterns, secretValues } from "#engine/env/secrets";
import { sourceLayers } from "#engine/env/source-layers";
import type { Host } from "#system/host";
import type { LoadedWorkspace } from "./load-workspace";
import { readSourceFiles, taskEnvSources } from "./task-env-sources";

type Texts = ReadonlyMap<string, string>;

/**
 * Every text that may not be shown to whoever asks about a workspace: the values of secret variables of the system, of
 * all packages and of all their tasks, in the forms in which output carries them. Runs nothing: what a command would
 * give is not known here, and in no configuration either.
 */
export async function secretTexts(
  loaded: LoadedWorkspace | undefined,
  texts: Texts,
  host: Host,
): Promise<readonly string[]> {
  const configured = loaded?.workspace.current.config.global.secret_names ?? writtenPatterns(texts);
  const patterns = [...defaultSecretPatterns, ...configured];
  const isSecret = compileSecretNames(patterns);
  const found = new Set(secretValues(host.env, Object.keys(host.env).filter(isSecret)));
  for (const text of texts.values()) for (const value of writtenSecrets(text, isSecret)) found.add(value);
  if (loaded !== undefined)
    for (const value of await environmentSecrets(loaded.workspace, host, patterns)) found.add(value);
  return [...found];
}

/** `NAME = "value"` and `NAME: "value"` of a text, also of one that can't be read as a whole. */
const WRITTEN =
  /(?:^|[\s{,"'])([A-Za-z_]\w*)["']?\s*[=:]\s*(?:"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')/g;
/** A line that says of its value that it is secret. */
const DECLARED = /^.*\bsecret\s*=\s*true.*$/gm;
const QUOTED = /"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'/g;

/** What a text says to be secret, as far as that can be told without reading it as what it is. */
function writtenSecrets(text: string, isSecret: (name: string) => boolean): readonly string[] {
  const values: string[] = [];
  for (const [, name = "", ...quoted] of text.matchAll(WRITTEN))
    if (isSecret(name)) values.push(quoted.find((value) => value !== undefined) ?? "");
  for (const [line] of text.matchAll(DECLARED))
    for (const [, double, single] of line.matchAll(QUOTED)) values.push(double ?? single ?? "");
  return values.length === 0 ? [] : secretValues(Object.fromEntries(values.entries()), Object.keys(values));
}

/** Patterns of `secret_names` in texts that could not be read. */
function writtenPatterns(texts: Texts): readonly string[] {
  return [...texts.values()].flatMap((text) =>
    [...text.matchAll(/\bsecret_names\s*=\s*\[([^\]]*)\]/g)].flatMap(([, list = ""]) =>
      [...list.matchAll(QUOTED)].map(([, double, single]) => double ?? single ?? ""),
    ),
  );
}

async function environmentSecrets(
  workspace: Workspace,
  host: Host,
  secretPatterns: readonly string[],
): Promise<ReadonlySet<string>> {
  const contents = new Map<string, string>();
  const found = new Set<string>();
  const keep = (texts: Iterable<string>): void => {
    for (const text of texts) found.add(text);
  };
  for (const pkg of workspace.packages.values()) {
    const shared = sharedEnvironment(pkg, { root: workspace.root, os: host.os });
    const resolve = async (own: readonly EnvSource[], declared: readonly string[]) => {
      const sources = [...shared.sources, ...own];
      await readSourceFiles(sources, contents);
      const { layers } = sourceLayers(sources, contents);
      return resolveEnvironment([{ name: "system", values: host.env }, ...layers], {
        envMode: shared.mode,
        passEnv: [...shared.passEnv, ...declared],
        windows: host.os === "windows",
        secretPatterns,
      });
    };
    const ofPackage = shared.sources.length === 0 ? undefined : await resolve([], []);
    if (ofPackage !== undefined) keep(ofPackage.secretValues());
    for (const entry of pkg.config.tasks.values()) {
      const { secrets = [] } = pkg.resolve(entry).table;
      const own = taskEnvSources(pkg, entry);
      if (secrets.length > 0) {
        keep(secretValues(host.env, secrets));
        if (ofPackage !== undefined) keep(secretValues(ofPackage.values, secrets));
      }
      if (own.length === 0) continue;
      const plain = plainSecrets(own, { declared: secrets, secretPatterns });
      if (plain !== undefined) keep(plain);
      else {
        const env = await resolve(own, secrets);
        keep(env.secretValues());
        keep(secretValues(env.values, secrets));
      }
    }
  }
  return found;
}

/** The secrets of layers that stand for themselves; undefined where some value has to be worked out or read. */
function plainSecrets(
  sources: readonly EnvSource[],
  {
    declared,
    secretPatterns,
  }: { readonly declared: readonly string[]; readonly secretPatterns: readonly string[] },
): readonly string[] | undefined {
  const isSecret = compileSecretNames(secretPatterns);
  const values: string[] = [];
  for (const { entries, files } of sources) {
    if (files !== undefined && files.length > 0) return undefined;
    for (const { name, value, secret } of entries) {
      if (value.kind === "unset" || value.kind === "declared") continue;
      if (value.kind !== "text" || value.text.includes("$")) return undefined;
      if (declared.includes(name) || (secret ?? isSecret(name))) values.push(value.text);
    }
  }
  return values.length === 0 ? [] : secretValues(Object.fromEntries(values.entries()), Object.keys(values));
}
