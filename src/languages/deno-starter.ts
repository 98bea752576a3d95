import { denoProject } from "./deno-project";
import { denoToolchain } from "./deno-toolchain";
import type { LanguageStarter } from "./language-provider";
import { plainStarter } from "./plain-starter";

/** What a written configuration says of Deno's tasks. What they run is known to no one, so only the usual names count. */
export const denoStarter: LanguageStarter = plainStarter({
  name: "deno",
  globalInputs: ["deno.json", "deno.jsonc", "deno.lock"],
  cached: ["test", "lint", "check"],
  persistent: ["dev", "serve", "start", "watch"],
  project: denoProject,
  toolchain: denoToolchain,
});
