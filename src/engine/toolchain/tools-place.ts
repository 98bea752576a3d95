import { toolFolder, versionFolder } from "#core/toolchain/tool-name";
import { ownPid } from "#system/process/is-running";
import type { ToolName } from "#core/toolchain/tool-name";

/** One version of a tool. */
export interface ToolVersionName {
  readonly tool: ToolName;
  readonly version: string;
}

/** Where tools are kept: each version in a folder of its own, what is on the way there beside them. */
export class ToolsPlace {
  readonly folder: string;

  /** @param folder absolute. */
  constructor(folder: string) {
    this.folder = folder;
  }

  versions(tool: ToolName): string {
    return `${this.folder}/${toolFolder(tool)}`;
  }

  home({ tool, version }: ToolVersionName): string {
    return `${this.versions(tool)}/${versionFolder(version)}`;
  }

  /** Unlike for every process, so that nobody finds another's half-filled folder. */
  staging({ tool, version }: ToolVersionName): string {
    return `${this.versions(tool)}/${this.stagingPrefix(version)}${ownPid()}`;
  }

  stagingPrefix(version: string): string {
    // No version has a comma in its folder's name, so that none's prefix is the beginning of another's.
    return `.new-${versionFolder(version)},`;
  }

  lock({ tool, version }: ToolVersionName): string {
    return `${this.folder}/.locks/${toolFolder(tool)}-${versionFolder(version)}.lock`;
  }

  /** Named by its address, so that a later try finds what is there; tools of one address do not write to one file. */
  download(name: ToolVersionName, url: string): string {
    const text = `${this.home(name)}\n${url}`;
    const digest = new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 24);
    return `${this.folder}/.downloads/${digest}`;
  }
}
