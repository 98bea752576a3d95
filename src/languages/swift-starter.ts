import type { LanguageStarter } from "./language-provider";
import { plainStarter } from "./plain-starter";
import { swiftProject } from "./swift-project";

/** What a written configuration says of the tasks of a Swift package. */
export const swiftStarter: LanguageStarter = plainStarter({
  name: "swift",
  globalInputs: [".swift-version", "Package.resolved", ".swiftlint.yml", ".swift-format"],
  cached: ["test"],
  project: swiftProject,
});
