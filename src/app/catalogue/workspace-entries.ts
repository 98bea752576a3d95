import { CURSOR, limit, NEXT, PACKAGE, READS, TASK, TOTAL, TRUNCATED, VERBOSE } from "./inputs";
import type { Operation } from "./operation";
import { count, flag, listOf, mapOf, object, text } from "./schema";

const workspace = async () => import("./workspace-bodies");

/** Operations about the repository and its configuration. */
export const workspaceOperations: readonly Operation[] = [
  {
    name: "validate_config",
    title: "Validate the configuration",
    description: "Checks all configuration files: every problem with code, file, line and suggestions.",
    input: object({ "limit?": limit(20, 200), "cursor?": CURSOR }),
    output: object({
      ok: flag(),
      files: count(),
      tasks: count(),
      "problems?": listOf(
        object({
          code: text(),
          severity: text(),
          message: text(),
          "file?": text(),
          "line?": count(),
          "column?": count(),
          "suggestions?": listOf(text()),
          "hint?": text(),
        }),
      ),
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await workspace()).validateConfigBody,
  },
  {
    name: "generate_config",
    title: "Generate a configuration",
    description:
      "A zr.toml out of the languages and manifests found here. Only shows it, unless write is true.",
    input: object({
      "write?": flag("Write the files."),
      "force?": flag("Overwrite files that are there."),
    }),
    output: object({
      written: flag(),
      files: listOf(object({ path: text(), text: text(), new: flag() })),
      "try?": text("A task to try."),
      "truncated?": TRUNCATED,
    }),
    effects: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
    load: async () => (await import("./generate-config")).generateConfigBody,
  },
  {
    name: "list_packages",
    title: "List packages",
    description: "Packages of the workspace with folder and dependencies.",
    input: object({
      "match?": text("Glob or part of a name."),
      "verbose?": VERBOSE,
      "limit?": limit(50, 500),
      "cursor?": CURSOR,
    }),
    output: object({
      packages: listOf(
        object({
          name: text(),
          path: text(),
          "version?": text(),
          "deps?": listOf(text()),
          "tags?": listOf(text()),
          "tasks?": listOf(text()),
        }),
      ),
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await workspace()).listPackagesBody,
  },
  {
    name: "affected",
    title: "Affected packages",
    description: "Packages that the changes since a base affect, and why.",
    input: object({
      "base?": text("Branch or commit; the default branch by default."),
      "limit?": limit(50, 500),
      "cursor?": CURSOR,
    }),
    output: object({
      "base?": text(),
      changedFiles: count(),
      packages: listOf(object({ name: text(), why: text() })),
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await workspace()).affectedBody,
  },
  {
    name: "cache_status",
    title: "Status of the cache",
    description: "What the task cache holds and how often it helped.",
    input: object({}),
    output: object({
      folder: text(),
      mode: text(),
      entries: count(),
      bytes: count(),
      maxBytes: count(),
      "hits?": count(),
      "misses?": count(),
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await workspace()).cacheStatusBody,
  },
  {
    name: "env_info",
    title: "Environment",
    description:
      "Machine, and the variables that the configuration sets for a task or a package; secrets are masked.",
    input: object({ "task?": TASK, "package?": PACKAGE, "limit?": limit(50, 500), "cursor?": CURSOR }),
    output: object({
      zr: text(),
      os: text(),
      arch: text(),
      cpus: count(),
      root: text(),
      variables: mapOf(text()),
      "unset?": listOf(text(), "Variables that are taken away."),
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: READS,
    load: async () => (await workspace()).envInfoBody,
  },
];
