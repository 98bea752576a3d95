import type { LanguageStarter, StarterTask } from "./language-provider";
import { inputsWith, WHY_LOOKS_CACHED, WHY_TESTS_CACHED } from "./language-starter";
import type { Toolchain } from "#core/toolchain/toolchain";
import { declaredVersions, versionFileNames } from "./declared-versions";
import type { LanguageProject } from "./language-project";

interface PlainStarter {
  /** Name of the provider, which `[tools]` knows as well where there is a toolchain. */
  readonly name: string;
  readonly globalInputs: readonly string[];
  /** Tasks that only look at files, or run tests: they need not run again as long as no file changes. */
  readonly cached: readonly string[];
  /** Tasks that run until they are stopped. */
  readonly persistent?: readonly string[];
  /** Other names of tasks. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  readonly project: LanguageProject;
  readonly toolchain?: Toolchain;
}

/** What a configuration says of a language whose build tool keeps by itself what it has made. */
export function plainStarter(starter: PlainStarter): LanguageStarter {
  const { name: tool, globalInputs, cached, persistent = [], aliases = {}, project, toolchain } = starter;
  return {
    readsSources: true,
    reads: versionFileNames(project),
    globalInputs,
    task: ({ name, table, why }, pkg): StarterTask => {
      const others = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
      const named = others === undefined ? table : { ...table, aliases: [...others] };
      if (cached.includes(name))
        return {
          name,
          table: { ...named, cache: { platform: true }, ...inputsWith(pkg) },
          why: [...why, name === "test" ? WHY_TESTS_CACHED : WHY_LOOKS_CACHED],
        };
      if (persistent.includes(name))
        return { name, table: { ...named, persistent: true }, why: [...why, "Runs until it is stopped."] };
      return {
        name,
        table: named,
        why: name === "build" ? [...why, "Not cached by zr: its own tool keeps what it has made."] : why,
      };
    },
    tools: (folder) =>
      toolchain === undefined
        ? []
        : declaredVersions({ name: tool }, project, folder)
            .filter(({ request }) => /^\d/.test(request))
            .map(({ request, from }) => ({ name: tool, version: request, from })),
  };
}
