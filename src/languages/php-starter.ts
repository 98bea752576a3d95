import type { LanguageStarter } from "./language-provider";
import { phpProject } from "./php-project";
import { plainStarter } from "./plain-starter";

/** What a written configuration says of Composer's scripts. */
export const phpStarter: LanguageStarter = plainStarter({
  name: "php",
  globalInputs: ["composer.json", "composer.lock", "phpunit.xml*", "phpstan.neon*", ".php-cs-fixer*"],
  cached: ["test", "lint", "analyse", "analyze", "phpstan", "stan"],
  persistent: ["serve", "dev"],
  project: phpProject,
});
