/** The configuration of a package. */
export const CONFIG_NAME = "zr.toml";
/** What lies above it, for one checkout only. */
export const LOCAL_NAME = "zr.local.toml";
