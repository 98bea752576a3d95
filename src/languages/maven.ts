import type { Span } from "#base/span";
import type { FolderFiles } from "./folder-view";
import type { DeclaredDependency, InferredTask, ManifestPackage } from "./language-provider";
import { onceAFolder } from "./once-a-folder";
import { childText, elementsNamed, xmlElements } from "./xml-elements";
import type { XmlElement } from "./xml-elements";

export const POM = "pom.xml";

/** The folders of a project's modules, those of its profiles included. */
export function mavenModules(folder: FolderFiles): readonly string[] {
  const project = projectOf(folder);
  return project === undefined
    ? []
    : ["module", "subproject"].flatMap((name) =>
        elementsNamed([project], name).map(({ text }) => text.replace(/\/[^/]+\.xml$/, "")),
      );
}

/** What a pom.xml says about its project. */
export function mavenProject(folder: FolderFiles, root: FolderFiles): ManifestPackage | undefined {
  const project = projectOf(folder);
  const name = childText(project, "artifactId");
  if (project === undefined || name === undefined) return undefined;
  const file = `${folder.dir}/${POM}`;
  const parent = project.children.find((child) => child.name === "parent");
  const group = childText(project, "groupId") ?? childText(parent, "groupId") ?? "";
  const version = childText(project, "version") ?? childText(parent, "version");
  const nameElement = project.children.find((child) => child.name === "artifactId") ?? project;
  const filled = (text: string | undefined): string =>
    (text ?? "").replaceAll(/\$\{(?:project\.|pom\.)?groupId\}/g, group);
  const idOf = (element: XmlElement): string =>
    `${filled(childText(element, "groupId"))}:${childText(element, "artifactId") ?? ""}`;
  const on = (element: XmlElement, kind: string): DeclaredDependency => ({
    on: { name: idOf(element) },
    kind,
    place: { file, span: spanOf(element) },
  });
  return {
    manifest: file,
    name,
    ids: [`${group}:${name}`],
    ...(version === undefined || version.includes("${") ? {} : { version }),
    namePlace: { file, span: spanOf(nameElement) },
    dependencies: [
      ...(parent === undefined ? [] : [on(parent, "parent")]),
      ...dependenciesOf(project).map((element) => on(element, childText(element, "scope") ?? "compile")),
      ...importsOf(project).map((element) => on(element, "import")),
      ...extensionsOf(project).map((element) => ({
        ...on(element, element.name),
        on: { name: idOf(element), accepts: acceptsVersion(childText(element, "version")) },
      })),
    ],
    tasks: tasksOf(folder, root),
  };
}

const projectOf = onceAFolder((folder) =>
  xmlElements(folder.text(POM) ?? "").find((element) => element.name === "project"),
);

const spanOf = ({ start, end }: XmlElement): Span => ({ start, end });

/** What is only managed is not depended on. */
function dependenciesOf(element: XmlElement): readonly XmlElement[] {
  if (element.name === "dependencyManagement") return [];
  return element.children.flatMap((child) =>
    element.name === "dependencies" && child.name === "dependency" ? [child] : dependenciesOf(child),
  );
}

/** Lists of versions that are taken over from another project. */
const importsOf = (project: XmlElement): readonly XmlElement[] =>
  elementsNamed([project], "dependencyManagement")
    .flatMap((element) => elementsNamed([element], "dependency"))
    .filter((element) => childText(element, "scope") === "import");

/** What the build itself is made with, but for Maven's own plugins, whose group needs not be named. */
function extensionsOf(element: XmlElement): readonly XmlElement[] {
  if (element.name === "pluginManagement") return [];
  return element.children.flatMap((child) =>
    (child.name === "plugin" || child.name === "extension") && isForeign(childText(child, "groupId"))
      ? [child]
      : extensionsOf(child),
  );
}

const isForeign = (group: string | undefined): boolean =>
  group !== undefined && group !== "org.apache.maven.plugins";

/** A version written out means a module only where that has it. */
const acceptsVersion =
  (wanted: string | undefined) =>
  (version: string | undefined): boolean =>
    wanted === undefined || wanted.includes("${") || version === undefined || wanted === version;

const PHASES: readonly (readonly [string, string])[] = [
  ["build", "package"],
  ["test", "test"],
  ["verify", "verify"],
  ["clean", "clean"],
];

/** A module is built from the root, with what it needs of the others. */
function tasksOf(folder: FolderFiles, root: FolderFiles): readonly InferredTask[] {
  const isPart = folder !== root && root.names.has(POM);
  const top = isPart ? root : folder;
  const program = top.names.has("mvnw") ? "./mvnw" : "mvn";
  return PHASES.map(([name, phase]) => {
    const selected = isPart ? ["-pl", folder.path, ...(phase === "clean" ? [] : ["-am"])] : [];
    return {
      name,
      table: {
        description: `Maven's ${phase}`,
        cmd: [program, "-B", ...selected, phase, ...(phase === "package" ? ["-DskipTests"] : [])],
        ...(isPart ? { cwd: "//" } : {}),
      },
      place: { file: `${folder.dir}/${POM}` },
    };
  });
}
