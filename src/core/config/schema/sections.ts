import { env } from "./env";
import { global, include } from "./global";
import {
  any,
  boolean,
  duration,
  formatted,
  glob,
  integer,
  list,
  map,
  oneOf,
  oneOrMany,
  string,
  table,
  union,
} from "./kinds";
import type { ValueOf } from "./kinds";
import { doctor, setup } from "./onboard";
import { group, task, taskTable } from "./task";
import { workflow } from "./workflow";

const packageSelector = table(() => ({
  tag: { kind: string, doc: "Packages with this tag." },
  layer: { kind: string, doc: "Packages of this layer." },
  package: { kind: string, doc: "Packages by name (glob)." },
  path: { kind: glob, doc: "Packages by path." },
}));

const workspace = table(() => ({
  members: {
    kind: list(glob),
    doc: "Folders of the packages, relative to this file.",
    example: '["packages/*", "tools"]',
  },
  ignore: { kind: list(glob), doc: "Folders that are no members." },
  infer: {
    kind: list(string),
    doc: "Language providers that find members and tasks by themselves.",
    default: "all",
    example: '["node", "rust"]',
  },
  languages: {
    kind: list(glob),
    doc: "Files that describe further languages, relative to this file.",
    example: '["languages/*.toml"]',
  },
  default_base: {
    kind: string,
    doc: "Branch that changes are compared with.",
    default: "the default branch of `origin`, else `main`, else `master`",
  },
  global_inputs: { kind: list(glob), doc: "Files that are part of every cache key." },
  dependencies: { kind: map(list(string)), doc: "Explicit edges: package → packages it depends on." },
}));

const packageTable = table(() => ({
  name: {
    kind: formatted("package-name"),
    doc: "Name of the package.",
    default: "that of its manifest, else its path; of the root, the folder's name",
  },
  tags: { kind: list(string), doc: "Words to select it by." },
  layer: { kind: string, doc: "Layer for boundary rules." },
  deps: { kind: list(string), doc: "Packages it depends on." },
  version: { kind: string, doc: "Version, where no manifest has it." },
  private: { kind: boolean, doc: "Never published.", default: "false" },
}));

const watch = table(() => ({
  debounce: { kind: duration, doc: "Quiet time before a run.", default: '"100ms"' },
  ignore: { kind: list(glob), doc: "What to leave out." },
  rules: { kind: map(oneOrMany(formatted("task-ref")), "glob"), doc: "Glob → what to run." },
  poll: { kind: union(boolean, duration), doc: "Look at the files instead of being told." },
  clear: { kind: boolean, doc: "Clear the screen before a run.", default: "false" },
}));

const remoteCache = table(() => ({
  type: { kind: oneOf("http", "grpc", "s3", "gcs", "azure", "turbo"), doc: "Protocol." },
  url: { kind: string, doc: "Address." },
  auth: {
    kind: string,
    doc: "Credentials, by variable.",
    example: '"bearer:$TOKEN"',
  },
  bucket: { kind: string, doc: "Bucket, container or team." },
  region: { kind: string, doc: "Region of the bucket." },
  prefix: { kind: string, doc: "Prefix of every name; name of the instance of `grpc`." },
  endpoint: { kind: string, doc: "Address of a compatible store." },
  mode: {
    kind: oneOf("read-write", "read", "write", "off"),
    doc: "What it is used for.",
    default: '"read-write"',
  },
  scope: { kind: string, doc: "Prefix per team or branch." },
  timeout: { kind: duration, doc: "How long a request may wait for the server.", default: '"10s"' },
  retries: { kind: integer(0, 100), doc: "Of one request.", default: "2" },
  max_upload: { kind: formatted("size"), doc: "Larger entries stay local." },
  encrypt: { kind: string, doc: "Key, by variable." },
  sign: { kind: string, doc: "Key, by variable." },
  tls_ca: { kind: formatted("path"), doc: "Certificates to trust." },
}));

const cache = table(() => ({
  enabled: { kind: boolean, doc: "Use the cache.", default: "true" },
  local_dir: { kind: formatted("path"), doc: "Where entries are kept.", default: "the user's cache folder" },
  max_size: { kind: formatted("size"), doc: "Least recently used entries go first.", default: '"10GB"' },
  max_age: { kind: duration, doc: "Older entries go.", default: '"30d"' },
  mode: {
    kind: oneOf("read-write", "read", "write", "off"),
    doc: "What it is used for.",
    default: '"read-write"',
  },
  fingerprint: { kind: oneOf("xxh64", "sha256"), doc: "Digest of input files.", default: '"xxh64"' },
  remote: { kind: remoteCache, doc: "A cache shared with others." },
}));

const tool = union(
  string,
  table(() => ({
    version: {
      kind: string,
      doc: "Version, its beginning, a range, `latest`, `lts` or `system`.",
      default: '"latest"',
      example: '"20"',
    },
    backend: { kind: string, doc: "Where it comes from.", example: '"npm:prettier"' },
    url: {
      kind: string,
      doc: "Address of the archive; `{version}`, `{os}` and `{arch}` are filled in.",
    },
    sha256: { kind: string, doc: "Digest of the archive, in hexadecimal." },
    mirror: { kind: string, doc: "Address that stands for the publisher's." },
    os: { kind: list(string), doc: "Only on these systems.", example: '["linux", "darwin"]' },
  })),
);

const constraint = table(
  () => ({
    rule: { kind: string, doc: "Name of the rule." },
    from: { kind: union(string, packageSelector), doc: "What depends." },
    to: { kind: union(string, packageSelector), doc: "What is depended on." },
    allow: { kind: boolean, doc: "An allow-list, or a ban." },
    scope: { kind: oneOf("all", "packages", "tasks"), doc: "Which graph." },
    order: { kind: list(string), doc: "Layers from the top." },
    max: { kind: integer(0), doc: "Most allowed." },
    tag: { kind: string, doc: "Tag asked for." },
    pattern: { kind: formatted("regex"), doc: "Pattern asked for." },
    file: { kind: formatted("path"), doc: "File asked for." },
    task: { kind: string, doc: "Task asked for." },
    languages: { kind: list(string), doc: "Whose imports are read." },
    severity: { kind: oneOf("error", "warning", "info"), doc: "What a breach is.", default: '"error"' },
    message: { kind: string, doc: "Said at a breach." },
    ignore: { kind: list(string), doc: "Paths or edges to leave out." },
  }),
  ["rule"],
);

const step = union(
  string,
  table(() => ({ run: { kind: string, doc: "A task." }, cmd: { kind: string, doc: "A command." } })),
);

const hooks = table(() => ({
  before_run: { kind: oneOrMany(step), doc: "Before the first task of a run; a failure fails the run." },
  after_run: { kind: oneOrMany(step), doc: "After the last task, whatever became of it." },
  before_task: {
    kind: oneOrMany(step),
    doc: "Before each task that runs a command; a failure fails the task.",
  },
  after_task: { kind: oneOrMany(step), doc: "After each task that ran a command." },
}));

const profile = table(() => ({
  extends: { kind: formatted("profile-name"), doc: "Start from another profile." },
  env: { kind: env, doc: "Variables of the profile." },
  resources: { kind: global.fields.resources.kind, doc: "Overrides `[global.resources]`." },
  watch: { kind: watch, doc: "Overrides `[watch]`." },
  tasks: { kind: map(taskTable, "task-name"), doc: "Overrides of any task key." },
  cache: { kind: cache, doc: "Overrides `[cache]`." },
  global: { kind: global, doc: "Overrides `[global]`." },
  hooks: { kind: hooks, doc: "Replaces lists of `[hooks]`." },
}));

/** The whole of `zr.toml`: one entry a section. */
export const document = table(() => ({
  include: { kind: include, doc: "Other files to take tasks and settings from." },
  global: { kind: global, doc: "How zr behaves, whatever the task." },
  env: { kind: env, doc: "Variables of every task of the package; in the workspace root, of every package." },
  vars: {
    kind: map(any),
    doc: "Values for `${vars.name}`; never exported. A value does not refer to another.",
  },
  tasks: { kind: map(task, "task-name"), doc: "What can be run." },
  templates: { kind: map(taskTable), doc: "Task tables used only by `extends`." },
  defaults: {
    kind: table(() => ({ tasks: { kind: taskTable, doc: "Keys given to every task of the file." } })),
    doc: "Keys given to every task.",
  },
  groups: { kind: map(group), doc: "Keys inherited by tasks named `X.*`." },
  concurrency: {
    kind: map(table(() => ({ max: { kind: integer(1, 65_536), doc: "Slots." } }), ["max"])),
    doc: "Named groups with more than one slot, for `resources.mutex`.",
  },
  profiles: { kind: map(profile), doc: "Named overlays, chosen by `--profile`." },
  alias: { kind: map(string), doc: "Command shortcuts; none may shadow a command." },
  workspace: { kind: workspace, doc: "Makes this folder a workspace root." },
  package: { kind: packageTable, doc: "About this package." },
  workflows: { kind: map(workflow, "task-name"), doc: "Ordered stages of tasks." },
  watch: { kind: watch, doc: "What `zr watch` does." },
  tools: { kind: map(tool), doc: "Tools that tasks run with, and their versions." },
  cache: { kind: cache, doc: "The cache of results." },
  constraints: { kind: list(constraint), doc: "Boundary rules.", later: "boundaries" },
  ownership: {
    kind: table(() => ({
      owners: { kind: list(string), doc: "Owners." },
      reviewers: { kind: list(string), doc: "Reviewers." },
      paths: { kind: map(list(string), "glob"), doc: "Glob → owners." },
    })),
    doc: "Who owns what.",
    later: "ownership",
  },
  versioning: {
    kind: table(() => ({
      mode: {
        kind: oneOf("independent", "fixed"),
        doc: "One version each or one for all.",
        default: '"independent"',
      },
      convention: { kind: oneOf("conventional", "changesets", "manual"), doc: "Where bumps come from." },
      tag_format: { kind: string, doc: "Form of tags." },
      changelog: { kind: union(boolean, string), doc: "Write a changelog." },
      groups: { kind: map(list(string)), doc: "Packages that share a version." },
    })),
    doc: "Versions and tags.",
    later: "versioning",
  },
  setup: { kind: setup, doc: "What `zr setup` does. In the workspace root." },
  doctor: { kind: doctor, doc: "What `zr doctor` looks at. In the workspace root." },
  plugins: {
    kind: map(
      table(
        () => ({
          source: { kind: string, doc: "Where it comes from." },
          config: { kind: map(any), doc: "Its settings." },
          permissions: { kind: list(string), doc: "What it may do." },
          enabled: { kind: boolean, doc: "Whether it is loaded.", default: "true" },
        }),
        ["source"],
      ),
    ),
    doc: "Extensions.",
    later: "plugins",
  },
  services: { kind: map(map(any)), doc: "Supervised long-running processes.", later: "services" },
  server: { kind: map(any), doc: "The workflow server.", later: "the server" },
  ui: {
    kind: table(() => ({
      theme: {
        kind: oneOf("auto", "dark", "light"),
        doc: "What the colours of a run have to be seen on; `auto`: anything.",
        default: '"auto"',
      },
      color: { kind: oneOf("auto", "always", "never"), doc: "When to colour.", default: '"auto"' },
      unicode: { kind: union(boolean, oneOf("auto")), doc: "Draw with more than ASCII.", default: '"auto"' },
      timestamps: {
        kind: boolean,
        doc: "Time of day in front of each line of prefixed output.",
        default: "false",
      },
      progress: {
        kind: union(boolean, oneOf("auto")),
        doc: "Show what runs, below the output: `auto` on a terminal, `true` there beside every form of output too, `false` never.",
        default: '"auto"',
      },
    })),
    doc: "How it looks.",
  },
  history: {
    kind: table(() => ({
      keep: { kind: integer(0, 1_000_000), doc: "Runs kept.", default: "200" },
      max_age: { kind: duration, doc: "Older runs go.", default: '"30d"' },
      max_size: { kind: formatted("size"), doc: "Oldest logs go first.", default: '"1GB"' },
      enabled: { kind: boolean, doc: "Keep a history.", default: "true" },
    })),
    doc: "What is kept of past runs.",
  },
  hooks: { kind: hooks, doc: "Commands or tasks around runs and around each task." },
}));

/** What may stand in the user's own configuration. */
export const USER_SECTIONS = ["global", "cache", "tools", "ui"] as const;

export type ConfigDocument = ValueOf<typeof document>;
export type TaskTable = ValueOf<typeof taskTable>;
export type GlobalTable = ValueOf<typeof global>;
export type HooksTable = ValueOf<typeof hooks>;
export type ProfileTable = ValueOf<typeof profile>;
export type GroupTable = ValueOf<typeof group>;
export type EnvTable = ValueOf<typeof env>;
export type RemoteCacheTable = ValueOf<typeof remoteCache>;
