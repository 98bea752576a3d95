import { globMatcher } from "#base/glob";
import { isInside, relativeTo } from "#base/path";
import type { CacheRule, KeyPart } from "#core/model/cache";
import type { Instance } from "#core/model/plan";
import { stepsOn } from "#core/plan/steps-on";
import { noteVariable } from "#system/fleeting-variables";
import type { InstanceVariables } from "./cache-session";
import { digestOf } from "./fingerprints";

/** How values of variables become digests. */
export interface ValueDigests {
  readonly root: string;
  /** Key of the digests of secrets; undefined where there is none, and with it no way to tell two secrets apart. */
  readonly secretKey: string | undefined;
}

const text = (value: unknown): string => digestOf(JSON.stringify(value) ?? "", "sha256");

/**
 * What a task runs, where and with what, each for itself, so that a change of one can be told. Commands of other
 * platforms are none.
 *
 * @param setting.platform `linux/x64`
 */
export function commandParts(
  instance: Instance,
  { root, platform }: { readonly root: string; readonly platform: string },
): readonly KeyPart[] {
  const { shell, args, params, matrix, match, io, remote, cwd, environment, shareOutput, sandbox } = instance;
  const part = (name: string, value: unknown): KeyPart => ({ kind: "command", name, digest: text(value) });
  const [os = "", arch = ""] = platform.split("/");
  const steps = stepsOn(instance.steps, { os, arch });
  const conditions = steps.map(({ condition, ...step }) => ({ ...step, condition: condition?.source }));
  const folder = isInside(environment, cwd) ? relativeTo(environment, cwd) : `//${relativeTo(root, cwd)}`;
  return [
    { kind: "task", name: "task", digest: text([instance.package, instance.name]) },
    part("command", withoutRoot(JSON.stringify(conditions), root)),
    part("shell", [shell.dialect, shell.argv]),
    part("folder", folder),
    ...(args.length === 0 && Object.keys(params).length === 0
      ? []
      : [part("arguments", [args, sorted(params)])]),
    ...(Object.keys(matrix).length === 0 && match.length === 0
      ? []
      : [part("matrix", [sorted(matrix), match])]),
    ...(Object.keys(io).length === 0 ? [] : [part("redirections", withoutRoot(JSON.stringify(io), root))]),
    ...(remote === undefined ? [] : [part("machine", [remote.host, remote.cwd, remote.sync])]),
    ...(shareOutput === undefined ? [] : [part("shared form", shareOutput)]),
    ...(sandbox === undefined ? [] : [part("sandbox", sandbox)]),
    ...Object.entries(instance.toolVersions ?? {}).map(([name, version]): KeyPart => ({
      kind: "tool",
      name,
      digest: text(version),
    })),
  ];
}

/** Which of its commands are run, where conditions of theirs decide that. */
export const verdictParts = ({ verdicts }: Pick<InstanceVariables, "verdicts">): readonly KeyPart[] =>
  verdicts === undefined ? [] : [{ kind: "command", name: "conditions", digest: text(verdicts) }];

/** Where a checkout lies decides nothing. */
const withoutRoot = (value: string, root: string): string =>
  root === "/" ? value : value.replaceAll(`${root}/`, "//").replaceAll(root, "//.");

const sorted = (values: Readonly<Record<string, unknown>>): readonly unknown[] =>
  Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** What commands often name only to find their things: it differs from one machine or run to the other without any effect. */
const OF_MACHINES = new Set([
  "PATH",
  "HOME",
  "PWD",
  "OLDPWD",
  "USER",
  "LOGNAME",
  "SHELL",
  "TMPDIR",
  "HOSTNAME",
  "MAKEFLAGS",
  "CARGO_MAKEFLAGS",
  "ZR_INSTANCE_KEY",
  "ZR_ATTEMPT",
  "ZR_RUN_ID",
  "ZR_ROOT",
  "ZR_TASK",
  "ZR_PACKAGE",
  "ZR_PACKAGE_NAME",
  "ZR_PACKAGE_PATH",
  "ZR_PACKAGE_DIR",
]);

/** Stands for a secret that there is no key for: with it nothing can be cached. */
export const NO_DIGEST = "secret";

const REFERENCE = /\$\{?([A-Za-z_][A-Za-z0-9_]*)/g;

/** Variables that decide a result: declared ones, those that its command names, and its `env_inputs`. */
export function envParts(
  instance: Instance,
  { rule, variables }: { readonly rule: CacheRule; readonly variables: InstanceVariables },
  digests: ValueDigests,
): readonly KeyPart[] {
  const { values } = variables;
  const names = new Set<string>();
  for (const name of variables.declared) if (name !== "PATH" && Object.hasOwn(values, name)) names.add(name);
  for (const name of referredTo(instance))
    if (!OF_MACHINES.has(name) && Object.hasOwn(values, name)) names.add(name);
  for (const wanted of rule.envInputs) {
    if (!wanted.includes("*")) names.add(wanted);
    else {
      const matches = globMatcher(wanted);
      for (const name of Object.keys(values)) if (matches(name) && !name.startsWith("ZR_")) names.add(name);
    }
  }
  return [...names].map((name) => {
    noteVariable(name);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return {
      kind: "env",
      name,
      digest: value === undefined ? "unset" : digestOfValue(name, value, { variables, digests }),
    };
  });
}

/** Names of variables in the texts that a shell or zr expands. */
function* referredTo({ steps }: Instance): Iterable<string> {
  for (const step of steps) {
    const texts = step.kind === "exec" ? step.argv : step.kind === "call" ? [] : [step.text];
    for (const one of texts)
      for (const [, name] of one.matchAll(REFERENCE)) if (name !== undefined) yield name;
  }
}

/**
 * A value that is no secret by its SHA-256, a secret by an HMAC: whoever sees the digest without its key can't try out
 * values.
 */
function digestOfValue(
  name: string,
  value: string,
  { variables, digests }: { readonly variables: InstanceVariables; readonly digests: ValueDigests },
): string {
  const plain = withoutRoot(value, digests.root);
  if (!isSecret(name, value, variables)) return digestOf(plain, "sha256");
  if (digests.secretKey === undefined) return NO_DIGEST;
  return `hmac:${new Bun.CryptoHasher("sha256", digests.secretKey).update(`${name}\0${plain}`).digest("hex")}`;
}

export const isSecret = (
  name: string,
  value: string,
  { secretNames, secretTexts }: InstanceVariables,
): boolean =>
  secretNames.has(name) || secretTexts().some((secret) => secret !== "" && value.includes(secret));
