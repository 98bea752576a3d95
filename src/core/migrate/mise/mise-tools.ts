import type { ConvertedSections } from "#core/migrate/conversion";
import type { ConversionReport } from "#core/migrate/conversion-report";
import { isTable, tableAt, textAt } from "#base/value-at";
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
export function miseTools(
  files: readonly MiseFile[],
  report: ConversionReport,
): NonNullable<ConvertedSections["tools"]> {
  const tools: Record<string, string> = {};
  for (const file of files)
    for (const [name, value] of Object.entries(tableAt(file.value, "tools"))) {
      const place = file.place("tools", name);
      const target = toolName(name);
      const version = versionOf(value);
      if (target === undefined) {
        report.leftOut(place, name, "zr has no place to get it from");
        continue;
      }
      if (version === undefined) {
        report.leftOut(place, name, "its version has a form that zr does not know");
        continue;
      }
      if (Array.isArray(value) && value.length > 1)
        report.approximated(place, name, `only the first version, ${version}, is used`);
      if (isTable(value) && Object.keys(value).some((key) => key !== "version"))
        report.approximated(place, name, "only its version is taken over");
      if (name.startsWith("ubi:"))
        report.approximated(place, name, "its archive is chosen by zr's own rules");
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
