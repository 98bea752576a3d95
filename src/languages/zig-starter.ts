import type { LanguageStarter } from "./language-provider";
import { plainStarter } from "./plain-starter";
import { zigProject } from "./zig-project";
import { zigToolchain } from "./zig-toolchain";

/** What a written configuration says of the steps of a Zig build. */
export const zigStarter: LanguageStarter = plainStarter({
  name: "zig",
  globalInputs: [".zigversion"],
  cached: ["test"],
  project: zigProject,
  toolchain: zigToolchain,
});
