import { PLATFORM_ALIASES } from "#core/config/platform-aliases";

/** Whether an instance may run on this machine. */
export function runsOn(platforms: readonly string[], os: string, arch: string): boolean {
  if (platforms.length === 0) return true;
  return platforms.some((platform) => {
    const [system = "", processor] = platform.split("/");
    return (
      PLATFORM_ALIASES[system] === os && (processor === undefined || PLATFORM_ALIASES[processor] === arch)
    );
  });
}
