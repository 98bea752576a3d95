import { dirname, resolveFrom } from "#base/path";
import type { FolderFiles } from "./folder-view";
import type {
  DeclaredDependency,
  InferredTask,
  LanguageProvider,
  ManifestPackage,
  MemberList,
} from "./language-provider";
import { elementsNamed, xmlElements } from "./xml-elements";

const PROJECT = /\.(?:cs|fs|vb)proj$/;
const SOLUTION = /\.slnx?$/;

/** Projects of .NET solutions. */
export const dotnet: LanguageProvider = {
  name: "dotnet",
  displayName: ".NET",
  manifests: ["*.csproj", "*.fsproj", "*.vbproj"],
  rootManifests: ["*.sln", "*.slnx"],
  foreignFolders: ["obj"],
  members,
  describe,
  starter: async () => (await import("./dotnet-starter")).dotnetStarter,
  toolchain: async () => (await import("./dotnet-toolchain")).dotnetToolchain,
  project: async () => (await import("./dotnet-project")).dotnetProject,
};

/** What a solution lists, and the projects that a project refers to. */
function members(folder: FolderFiles, root: FolderFiles): MemberList {
  const listed = folder === root ? solutionProjects(root) : [];
  const referred = projectFiles(folder).flatMap((name) =>
    references(folder, name).map(({ on }) => ("dir" in on ? on.dir : "")),
  );
  return { folders: [...listed, ...referred] };
}

const slashes = (path: string): string => path.replaceAll("\\", "/");
const projectFiles = ({ names }: FolderFiles): readonly string[] =>
  [...names].filter((name) => PROJECT.test(name)).sort();
const solutionFiles = ({ names }: FolderFiles): readonly string[] =>
  [...names].filter((name) => SOLUTION.test(name)).sort();

/** Folders of the projects, relative to the root. */
function solutionProjects(root: FolderFiles): readonly string[] {
  return solutionFiles(root).flatMap((name) => {
    const text = root.text(name) ?? "";
    const paths = name.endsWith(".slnx")
      ? elementsNamed(xmlElements(text), "Project").map(({ attributes }) => attributes["Path"] ?? "")
      : [...text.matchAll(/^Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"([^"]+)"/gm)].map(([, path = ""]) => path);
    return paths.map(slashes).flatMap((path) => (PROJECT.test(path) ? [dirname(path)] : []));
  });
}

function describe(folder: FolderFiles, root: FolderFiles): ManifestPackage | undefined {
  const files = projectFiles(folder);
  const [project] = files;
  const [solution] = folder === root ? solutionFiles(root) : [];
  const manifest = project ?? solution;
  if (manifest === undefined) return undefined;
  const file = `${folder.dir}/${manifest}`;
  const elements = project === undefined ? [] : xmlElements(folder.text(project) ?? "");
  const version = elementsNamed(elements, "Version")[0]?.text;
  const isTest =
    elementsNamed(elements, "IsTestProject")[0]?.text === "true" ||
    elementsNamed(elements, "PackageReference").some(
      ({ attributes }) => attributes["Include"] === "Microsoft.NET.Test.Sdk",
    );
  return {
    manifest: file,
    ...(project === undefined ? {} : { name: project.replace(PROJECT, "") }),
    ...(version === undefined || version === "" ? {} : { version }),
    namePlace: { file },
    dependencies: files.flatMap((name) => references(folder, name)),
    tasks: [
      task("build", "Build the project", file),
      ...(isTest || project === undefined ? [task("test", "Run the tests", file)] : []),
    ],
  };
}

const task = (name: string, description: string, file: string): InferredTask => ({
  name,
  table: { description, cmd: ["dotnet", name] },
  place: { file },
});

/** Variables that mean the folder of the project; the first ends in a slash. */
const OWN_FOLDER = /^\$\((?:MSBuildThisFileDirectory|MSBuildProjectDirectory)\)\/?/;

function references(folder: FolderFiles, name: string): readonly DeclaredDependency[] {
  const file = `${folder.dir}/${name}`;
  return elementsNamed(xmlElements(folder.text(name) ?? ""), "ProjectReference").flatMap(
    ({ attributes, start, end }): DeclaredDependency[] => {
      const place = { file, span: { start, end } };
      return (attributes["Include"] ?? "").split(";").flatMap((entry): DeclaredDependency[] => {
        const target = slashes(entry.trim()).replace(OWN_FOLDER, "");
        if (target === "" || target.includes("$(")) return [];
        return [{ on: { dir: dirname(resolveFrom(folder.dir, target)) }, kind: "ProjectReference", place }];
      });
    },
  );
}
