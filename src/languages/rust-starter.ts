import type { FolderFiles } from "./folder-view";
import type { LanguageStarter, StarterPackage, StarterTask, WantedTool } from "./language-provider";
import { inputsWith, toolVersions, WHY_LOOKS_CACHED, WHY_TESTS_CACHED } from "./language-starter";

const MANIFEST = "Cargo.toml";
const PINS = ["rust-toolchain.toml", "rust-toolchain"] as const;

/** What a written configuration says of the tasks of a crate. */
export const rustStarter: LanguageStarter = {
  readsSources: true,
  reads: [...PINS, ".tool-versions", "build.rs"],
  globalInputs: [MANIFEST, "Cargo.lock", ...PINS, "rustfmt.toml", ".rustfmt.toml", "clippy.toml"],
  task: (inferred, pkg) => {
    const { name, table } = inferred;
    const told = (...why: readonly string[]): readonly string[] => [...inferred.why, ...why];
    switch (name) {
      case "build":
      case "check":
        return {
          name,
          table,
          why: told("Not cached by zr: Cargo keeps what it has compiled in target/ by itself."),
        };
      case "test":
        return {
          name,
          table: { ...table, cache: { platform: true }, ...inputsWith(pkg) },
          why: told(WHY_TESTS_CACHED),
        };
      case "clippy":
        return {
          name,
          table: { ...table, aliases: ["lint"], cache: { platform: true }, ...inputsWith(pkg) },
          why: told(WHY_LOOKS_CACHED),
        };
      default:
        return { name, table, why: told("Not cached: it changes sources.") };
    }
  },
  further: ({ folder, root }): readonly StarterTask[] =>
    isProgram({ folder, root })
      ? [
          {
            name: "dev",
            table: { description: "Run the program", cmd: ["cargo", "run"], interactive: true },
            why: ["Has the terminal to itself."],
          },
        ]
      : [],
  tools,
};

const isProgram = ({ folder }: Pick<StarterPackage, "folder" | "root">): boolean =>
  folder.names.has("src/main.rs") || Array.isArray(folder.value(MANIFEST)["bin"]);

function tools(folder: FolderFiles): readonly WantedTool[] {
  const found: WantedTool[] = [];
  for (const from of PINS) {
    const text = folder.text(from) ?? "";
    const version =
      /^\s*channel\s*=\s*["'](\d+\.\d+(?:\.\d+)?)["']/m.exec(text)?.[1] ??
      /^\s*(\d+\.\d+(?:\.\d+)?)\s*$/.exec(text)?.[1];
    if (version !== undefined) found.push({ name: "rust", version, from });
  }
  return [...found, ...toolVersions(folder, { rust: "rust" })];
}
