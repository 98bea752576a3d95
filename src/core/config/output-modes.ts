/** How the output of tasks is shown. */
export const OUTPUT_MODES = ["interleaved", "grouped", "prefixed", "quiet", "errors-only"] as const;
