import type { Diagnostic, Place } from "#base/diagnostic";
import type { SourceFile } from "#core/config/config";
import { profileChain } from "#core/config/package-config";
import { parseTemplate } from "#core/expr/interpolate";
import type { TemplateNamespace } from "#core/expr/names";
import type { EnvLayerName, EnvSource } from "#core/model/environment";
import type { PlanPackage, SharedEnvironment } from "#core/model/plan";
import type { Package } from "#core/workspace/workspace";
import { dotenvFiles, envSource } from "./env-sources";
import type { Fill } from "./env-sources";
import { Interpolation } from "./interpolation";

export interface SharedEnvironmentOptions {
  /** The workspace's folder. */
  readonly root: string;
  /** The system on which commands in values run: `linux`, `darwin`, `windows`. */
  readonly os: string;
  /** What `${vars.…}` means; the package's `[vars]` where it is not given. */
  readonly vars?: PlanPackage["vars"];
  /** Takes what is wrong with references in `[env]`; such a reference stands for nothing. */
  readonly problems?: Diagnostic[];
}

const NOTHING: SharedEnvironment = { mode: "inherit", passEnv: [], sources: [] };

/**
 * The layers that all tasks of a package share: dotenv files and `[env]` of the workspace, then of the package, then of
 * the profile. References to `vars`, `package` and `workspace` are filled in, and mean this package in the workspace's
 * `[env]` too.
 */
export function sharedEnvironment(pkg: Package, options: SharedEnvironmentOptions): SharedEnvironment {
  const { config } = pkg;
  const { root } = options;
  const fill = sharedFill(pkg, options);
  const sources: EnvSource[] = [];
  const mode = config.global.env_mode ?? "inherit";
  for (const file of config.files) {
    const isRoot = file.layer === "root";
    const { env } = file.document;
    if (isRoot) sources.push(...dotenvSource("workspace-dotenv", file, root));
    else if (file.layer !== "user") sources.push(...dotenvSource("package-dotenv", file, config.dir));
    if (env === undefined) continue;
    const layer = isRoot ? "workspace-env" : "package-env";
    const place: Place = { file: file.path, path: ["env"] };
    sources.push(envSource(layer, env, { place, dir: isRoot ? root : config.dir, fill }));
  }
  for (const layer of profileChain(config.files, config.profile)) {
    if (layer.env === undefined) continue;
    const file = config.files.findLast((candidate) => candidate.document.profiles !== undefined);
    const place: Place = { file: file?.path ?? "", path: ["profiles", config.profile ?? "", "env"] };
    sources.push(envSource("profile", layer.env, { place, dir: config.dir, fill }));
  }
  if (sources.length === 0 && mode === "inherit") return NOTHING;
  return { mode, passEnv: config.global.pass_env ?? [], sources };
}

function dotenvSource(layer: EnvLayerName, file: SourceFile, dir: string): EnvSource[] {
  const dotenv = file.document.global?.dotenv;
  if (dotenv === undefined) return [];
  const files = dotenvFiles(dotenv, dir);
  return files.length === 0
    ? []
    : [{ layer, place: { file: file.path, path: ["global", "dotenv"] }, entries: [], files }];
}

/** What is the same for every task of a package. */
const IS_SHARED: Readonly<Partial<Record<TemplateNamespace, true>>> = {
  vars: true,
  package: true,
  workspace: true,
  env: true,
};

function sharedFill(pkg: Package, options: SharedEnvironmentOptions): Fill {
  const { root, os, vars = pkg.config.vars, problems = [] } = options;
  const interpolation = new Interpolation(() => ({
    matrix: {},
    args: {},
    declaredArgs: [],
    vars,
    match: [],
    task: { name: "" },
    package: { name: pkg.name, path: pkg.path, dir: pkg.dir },
    workspace: { root },
    os,
    output: () => ({ kind: "problem", code: "E178", data: {} }),
  }));
  return (text, place) => {
    if (!text.includes("${")) return text;
    const where = `'[${(place.path ?? []).slice(0, -1).join(".")}]'`;
    const before = problems.length;
    for (const part of parseTemplate(text).parts) {
      if (part.kind === "text" || IS_SHARED[part.namespace] === true) continue;
      const name = `\${${part.namespace}.${part.key}}`;
      problems.push({
        code: "E178",
        severity: "error",
        data: { name, where },
        place: { ...place, within: part.span },
      });
    }
    if (problems.length > before) return "";
    const known = interpolation.problems.length;
    const filled = interpolation.expanded(text, () => ({ place, where }));
    problems.push(...interpolation.problems.slice(known));
    return filled;
  };
}
