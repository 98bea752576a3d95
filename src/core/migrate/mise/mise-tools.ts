import type { ConversionReport, SourcePlace } from "#core/migrate/conversion-report";
import { isTable, type Table, tableAt, textAt } from "#base/value-at";
import type { MiseFile } from "./mise-files";

/** Tools that zr installs by their own names. */
const OWN: Readonly<Record<string, string>> = {
  node: "node",
  nodejs: "node",
  python: "python",
  go: "go",
  golang: "go",
  rust: "rust",
  zig: "zig",
  deno: "deno",
  bun: "bun",
  java: "java",
  terraform: "terraform",
  dart: "dart",
  kotlin: "kotlin",
  elixir: "elixir",
  dotnet: "dotnet",
};

const BACKENDS: Readonly<Record<string, string>> = {
  npm: "npm",
  pipx: "pypi",
  cargo: "cargo",
  go: "go",
  github: "github",
  ubi: "github",
};

/** `[tools]` of mise as ours. Backends that zr doesn't have are left out. */
export const miseTools = (
  files: readonly MiseFile[],
  report: ConversionReport,
): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...files.map((file) =>
      toolsIn(tableAt(file.value, "tools"), { report, place: (name) => file.place("tools", name) }),
    ),
  );

interface ToolPlaces {
  readonly report: ConversionReport;
  readonly place: (tool: string) => SourcePlace;
  /** The task that they are for. */
  readonly task?: string;
}

/** A table of tools, of a file or of one task. */
export function toolsIn(
  given: Table,
  { report, place: placeOf, task }: ToolPlaces,
): Readonly<Record<string, string>> {
  const tools: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const place = placeOf(name);
    const what = task === undefined ? name : `${task}.tools.${name}`;
    const target = toolName(name);
    const version = versionOf(value);
    if (target === undefined) {
      report.leftOut(place, what, "zr has no place to get it from");
      continue;
    }
    if (version === undefined) {
      report.leftOut(place, what, "its version has a form that zr does not know");
      continue;
    }
    if (Array.isArray(value) && value.length > 1)
      report.approximated(place, what, `only the first version, ${version}, is used`);
    if (isTable(value) && Object.keys(value).some((key) => key !== "version"))
      report.approximated(place, what, "only its version is taken over");
    if (name.startsWith("ubi:")) report.approximated(place, what, "its archive is chosen by zr's own rules");
    tools[target] = version;
  }
  return tools;
}

function toolName(name: string): string | undefined {
  const plain = name.replace(/^core:/, "").replace(/\[.*\]$/, "");
  if (Object.hasOwn(OWN, plain)) return OWN[plain];
  const [, backend = "", rest = ""] = /^(\w+):(.+)$/.exec(plain) ?? [];
  return Object.hasOwn(BACKENDS, backend) && rest !== "" ? `${BACKENDS[backend] ?? ""}:${rest}` : undefined;
}

function versionOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const text =
    typeof first === "number" ? String(first) : typeof first === "string" ? first : textAt(first, "version");
  const plain = text?.replace(/^prefix:/, "");
  return plain !== undefined && /^(?:latest|lts|system|v?\d[\w.+-]*)$/.test(plain) ? plain : undefined;
}
