/** A value as it is written in TOML, on one line; what it can't write stands as it would in JSON. */
export const tomlText = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(tomlText).join(", ")}]` : JSON.stringify(value);

const BOOLEANS: Readonly<Record<string, string>> = {
  true: "true",
  yes: "true",
  on: "true",
  false: "false",
  no: "false",
  off: "false",
};

/** How a line is written that is no TOML, by what it looks like; `offset` is where reading stopped. */
export function textHint(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const line = text.slice(start, end === -1 ? text.length : end).replace(/\r$/, "");
  if (line.length > 200) return undefined;
  return colonHint(line, offset - start) ?? unquotedHint(line);
}

/** `build: lint` of a Makefile, a justfile or YAML, and `{ A: "b" }` of JSON. */
function colonHint(line: string, column: number): string | undefined {
  if (!line.slice(column).startsWith(":")) return undefined;
  const inline = /[{,]\s*["']?([\w-]+)["']?\s*$/.exec(line.slice(0, column));
  if (inline !== null) return `TOML has = where JSON and YAML have a colon: ${inline[1]} = …`;
  const [, indent = "", key = "", rest = ""] = /^(\s*)["']?([\w.-]+)["']?\s*:\s*(.*)$/.exec(line) ?? [];
  if (key === "") return undefined;
  if (indent !== "" && rest !== "")
    return `TOML has = where YAML has a colon: ${key} = ${tomlText(rest.replaceAll(/^["']|["']$/g, ""))}`;
  if (["tasks", "jobs", "targets", "scripts", "vars", "env", "version"].includes(key))
    return 'this is YAML; a task is written [tasks.build] with cmd = "…" below (zr init --from-task takes a Taskfile over)';
  return `a task is written [tasks.${key}] with cmd = "…" below (zr init --from-make or --from-just takes such a file over)`;
}

/** `cmd = make build`: a string without quotation marks. */
function unquotedHint(line: string): string | undefined {
  const [, key = "", value = ""] = /^\s*([\w.-]+)\s*=\s*([^"'#]+?)\s*(?:#.*)?$/.exec(line) ?? [];
  if (key === "" || value === "") return undefined;
  const boolean = BOOLEANS[value.toLowerCase()];
  if (boolean !== undefined) return `write ${key} = ${boolean}`;
  const list = /^\[\s*([\w./:*^-]+(?:[\s,]+[\w./:*^-]+)*)\s*,?\s*\]$/.exec(value)?.[1];
  if (list !== undefined) return `write ${key} = ${tomlText(list.split(/[\s,]+/))}`;
  return /^[[{]/.test(value) || value.includes('"') ? undefined : `write ${key} = ${tomlText(value)}`;
}
