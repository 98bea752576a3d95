import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of what a program that asks on somebody's behalf may not do. */
export const agentDiagnosticCodes = {
  E460: {
    message: "{task} asks first: {question} It is run with confirm: true",
    doc: "A task with `confirm`, or a stage with `approval`, is run for a program only where it says `confirm: true`.",
    example: '[tasks.deploy]\ncmd = "./deploy.sh"\nconfirm = "Deploy?"\n\n$ run_task {"task": "deploy"}',
    exit: 2,
  },
  E467: {
    message: "{task} was not run: the user was asked and did not agree",
    doc: "A client that can ask its user has been told to ask what the task's `confirm`, or the stage's `approval`, asks. The user said no.",
    example: '[tasks.deploy]\ncmd = "./deploy.sh"\nconfirm = "Deploy?"\n\n$ run_task {"task": "deploy"}',
    exit: 2,
  },
  E461: {
    message: "{task} may not be run here; allowed: {allowed}",
    doc: "`zr mcp serve --allow-task GLOB` names the tasks and workflows that may be asked for.",
    example: '$ zr mcp serve --allow-task "test*"',
    exit: 2,
  },
  E462: {
    message: "{operation} changes something, and this server only reads",
    doc: "`zr mcp serve --read-only` answers questions and runs nothing.",
    example: "$ zr mcp serve --read-only",
    exit: 2,
  },
  E463: {
    message: "{task} wants a terminal, and there is none",
    doc: 'A task that is `interactive`, or reads or writes the terminal by `stdin`, `stdout` or `stderr = "inherit"`, can\'t be run by a program.',
    example: '[tasks.repl]\ncmd = "python3"\ninteractive = true\n\n$ run_task {"task": "repl"}',
    exit: 2,
  },
  E464: {
    message: "wrong arguments for {operation}: {problems}",
    doc: "The arguments don't fit the operation's input schema.",
    example: '$ run_task {"tsk": "build"}',
    exit: 2,
  },
  E465: {
    message: "{count} runs are in progress, which is as many as this server starts",
    doc: "Wait until one has ended, or cancel one with `cancel_run`.",
    example: '$ run_task {"task": "dev", "background": true}',
    exit: 2,
  },
  E466: {
    message: "can't search for '{pattern}': {reason}",
    doc: "The pattern of `search_logs` with `regex: true` is no regular expression that zr knows. Look-around and back-references are not among them.",
    example: '$ search_logs {"pattern": "(", "regex": true}',
    exit: 2,
  },
} as const satisfies CodeTable;
