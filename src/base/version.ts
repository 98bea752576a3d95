/** Replaced by the build; absent when the program runs from source. */
declare const ZR_VERSION: unknown;
declare const ZR_COMMIT: unknown;

/** The version of zr, as in package.json; `0.0.0-source` when it runs from source. */
export const version: string = typeof ZR_VERSION === "string" ? ZR_VERSION : "0.0.0-source";

/** The short hash of the commit zr was built from, or `unknown`; `+` follows it when files differed from it. */
export const commit: string = typeof ZR_COMMIT === "string" ? ZR_COMMIT : "unknown";
