import { resolveFrom } from "#base/path";
import { commandTasks } from "./command-tasks";
import { NO_MEMBERS } from "./language-provider";
import type { FolderFiles } from "./folder-view";
import type { DeclaredDependency, LanguageProvider, ManifestPackage } from "./language-provider";
import { onceAFolder } from "./once-a-folder";
import { maskSource } from "./source-mask";

/** Modules of Terraform: folders with files of that ending (developer.hashicorp.com/terraform/language/files). */
export const terraform: LanguageProvider = {
  name: "terraform",
  displayName: "Terraform",
  manifests: ["*.tf"],
  marks: [".terraform.lock.hcl"],
  foreignFolders: [".terraform"],
  isFallback: true,
  // A module that another one calls is not planned by itself.
  members: () => NO_MEMBERS,
  describe,
  toolchain: async () => (await import("./terraform-toolchain")).terraformToolchain,
  project: async () => (await import("./terraform-project")).terraformProject,
};

const filesOf = ({ names }: FolderFiles): readonly string[] =>
  [...names].filter((name) => name.endsWith(".tf")).sort();

function describe(folder: FolderFiles): ManifestPackage | undefined {
  const files = filesOf(folder);
  const manifest = files.includes("main.tf") ? "main.tf" : files[0];
  if (manifest === undefined) return undefined;
  const file = `${folder.dir}/${manifest}`;
  return {
    manifest: file,
    namePlace: { file },
    dependencies: dependenciesOf(folder),
    tasks: commandTasks(file, [
      ["init", "Fetch providers and modules", ["terraform", "init", "-input=false"]],
      ["validate", "Check the configuration", ["terraform", "validate"]],
      ["plan", "Show what would change", ["terraform", "plan", "-input=false"]],
      ["format", "Format the files", ["terraform", "fmt", "-recursive"]],
    ]).map((task) => ({
      ...task,
      table: {
        ...task.table,
        ...(task.name === "validate" || task.name === "plan" ? { deps: ["init"] } : {}),
      },
    })),
  };
}

/** Modules by folder: `source = "./modules/network"`. */
const dependenciesOf = onceAFolder((folder): readonly DeclaredDependency[] =>
  filesOf(folder).flatMap((name) => {
    const text = folder.text(name) ?? "";
    const file = `${folder.dir}/${name}`;
    const code = maskSource(text, { line: ["#", "//"], block: [["/*", "*/"]], quotes: ['"'] });
    return [...code.matchAll(/^[ \t]*source[ \t]*=[ \t]*"([ ]+)"/dgm)].flatMap(
      (match): readonly DeclaredDependency[] => {
        const [start, end] = match.indices?.[1] ?? [0, 0];
        const path = text.slice(start, end);
        return /^\.{1,2}\//.test(path)
          ? [
              {
                on: { dir: resolveFrom(folder.dir, path) },
                kind: "module",
                place: { file, span: { start, end } },
              },
            ]
          : [];
      },
    );
  }),
);
