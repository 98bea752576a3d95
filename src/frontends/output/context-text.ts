import type { RepositoryContext } from "#app/context/repository-context";
import { yamlText } from "./yaml-text";

export type ContextFormat = "md" | "json" | "yaml";

/** The text of a context; ends with a newline. */
export function contextText(context: RepositoryContext, format: ContextFormat): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(context, undefined, 1)}\n`;
    case "yaml":
      return yamlText(context);
    case "md":
      return markdown(context);
  }
}

function markdown({
  name,
  documents,
  tools,
  packages,
  tasks,
  workflows,
  omitted,
}: RepositoryContext): string {
  const lines = [`# ${name}`];
  const section = (title: string, items: readonly string[]): void => {
    if (items.length > 0) lines.push("", `## ${title}`, ...items.map((item) => `- ${oneLine(item)}`));
  };
  const list = (word: string, values: readonly string[] | undefined): string =>
    values === undefined ? "" : `; ${word} ${values.join(", ")}`;
  section(
    "Read first",
    documents.map(({ path, title }) => (title === undefined ? path : `${path}: ${title}`)),
  );
  section(
    "Tools",
    Object.entries(tools).map(([tool, version]) => `${tool} ${version}`),
  );
  section(
    "Packages",
    packages.map(
      (pkg) =>
        `${pkg.name} (${[pkg.path, pkg.version].filter((part) => part !== undefined).join(", ")})${list("needs", pkg.deps)}${list("tags", pkg.tags)}${list("from", pkg.manifests)}${list("owned by", pkg.owners)}`,
    ),
  );
  section(
    "Tasks (zr run NAME)",
    tasks.map(
      ({ name: task, description, params, deps }) =>
        `${task}${params === undefined ? "" : ` ${params.map((param) => `<${param}>`).join(" ")}`}${description === undefined ? "" : `: ${description}`}${list("after", deps)}`,
    ),
  );
  section(
    "Workflows (zr workflow NAME)",
    workflows.map(
      ({ name: workflow, description, stages }) =>
        `${workflow}${description === undefined ? "" : `: ${description}`}${list("stages", stages)}`,
    ),
  );
  section(
    "Recent changes",
    packages.flatMap(({ name: pkg, changes = [] }) =>
      changes.map(({ commit, date, subject }) => `${pkg}: ${date} ${commit} ${subject}`),
    ),
  );
  section("Left out for want of room", omitted);
  return `${lines.join("\n")}\n`;
}

/** What stands in a list item stays one. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
