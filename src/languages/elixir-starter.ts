import { elixirProject } from "./elixir-project";
import { elixirToolchain } from "./elixir-toolchain";
import type { LanguageStarter } from "./language-provider";
import { plainStarter } from "./plain-starter";

/** What a written configuration says of Mix's tasks. */
export const elixirStarter: LanguageStarter = plainStarter({
  name: "elixir",
  globalInputs: ["mix.exs", "mix.lock", ".formatter.exs", ".credo.exs"],
  cached: ["test", "lint"],
  persistent: ["dev"],
  aliases: { format: ["fmt"] },
  project: elixirProject,
  toolchain: elixirToolchain,
});
