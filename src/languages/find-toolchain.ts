import type { Toolchain } from "#core/toolchain/toolchain";
import { languageProviders } from "./index";

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
