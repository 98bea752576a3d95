import type { LanguageProject } from "./language-project";
import { moduleTarget, scanImports } from "./scan-imports";

/** Images of Docker; what they build on are other images. */
export const dockerProject: LanguageProject = {
  inputs: ["$default"],
  outputs: [],
  toolInstead: {
    names: ["docker"],
    why: "it is a service of the system",
    instead: "ask for 'system' and install Docker Engine or Docker Desktop",
  },
  imports: {
    files: ["**/Dockerfile", "**/*.Dockerfile"],
    scan: (text) =>
      scanImports(text, {}, [
        {
          pattern: /^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?([^\s#$]+)/dgim,
          target: (image) => (image === "scratch" ? undefined : moduleTarget(image)),
        },
      ]),
  },
};
