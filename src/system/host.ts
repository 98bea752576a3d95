import { operatingSystem } from "./runtime-modules";

/** The machine and the start of this program, as far as planning and running need to know. */
export interface Host {
  /** `linux`, `darwin`, `windows`. */
  readonly os: string;
  /** `x64`, `arm64`. */
  readonly arch: string;
  /** Logical CPUs that this process may use. */
  readonly cpus: number;
  /** Bytes of memory that the machine has. */
  readonly totalMemory: () => number;
  /** Variables at the start. */
  readonly env: Readonly<Record<string, string>>;
  /** Working folder with `/` between its parts. */
  readonly cwd: string;
}

export function thisHost(): Host {
  return {
    os: process.platform === "win32" ? "windows" : process.platform,
    arch: process.arch,
    cpus: navigator.hardwareConcurrency,
    totalMemory: () => operatingSystem().totalmem(),
    // Every name that is there has a value.
    env: process.env as Record<string, string>,
    cwd: process.platform === "win32" ? process.cwd().replaceAll("\\", "/") : process.cwd(),
  };
}
