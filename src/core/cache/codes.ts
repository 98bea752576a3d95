import type { CodeTable } from "#core/model/diagnostic-codes";

/** Problems of what tasks say about caching. */
export const cacheDiagnosticCodes = {
  E310: {
    message: "'{glob}' in '{key}' of task '{task}' {why}",
    doc: "Inputs lie in the workspace. Outputs lie in the task's package, or in the workspace with `//` in front, and are never all of a package: what a cached result does not have is removed from them.",
    example: '[tasks.build]\ncmd = "make"\ncache = true\noutputs = ["../shared/**"]\n\n$ zr run build',
  },
  E311: {
    message: "outputs of task '{task}' and of task '{other}' overlap: '{glob}' and '{theirs}'",
    label: "{other} writes there too",
    doc: "Restoring one task's outputs would change those of the other. Give each its own folder (instances of a matrix too, by `${matrix.KEY}` in the path), or set `allow_overlap = true` on one of them where you know that they write different files.",
    example:
      '[tasks.js]\ncmd = "make js"\ncache = true\noutputs = ["dist/**"]\n[tasks.css]\ncmd = "make css"\noutputs = ["dist/*.css"]\n\n$ zr run js',
  },
} as const satisfies CodeTable;
