import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of `[setup]`, `[doctor]` and the commands that follow them. */
export const onboardDiagnosticCodes = {
  E620: {
    message: "[{section}] belongs in the zr.toml of the workspace root",
    doc: "A repository is set up and looked at as a whole. In the file of a member the section would never be read.",
    example: "",
  },
  E621: {
    message: "git has no hook '{name}'",
    doc: "`[setup.hooks]` takes the names that git calls hooks by, such as `pre-commit` and `pre-push`.",
    example: '[setup.hooks]\npre-comit = "true"',
  },
  E622: {
    message: "{path} is no folder of this workspace",
    doc: "`[setup.deps]` takes folders, relative to the file, in which something is installed.",
    example: '[setup.deps]\n"no/such/folder" = "npm ci"',
  },
  E623: {
    message: "[doctor.checks] has no check '{name}'",
    doc: "`wait` of `[setup.services]` takes names of checks that services have to pass.",
    example: '[setup.services]\ncmd = "true"\nwait = ["database"]',
  },
  E624: {
    message: "the check '{name}' needs exactly one of tcp, http and cmd",
    doc: "A check asks one question: whether a port accepts a connection, an address answers, or a command succeeds.",
    example: '[doctor.checks.database]\nhint = "start it"',
  },
  E625: {
    message: "a step of [setup] needs exactly one of run and cmd",
    doc: "A step of your own runs one task or one command.",
    example: '[setup]\nsteps = ["tools", { name = "seed" }]',
  },
  E626: {
    message: "there is no {what} '{name}'",
    doc: "`zr setup` and `zr doctor` take the names that their lists show.",
    example: "$ zr setup everything",
    exit: 2,
  },
  E627: {
    message: "can't keep what has been set up in {path}: {reason}",
    doc: "`zr setup` notes what it has done in the folder `.zr` of the workspace, which it has to be able to write to.",
    example: "",
    exit: 1,
  },
  E628: {
    message: "[setup] runs task '{name}', which does not exist",
    doc: "Steps and git hooks take tasks by the names that `zr run` knows in the workspace root.",
    example: '[setup]\nsteps = [{ run = "sed" }]\n[tasks.seed]\ncmd = "true"',
  },
} as const satisfies CodeTable;
