import { dartToolchain } from "./dart-toolchain";
import { dartProject } from "./dart-project";
import type { LanguageStarter } from "./language-provider";
import { plainStarter } from "./plain-starter";

/** What a written configuration says of the tasks of a Dart package. */
export const dartStarter: LanguageStarter = plainStarter({
  name: "dart",
  globalInputs: ["pubspec.yaml", "pubspec.lock", "analysis_options.yaml"],
  cached: ["test", "lint"],
  aliases: { format: ["fmt"] },
  project: dartProject,
  toolchain: dartToolchain,
});
