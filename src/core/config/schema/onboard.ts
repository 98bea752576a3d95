import {
  boolean,
  duration,
  expression,
  formatted,
  glob,
  integer,
  list,
  literal,
  map,
  oneOf,
  oneOrMany,
  string,
  table,
  union,
} from "./kinds";
import type { ValueOf } from "./kinds";

/** Steps of `zr setup` that zr knows how to do, in their usual order. */
export const SETUP_STEPS = ["tools", "deps", "env", "services", "migrate", "validate"] as const;

/** What every step can be told. */
const stepFields = () => ({
  optional: { kind: boolean, doc: "A failure does not fail the setup.", default: "false" },
  condition: { kind: expression, doc: "Leave it out where this is false." },
  inputs: {
    kind: list(glob),
    doc: "Do it again only when one of these files has changed; without them it is done each time.",
    example: '["migrations/*.sql"]',
  },
  outputs: {
    kind: list(formatted("path")),
    doc: "What it leaves; when one of these is gone, it is done again.",
    example: '[".venv"]',
  },
  timeout: { kind: duration, doc: "Stop it after this time; then it has failed." },
});

const ownStep = table(() => ({
  cmd: { kind: formatted("command"), doc: "What to run instead of what zr does by itself." },
  ...stepFields(),
}));

const servicesStep = table(() => ({
  cmd: {
    kind: formatted("command"),
    doc: "What starts them.",
    default: "`docker compose up` where there is a Compose file",
  },
  wait: {
    kind: list(string),
    doc: "Names in `[doctor.checks]` that have to be good; where they all are, nothing is started.",
    example: '["database"]',
  },
  ...stepFields(),
}));

const furtherStep = table(() => ({
  run: { kind: formatted("task-ref"), doc: "A task." },
  cmd: { kind: formatted("command"), doc: "A command." },
  name: { kind: string, doc: "How the checklist calls it.", default: "the task or the command" },
  ...stepFields(),
}));

const install = union(
  literal(false),
  formatted("command"),
  table(() => ({
    cmd: {
      kind: formatted("command"),
      doc: "What installs them.",
      default: "the command of the package's language",
    },
    ...stepFields(),
  })),
);

const hookStep = union(
  string,
  table(() => ({ run: { kind: string, doc: "A task." }, cmd: { kind: string, doc: "A command." } })),
);

export const setup = table(() => ({
  steps: {
    kind: list(union(oneOf(...SETUP_STEPS), furtherStep)),
    doc: "What to do. Steps that do not need each other run at once.",
    default: JSON.stringify(SETUP_STEPS),
    example: '["tools", "deps", "env", { run = "seed" }]',
  },
  tools: { kind: ownStep, doc: "The step that installs `[tools]`." },
  deps: {
    kind: map(install, "path"),
    doc: "Folder → command that installs what the package there depends on; `false`: nothing is installed there.",
    default: "by the languages of each package",
    example: '{ "web" = "npm ci", "legacy" = false }',
  },
  env: { kind: ownStep, doc: "The step that makes `.env` out of `.env.example`." },
  services: { kind: servicesStep, doc: "The step that starts what tasks talk to." },
  migrate: {
    kind: ownStep,
    doc: "The step that prepares the database; the task `migrate` where there is one.",
  },
  validate: { kind: ownStep, doc: "The step that checks the configuration." },
  hooks: {
    kind: map(oneOrMany(hookStep)),
    doc: "Git hook → commands or tasks that it runs.",
    example: '{ pre-commit = { run = "lint" } }',
  },
  next: { kind: list(string), doc: "What to tell who has set up, one line each." },
}));

const check = table(() => ({
  tcp: { kind: string, doc: "`host:port` that has to accept a connection.", example: '"localhost:5432"' },
  http: { kind: string, doc: "Address that has to answer with 2xx or 3xx." },
  cmd: { kind: formatted("command"), doc: "Command that has to exit with 0." },
  hint: { kind: string, doc: "What to do where it is not so." },
  fix: { kind: formatted("command"), doc: "Command that mends it; `zr doctor --fix` runs it." },
  timeout: { kind: duration, doc: "How long it may take.", default: '"5s"' },
  optional: { kind: boolean, doc: "A failure is only a warning.", default: "false" },
}));

export const doctor = table(() => ({
  checks: { kind: map(check), doc: "Checks of your own: services, accounts, machines." },
  ports: {
    kind: list(integer(1, 65_535)),
    doc: "Ports that have to be free, beside those that tasks wait for.",
    example: "[3000, 8080]",
  },
  skip: { kind: list(string), doc: "Checks, or groups of them, to leave out.", example: '["docker"]' },
}));

export type SetupTable = ValueOf<typeof setup>;
export type StepTable = ValueOf<typeof furtherStep>;
export type ServicesTable = ValueOf<typeof servicesStep>;
