import type { Toolchain } from "#core/toolchain/toolchain";
import { languageProviders } from "./index";
import type { ToolInstead } from "./language-project";

/** The toolchain of that name, or of which that is another name; undefined where no language has one. */
export async function findToolchain(name: string): Promise<Toolchain | undefined> {
  const own = languageProviders.find((provider) => provider.name === name);
  if (own?.toolchain !== undefined) return own.toolchain();
  return (await allToolchains()).find((toolchain) => toolchain.aliases?.includes(name));
}

/** The toolchains of all languages that have one. */
export async function allToolchains(): Promise<readonly Toolchain[]> {
  const found = await Promise.all(languageProviders.map((provider) => provider.toolchain?.()));
  return found.filter((toolchain) => toolchain !== undefined);
}

/** What is to be done about a tool of that name, which no toolchain has; undefined where no language knows it. */
export async function toolInstead(name: string): Promise<ToolInstead | undefined> {
  const projects = await Promise.all(languageProviders.map((provider) => provider.project?.()));
  return projects.find((project) => project?.toolInstead?.names.includes(name) === true)?.toolInstead;
}
