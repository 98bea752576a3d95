import type { CodeTable } from "#core/model/diagnostic-codes";

const TASKS = '[tasks]\nbuild = "make"\ntest = "make test"\n\n';
const RELEASE = `${TASKS}[workflows.release]\nsteps = [{ run = "build" }, { run = "test" }]`;

/** Codes of workflows. */
export const workflowDiagnosticCodes = {
  E260: {
    message: "workflow '{workflow}' has no stages",
    doc: "A workflow runs its stages in order: `[[workflows.NAME.stages]]`, or `steps` with one task each.",
    example: '[workflows.release]\ndescription = "nothing yet"',
  },
  E261: {
    message: "workflow '{workflow}' has both 'stages' and 'steps'",
    doc: "`steps` is the short form of stages with one task each; use one of the two.",
    example: `${TASKS}[workflows.release]\nsteps = [{ run = "build" }]\n\n[[workflows.release.stages]]\ntasks = ["test"]`,
  },
  E262: {
    message: "two stages of workflow '{workflow}' are named '{name}'",
    doc: "Stages are told apart by their names: in conditions, in `--from` and `--only`, in the summary.",
    example: `${TASKS}[[workflows.release.stages]]\nname = "check"\ntasks = ["build"]\n\n[[workflows.release.stages]]\nname = "check"\ntasks = ["test"]`,
  },
  E263: {
    message: "no task of stage '{stage}' has the matrix axis '{axis}'",
    doc: '`for_each = "matrix.AXIS"` takes the values from the matrix of one of the stage\'s tasks. Give a list of values instead where there is none.',
    example: `${TASKS}[[workflows.release.stages]]\ntasks = ["build"]\nfor_each = "matrix.target"`,
  },
  E264: {
    message: "no workflow '{name}'{where}",
    doc: "`zr list` shows the workflows of this folder.",
    example: `${RELEASE}\n\n$ zr workflow relaese`,
    exit: 2,
  },
  E265: {
    message: "workflow '{workflow}' has no stage '{name}'",
    doc: "`--from`, `--only` and `--approve` take the name of a stage; `zr workflow NAME --dry-run` shows them.",
    example: `${RELEASE}\n\n$ zr workflow release --from tset`,
    exit: 2,
  },
  E266: {
    message: "there is no run '{run}' of a workflow to resume",
    doc: "`--resume` takes the id of a run of this workflow that did not come to its end, the beginning of such an id, or `last`.",
    example: `${RELEASE}\n\n$ zr workflow release --resume 20200101`,
    exit: 2,
  },
  E267: {
    message: "run '{run}' can't be resumed: {problem}",
    doc: "The run still goes on, or what is kept of it does not fit any more. Start it anew, at a later stage with `--from`.",
    example: "",
    exit: 2,
  },
  E268: {
    message: "{option} and {other} exclude each other",
    doc: "Each of the options says where a workflow begins and with what.",
    example: `${RELEASE}\n\n$ zr workflow release --from test --only build`,
    exit: 2,
  },
  E269: {
    message: "{what}: {problem}",
    doc: "Inputs are declared by `inputs` of the workflow, with types, choices and defaults, and given by `--input NAME=VALUE` or as words.",
    example: `${TASKS}[workflows.release]\ninputs = [{ name = "version", required = true }]\nsteps = [{ run = "build" }]\n\n$ zr workflow release`,
    exit: 2,
  },
  E270: {
    message: "task '{name}' of {where} of workflow '{workflow}' does not exist",
    doc: "A workflow runs tasks by the names by which tasks depend on each other.",
    example: `${TASKS}[[workflows.release.stages]]\nname = "check"\ntasks = ["biuld"]`,
  },
} as const satisfies CodeTable;
