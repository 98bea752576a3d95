import type { CodeTable } from "#core/model/diagnostic-codes";

/** Problems of what is to be followed. */
export const watchDiagnosticCodes = {
  E280: {
    message: "glob '{glob}' of {where} leaves the workspace",
    doc: "`zr watch` follows files of the workspace. A glob starts from the package's folder, with `//` in front from the workspace root, and may lead to other packages, but not out of the workspace.",
    example: '[tasks.x]\ncmd = "true"\nwatch = ["../elsewhere/**"]\n\n$ zr watch x',
  },
  E281: {
    message: "[watch.rules] names task '{name}', which does not exist",
    doc: "`zr watch --all` runs the tasks that `[watch.rules]` names when files change that match. The name is read in the package of the file that it stands in.",
    example: '[watch.rules]\n"docs/**" = "sitemap"\n[tasks.site]\ncmd = "true"\n\n$ zr watch --all',
  },
} as const satisfies CodeTable;
