/** The configuration of a package. */
export const CONFIG_NAME = "zr.toml";
/** What lies above it, for one checkout only. */
export const LOCAL_NAME = "zr.local.toml";
/** Both, lowest first. */
export const CONFIG_NAMES: readonly string[] = [CONFIG_NAME, LOCAL_NAME];
