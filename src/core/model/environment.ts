import type { Place } from "#base/diagnostic";

/** The layers of a task's environment, lowest first. */
const ENV_LAYERS = [
  "system",
  "tools",
  "workspace-dotenv",
  "workspace-env",
  "package-dotenv",
  "package-env",
  "group",
  "profile",
  "task-env-file",
  "task-env",
  "workflow",
  "flag",
] as const;
export type EnvLayerName = (typeof ENV_LAYERS)[number];

/** A variable as a layer gives it, not yet expanded. */
export interface EnvEntry {
  readonly name: string;
  readonly value:
    | { readonly kind: "text"; readonly text: string; readonly expand: boolean }
    | { readonly kind: "unset" }
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "command"; readonly command: string }
    | { readonly kind: "declared" };
  readonly secret?: boolean;
  readonly required?: boolean;
  readonly description?: string;
}

/** One source of variables. A `files` layer is read when its instance starts; the others are complete. */
export interface EnvSource {
  readonly layer: EnvLayerName;
  /** Where the entries stand: file and key path of the table. */
  readonly place?: Place;
  readonly entries: readonly EnvEntry[];
  /** Dotenv files to read, in order; `optional` ones may be missing. */
  readonly files?: readonly { readonly path: string; readonly optional: boolean }[];
}
