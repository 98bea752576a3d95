import type { CodeTable } from "#core/model/diagnostic-codes";

/** What only an editor tells: nothing is wrong with it. */
export const editorDiagnosticCodes = {
  E440: {
    message: "the variable '{name}' is not used",
    doc: "Nothing in the workspace says `${vars.NAME}` or `vars.NAME`. Told by `zr lsp` only.",
    example: '[vars]\nregion = "eu"\n\n[tasks.deploy]\ncmd = "deploy"',
  },
  E441: {
    message: "the template '{name}' is not used",
    doc: "No `extends` names it. Told by `zr lsp` only.",
    example: '[templates.node]\nshell = "bash"\n\n[tasks.test]\ncmd = "npm test"',
  },
  E442: {
    message: "no file matches '{pattern}'",
    doc: "An input of a task for which there is no file at the moment. Told by `zr lsp` only, and only of globs that begin with the name of a folder or file.",
    example: '[tasks.build]\ncmd = "make"\ninputs = ["scr/**"]',
  },
} as const satisfies CodeTable;
