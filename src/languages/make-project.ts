import type { LanguageProject } from "./language-project";
import { fileTarget, scanImports } from "./scan-imports";

/** What a Makefile builds is known to it alone. */
export const makeProject: LanguageProject = {
  inputs: ["$default"],
  outputs: [],
  toolInstead: {
    names: ["make"],
    why: "it belongs to the system",
    instead: "ask for 'system' and install it by the system's packages",
  },
  imports: {
    files: ["**/*.mk", "**/{GNUmakefile,makefile,Makefile}"],
    scan: (text) =>
      scanImports(text, { line: ["#"] }, [
        { pattern: /^[ ]*[-s]?include[ \t]+([^\s$*?#]+)/dgm, target: (path) => fileTarget(path) },
      ]),
  },
};
