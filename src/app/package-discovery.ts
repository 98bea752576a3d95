import type { PackageDiscovery } from "#core/config/discovery";

/** Packages by the files of their languages, which are loaded only where they are asked for. */
export const packageDiscovery: PackageDiscovery = {
  ofWorkspace: async (root, file, table) => (await import("./find-packages")).findMembers(root, file, table),
  ofRepository: async (cwd) => (await import("./find-packages")).findUnconfigured(cwd),
};
