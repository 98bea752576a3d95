import type { ListedPackage, PackageInfo } from "#app/operations/packages";
import type { Theme } from "./theme";
import { visibleControls } from "./visible-text";

/** Packages in columns: name, path, version, tags. */
export function packageList(packages: readonly ListedPackage[], theme: Theme): string {
  if (packages.length === 0) return "no packages\n";
  const rows = packages.map(({ name, path, version = "", tags }) => [
    visibleControls(name),
    visibleControls(path),
    visibleControls(version),
    tags.map((tag) => `{${visibleControls(tag)}}`).join(" "),
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => Bun.stringWidth(row[column] ?? ""))),
  );
  const lines = rows.map(([name = "", ...rest]) => {
    const padded = [name, ...rest].map(
      (text, column) => text + " ".repeat(Math.max(0, (widths[column] ?? 0) - Bun.stringWidth(text))),
    );
    const [first = "", ...others] = padded;
    return `${theme.good(first)}  ${theme.dim(others.join("  ").trimEnd())}`.trimEnd();
  });
  return `${lines.join("\n")}\n`;
}

/** One package on a page. */
export function packagePage(info: PackageInfo, theme: Theme): string {
  const { name, path, version, tags, manifests, tasks, dependencies, dependents } = info;
  const lines = [
    `${theme.strong(visibleControls(name))}${version === undefined ? "" : ` ${visibleControls(version)}`}`,
    theme.dim(path),
  ];
  const section = (title: string, rows: readonly string[]): void => {
    if (rows.length > 0)
      lines.push("", theme.strong(title), ...rows.map((row) => `  ${visibleControls(row)}`));
  };
  section("tags", tags);
  section("manifests", manifests);
  section(
    "depends on",
    dependencies.flatMap((edge) =>
      edge.declared.map(({ kind, file, line }) => `${edge.name}  ${kind} in ${file}:${line ?? 1}`),
    ),
  );
  section("needed by", dependents);
  section("tasks", tasks);
  return `${lines.join("\n")}\n`;
}
