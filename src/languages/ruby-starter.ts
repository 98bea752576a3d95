import type { LanguageStarter } from "./language-provider";
import { plainStarter } from "./plain-starter";
import { rubyProject } from "./ruby-project";

/** What a written configuration says of the tasks of Rake. */
export const rubyStarter: LanguageStarter = plainStarter({
  name: "ruby",
  globalInputs: ["Gemfile", "Gemfile.lock", ".ruby-version", ".rubocop.yml"],
  cached: ["test", "spec", "rubocop", "lint"],
  project: rubyProject,
});
