import type { ConvertedSections } from "#core/migrate/conversion";
import type { ConversionReport } from "#core/migrate/conversion-report";
import { isTable, tableAt, textAt, textOrTextsAt, valueAt } from "#base/value-at";
import type { MiseFile } from "./mise-files";
import { teraText } from "./tera-text";

type Env = NonNullable<ConvertedSections["env"]>;

/**
 * `[env]` of mise as ours, with the files and folders that stand under `_`. Values that speak of folders or `[vars]` are
 * known only for a task, so that all of them then stand in the defaults of tasks.
 */
export function miseEnvironment(
  files: readonly MiseFile[],
  vars: ReadonlySet<string>,
  report: ConversionReport,
): ConvertedSections {
  const env: Record<string, Env[string]> = {};
  const dotenv: string[] = [];
  for (const file of files) {
    for (const [name, value] of Object.entries(tableAt(file.value, "env"))) {
      if (name === "_") continue;
      const converted = envValue(value, vars);
      if (converted === undefined || !/^[A-Za-z_]\w*$/.test(name))
        report.leftOut(file.place("env", name), name, "its value can't be said here");
      else env[name] = converted;
    }
    readDirectives(file, { env, dotenv, vars, report });
  }
  const needsTask = Object.values(env).some((value) => /\$\{(?:vars|package)\./.test(JSON.stringify(value)));
  return {
    ...(dotenv.length === 0 ? {} : { global: { dotenv: dotenv.map((path) => `${path}?`) } }),
    ...(Object.keys(env).length === 0 ? {} : needsTask ? { defaults: { tasks: { env } } } : { env }),
  };
}

export function envValue(value: unknown, vars: ReadonlySet<string>): Env[string] | undefined {
  if (value === false) return false;
  if (typeof value === "string" || typeof value === "number" || value === true) {
    const text = teraText(String(value), "env", vars);
    return text.ok ? text.value.text : undefined;
  }
  if (!isTable(value)) return undefined;
  const inner = valueAt(value, "value");
  const required = valueAt(value, "required");
  const text = typeof inner === "string" ? teraText(inner, "env", vars) : undefined;
  if (text?.ok === false || (inner === undefined && required === undefined)) return undefined;
  if (Object.keys(value).some((key) => !["value", "required", "redact", "tools"].includes(key)))
    return undefined;
  return {
    ...(text?.ok === true ? { value: text.value.text } : {}),
    ...(valueAt(value, "redact") === true ? { secret: true } : {}),
    ...(required === undefined || required === false ? {} : { required: true }),
    ...(typeof required === "string" ? { description: required } : {}),
  };
}

interface Found {
  readonly env: Record<string, Env[string]>;
  readonly dotenv: string[];
  readonly vars: ReadonlySet<string>;
  readonly report: ConversionReport;
}

function readDirectives(file: MiseFile, { env, dotenv, vars, report }: Found): void {
  const directives = tableAt(file.value, "env", "_");
  for (const [key, value] of Object.entries(directives)) {
    const place = file.place("env", "_", key);
    const paths = isTable(value) ? textOrTextsAt(value, "path") : textOrTextsAt(directives, key);
    const isPlain = paths.length > 0 && paths.every((path) => !/\{\{|\{%/.test(path));
    if (key === "file" && isPlain && paths.every((path) => !/\.(?:json|ya?ml|toml)$/.test(path))) {
      dotenv.push(...paths);
      if (textAt(value, "tools") !== undefined)
        report.approximated(place, key, "it is read before the tools are there");
    } else if (key === "path" && paths.length > 0) {
      const folders = paths.map((path) => {
        const text = teraText(path.replace(/^~(?=\/|$)/, "$HOME"), "env", vars);
        if (!text.ok) return undefined;
        return /^(?:\/|\$)/.test(text.value.text)
          ? text.value.text
          : `\${package.dir}/${text.value.text.replace(/^\.\//, "")}`;
      });
      if (folders.some((path) => path === undefined))
        report.leftOut(place, `_.${key}`, "a template in it has no equal");
      else env["PATH"] = [...folders, "$PATH"].join(":");
    } else if (key === "source")
      report.leftOut(
        place,
        `_.${key}`,
        "no script is run for its variables: put them into [env], or into a file that zr reads",
      );
    else report.leftOut(place, `_.${key}`, "it has no equal");
  }
}
