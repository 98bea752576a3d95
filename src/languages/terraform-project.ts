import { pessimisticRequest } from "./declared-versions";
import type { LanguageProject } from "./language-project";
import { fileTarget, moduleTarget, scanImports } from "./scan-imports";
import { soleVersion } from "./sole-version";

const LOCK = ".terraform.lock.hcl";

const required = (text: string): string | undefined => {
  const version = /^[ \t]*required_version[ \t]*=[ \t]*"([^"\n]+)"/m.exec(text)?.[1];
  return version === undefined ? undefined : pessimisticRequest(version);
};

/** Modules of Terraform. */
export const terraformProject: LanguageProject = {
  inputs: ["$default", "!.terraform/**"],
  outputs: [],
  versionFiles: [
    { name: ".terraform-version", read: (text) => soleVersion(text) },
    ...["versions.tf", "terraform.tf", "main.tf"].map((name) => ({ name, read: required })),
  ],
  looksFor: [LOCK],
  install: (folder) => {
    const files = [...folder.names].filter((name) => name.endsWith(".tf")).sort();
    return files.length === 0
      ? undefined
      : {
          cmds: [["terraform", "init", "-input=false"]],
          cwd: folder.dir,
          reads: [...files, ...(folder.names.has(LOCK) ? [LOCK] : [])],
          makes: [".terraform"],
        };
  },
  imports: {
    files: ["**/*.tf"],
    scan: (text) =>
      scanImports(text, { line: ["#", "//"], block: [["/*", "*/"]], quotes: ['"'] }, [
        {
          pattern: /^[ \t]*source[ \t]*=[ \t]*"([ ]+)"/dgm,
          target: (source) => (/^\.{1,2}\//.test(source) ? fileTarget(source) : moduleTarget(source)),
        },
      ]),
  },
};
