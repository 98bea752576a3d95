/** A part of the site: its name beside the pages, and the pages in their order. */
export interface NavigationPart {
  readonly title: string;
  /** The entry of the bar that it belongs to. */
  readonly area: "Guides" | "Migration" | "Cookbook" | "Reference" | "Contributing";
  /** Paths in the repository. */
  readonly pages: readonly string[];
}

/** Every page of the site, in the order in which they stand beside each other. Titles come from the pages. */
export const NAVIGATION: readonly NavigationPart[] = [
  {
    title: "Start",
    area: "Guides",
    pages: ["docs/getting-started.md", "docs/installing.md", "docs/upgrading.md", "docs/concepts.md"],
  },
  {
    title: "Tasks",
    area: "Guides",
    pages: [
      "docs/tasks.md",
      "docs/running.md",
      "docs/output.md",
      "docs/expressions.md",
      "docs/environment.md",
      "docs/environment-variables.md",
      "docs/workflows.md",
      "docs/hooks.md",
      "docs/artifacts.md",
      "docs/remote.md",
      "docs/resources.md",
    ],
  },
  {
    title: "Every day",
    area: "Guides",
    pages: [
      "docs/tui.md",
      "docs/watch.md",
      "docs/history.md",
      "docs/analytics.md",
      "docs/graph.md",
      "docs/benchmarking.md",
      "docs/reports.md",
      "docs/toolchains.md",
      "docs/ai.md",
      "docs/setup.md",
      "docs/scaffolding.md",
      "docs/completion.md",
    ],
  },
  {
    title: "Caching",
    area: "Guides",
    pages: ["docs/caching.md", "docs/cache-commands.md", "docs/cache-store.md", "docs/remote-cache.md"],
  },
  {
    title: "Monorepos",
    area: "Guides",
    pages: ["docs/workspaces.md", "docs/monorepos.md", "docs/affected.md", "docs/ci.md"],
  },
  {
    title: "Editors and agents",
    area: "Guides",
    pages: ["docs/lsp.md", "docs/json-schema.md", "docs/mcp.md", "docs/context.md"],
  },
  {
    title: "Migration",
    area: "Migration",
    pages: [
      "docs/comparison.md",
      "docs/onboarding-a-team.md",
      "docs/migrating-from-make.md",
      "docs/migrating-from-just.md",
      "docs/migrating-from-task.md",
      "docs/migrating-from-npm.md",
      "docs/migrating-from-turbo.md",
      "docs/migrating-from-nx.md",
      "docs/migrating-from-moon.md",
      "docs/migrating-from-mise.md",
    ],
  },
  { title: "Cookbook", area: "Cookbook", pages: ["docs/cookbook.md"] },
  {
    title: "Reference",
    area: "Reference",
    pages: [
      "docs/configuration.md",
      "docs/commands.md",
      "docs/errors.md",
      "docs/troubleshooting.md",
      "docs/faq.md",
    ],
  },
  {
    title: "Contributing",
    area: "Contributing",
    pages: [
      "CONTRIBUTING.md",
      "docs/building.md",
      "docs/adding-a-language.md",
      "docs/releasing.md",
      "docs/architecture.md",
      "docs/dependencies.md",
      "bench/README.md",
      "SECURITY.md",
      "CHANGELOG.md",
    ],
  },
];
