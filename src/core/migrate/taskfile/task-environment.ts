import type { TaskTable } from "#core/config/schema/sections";
import {
  constantOf,
  EVERY_NAME,
  renderCommand,
  unknownIn,
  type Pieces,
  type RenderOptions,
} from "#core/migrate/pieces";
import { isTable, type Table, textAt, valueAt } from "#base/value-at";

/** The template of a value that a call gives, which `ref` gives without braces; undefined for lists, maps and commands. */
export function givenTemplate(value: unknown): string | undefined {
  if (!isTable(value)) return Array.isArray(value) ? undefined : String(value ?? "");
  const ref = textAt(value, "ref");
  return ref === undefined ? undefined : `{{${ref}}}`;
}

/** A value for `args` or `env` of a call. */
export function givenText(pieces: Pieces, form: "arg" | "env"): string | undefined {
  let text = "";
  for (const piece of pieces) {
    if (piece.kind === "text" || piece.kind === "name")
      text +=
        form === "env" ? piece.text.replaceAll("$", () => "$$") : piece.text.replaceAll("${", () => "$${");
    else if (piece.kind === "param") text += `\${args.${piece.name}}`;
    else if (piece.kind === "stem") text += `\${match.${piece.index ?? 0}}`;
    else if (piece.kind === "folder") text += "${package.dir}";
    else if (piece.kind === "default" && form === "env" && constantOf(piece.fallback) !== undefined)
      text += `\${${piece.name}-${(constantOf(piece.fallback) ?? "").replaceAll("$", () => "$$")}}`;
    else if (
      (piece.kind === "run" || piece.kind === "once") &&
      form === "env" &&
      constantOf(piece.command) !== undefined
    )
      text += `$(${constantOf(piece.command) ?? ""})`;
    else return undefined;
  }
  return text;
}

export interface EnvOptions {
  readonly fill: (source: string) => Pieces;
  readonly options: RenderOptions;
  readonly failed: (name: string, why: string) => void;
}

/** Variables for commands: what the environment says of them goes over them, as in task. */
export function envOf(
  table: Table,
  { fill, options, failed }: EnvOptions,
): Record<string, NonNullable<TaskTable["env"]>[string]> {
  const env: Record<string, NonNullable<TaskTable["env"]>[string]> = {};
  for (const [name, given] of Object.entries(table)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      failed(name, "no variable can have this name");
      continue;
    }
    const command = textAt(given, "sh");
    const pieces = fill(command ?? (isTable(given) ? String(given["value"] ?? "") : String(given ?? "")));
    const unknown = unknownIn(pieces);
    const text = constantOf(pieces);
    if (unknown !== undefined) failed(name, unknown.why);
    else if (command !== undefined)
      env[name] = {
        cmd: `printf %s "\${${name}-$(${renderCommand(pieces, { ...options, inline: EVERY_NAME })})}"`,
      };
    else if (text !== undefined && !/[}\\"'`]/.test(text))
      env[name] = `\${${name}-${text.replaceAll("$", () => "$$")}}`;
    else if (text !== undefined) env[name] = text.replaceAll("$", () => "$$");
    else {
      const own = pieces.some(({ kind }) => kind === "run" || kind === "folder")
        ? undefined
        : givenText(pieces, "env");
      if (own === undefined)
        env[name] = {
          cmd: `printf %s "\${${name}-${renderCommand(pieces, { ...options, inline: EVERY_NAME })}}"`,
        };
      else env[name] = own;
    }
  }
  return env;
}

export const SYSTEMS = ["linux", "darwin", "windows"];

/** Where something runs; undefined for everywhere. Other systems are left out. */
export function platformsOf(table: Table): readonly string[] | undefined {
  const given = valueAt(table, "platforms");
  if (!Array.isArray(given) || given.length === 0) return undefined;
  return given
    .filter((item) => typeof item === "string")
    .flatMap((item) => {
      const [first = "", second] = item.split("/");
      if (SYSTEMS.includes(first))
        return [second === undefined ? first : `${first}/${second === "amd64" ? "x64" : second}`];
      return first === "amd64" || first === "arm64"
        ? SYSTEMS.map((system) => `${system}/${first === "amd64" ? "x64" : first}`)
        : [];
    })
    .filter((item) => /^(?:linux|darwin|windows)(?:\/(?:x64|arm64))?$/.test(item));
}
