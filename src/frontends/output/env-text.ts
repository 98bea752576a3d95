import { isInside, relativeTo } from "#base/path";
import type { EnvLayerName } from "#core/model/environment";
import type { ShownVariable, VariableChange } from "#app/operations/env";
import type { ShownLayer, ShownTrace } from "#app/operations/env-trace";
import { shellWord } from "#base/shell-word";
import { visibleControls } from "./visible-text";

export const ENV_FORMATS = ["shell", "dotenv", "json", "github"] as const;
export type EnvFormat = (typeof ENV_FORMATS)[number];

/** The variables as text that another program reads. What is masked is never written as if it were the value. */
export function environmentText(variables: readonly ShownVariable[], format: EnvFormat): string {
  switch (format) {
    case "shell":
      return lines(variables.map(shellLine));
    case "dotenv":
      return lines(variables.map(dotenvLine));
    case "github":
      return lines(variables.flatMap(githubBlock));
    case "json": {
      const values = variables.map(({ name, value }) => [name, value ?? null] as const);
      return `${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`;
    }
  }
}

/** Names that files of variables can hold. */
const FILE_NAME = /^[\w.-]+$/;

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");

const comment = ({ name, value }: ShownVariable): string =>
  visibleControls(value === undefined ? `# ${name} is taken away` : `# ${name}=${value} (masked)`);

function shellLine(variable: ShownVariable): string {
  const { name, value, masked } = variable;
  if (masked) return comment(variable);
  if (!/^[A-Za-z_]\w*$/.test(name)) return visibleControls(`# ${name} is no name for a shell`);
  return value === undefined ? `unset ${name}` : `export ${name}=${shellWord(value)}`;
}

function dotenvLine(variable: ShownVariable): string {
  const { name, value, masked } = variable;
  if (masked || value === undefined) return comment(variable);
  if (!FILE_NAME.test(name)) return visibleControls(`# ${name} is no name for a dotenv file`);
  if (/^[\w@%+=:,./-]*$/.test(value)) return `${name}=${value}`;
  if (!/['\r\n]/.test(value)) return `${name}='${value}'`;
  const escaped = value
    .replaceAll(/[\\"$]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`);
  return `${name}="${escaped}"`;
}

/** For the file that `$GITHUB_ENV` names, which knows neither comments nor taking away. */
function githubBlock({ name, value, masked }: ShownVariable): readonly string[] {
  if (masked || value === undefined || !FILE_NAME.test(name)) return [];
  const rows = value.split(/\r?\n|\r/);
  let end = "EOF";
  for (let number = 1; rows.includes(end); number += 1) end = `EOF_${number}`;
  return [`${name}<<${end}\n${value}\n${end}`];
}

const LAYER_WORD: Readonly<Record<EnvLayerName, string>> = {
  system: "system",
  tools: "[tools]",
  "workspace-dotenv": "workspace .env",
  "workspace-env": "workspace [env]",
  "package-dotenv": "package .env",
  "package-env": "package [env]",
  group: "group",
  profile: "profile",
  "task-env-file": "task env_file",
  "task-env": "task env",
  workflow: "workflow",
  flag: "-e",
};

/** What each layer says about a variable, lowest first, the one that won marked. Files are shown from `cwd`. */
export function traceText(
  { name, value, layers }: ShownTrace,
  { cwd, unicode }: { readonly cwd: string; readonly unicode: boolean },
): string {
  const head = value === undefined ? `${name} is not set` : `${name}=${value}`;
  const rows = layers.map((layer) => [
    layer.wins ? (unicode ? "→" : ">") : " ",
    LAYER_WORD[layer.layer],
    placeText(layer, cwd),
    layer.value === undefined ? "taken away" : layer.value,
  ]);
  const width = (column: number): number =>
    Math.max(0, ...rows.map((row) => Bun.stringWidth(row[column] ?? "")));
  const [layerWidth, placeWidth] = [width(1), width(2)];
  return lines(
    [
      head,
      ...rows.map(
        ([mark = "", layer = "", place = "", shown = ""]) =>
          `${mark} ${layer.padEnd(layerWidth)}  ${place.padEnd(placeWidth)}  ${shown}`,
      ),
    ].map(visibleControls),
  );
}

function placeText({ file, line }: ShownLayer, cwd: string): string {
  if (file === undefined) return "";
  const shown = isInside(cwd, file) ? relativeTo(cwd, file) : file;
  return line === undefined ? shown : `${shown}:${line}`;
}

/** One line for each variable that would change: `+` comes, `-` goes, `~` gets another value. */
export function changesText(changes: readonly VariableChange[], unicode: boolean): string {
  const arrow = unicode ? "→" : "->";
  return lines(
    changes
      .map(({ name, before, after }) => {
        if (before === undefined) return `+ ${name}=${after ?? ""}`;
        return after === undefined ? `- ${name}=${before}` : `~ ${name}=${before} ${arrow} ${after}`;
      })
      .map(visibleControls),
  );
}
