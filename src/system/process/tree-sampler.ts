import type { TreeSampler } from "./tree-use";

export interface SamplerOptions {
  /** The variable that everything a run starts has in its environment, as `<run>/<tree>`. */
  readonly variable: string;
  readonly run: string;
}

/** The way in which this system lets us look at trees of processes. */
export async function makeTreeSampler(options: SamplerOptions): Promise<TreeSampler> {
  if (process.platform === "linux") {
    const { LinuxTreeSampler } = await import("./linux-tree-sampler");
    return new LinuxTreeSampler(options);
  }
  const { ListedTreeSampler, POWERSHELL, PS } = await import("./listed-tree-sampler");
  return new ListedTreeSampler(process.platform === "win32" ? POWERSHELL : PS);
}

/** How often a tree can be looked at without the looking being felt, in milliseconds. */
export const shortestPauseMs = (): number =>
  process.platform === "linux" ? 100 : process.platform === "win32" ? 1000 : 200;
