import type { Converter, SourceTool } from "#core/migrate/conversion";

/** The converter of each tool, loaded when it is asked for. */
export const converters: Readonly<Partial<Record<SourceTool, () => Promise<Converter>>>> = {
  make: async () => (await import("#core/migrate/make/convert-makefile")).convertMakefile,
  just: async () => (await import("#core/migrate/just/convert-justfile")).convertJustfile,
  task: async () => (await import("#core/migrate/taskfile/convert-taskfile")).convertTaskfile,
  npm: async () => (await import("#core/migrate/npm/convert-npm")).convertNpm,
  turbo: async () => (await import("#core/migrate/turbo/convert-turbo")).convertTurbo,
  nx: async () => (await import("#core/migrate/nx/convert-nx")).convertNx,
  mise: async () => (await import("#core/migrate/mise/convert-mise")).convertMise,
  moon: async () => (await import("#core/migrate/moon/convert-moon")).convertMoon,
};

/** What each tool's files are called in text. */
export const sourceNames: Readonly<Record<SourceTool, string>> = {
  make: "a Makefile",
  just: "a justfile",
  task: "a Taskfile",
  npm: "package.json",
  turbo: "turbo.json",
  nx: "nx.json",
  mise: "mise.toml",
  moon: "moon.yml",
};
