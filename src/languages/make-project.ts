import type { LanguageProject } from "./language-project";
import { fileTarget, scanImports } from "./scan-imports";

/** What a Makefile builds is known to it alone. */
export const makeProject: LanguageProject = {
  inputs: ["$default"],
  outputs: [],
  imports: {
    files: ["**/*.mk", "**/{GNUmakefile,makefile,Makefile}"],
    scan: (text) =>
      scanImports(text, { line: ["#"] }, [
        { pattern: /^[ ]*[-s]?include[ \t]+([^\s$*?#]+)/dgm, target: (path) => fileTarget(path) },
      ]),
  },
};
