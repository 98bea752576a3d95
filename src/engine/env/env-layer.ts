import type { KeyPath } from "#base/diagnostic";
import type { Span } from "#base/span";
import type { EnvLayerName } from "#core/model/environment";

/**
 * Where a value comes from: text; nothing (`unset` takes the name away from the layers below); the content of a file,
 * read by the caller (undefined: it could not be read); the output of a command.
 */
export type EnvValueSource =
  | string
  | { readonly unset: true }
  | { readonly file: string; readonly content: string | undefined }
  | { readonly command: string };

export interface EnvEntry {
  readonly name: string;
  /** Absent: the entry only declares something about the name. */
  readonly value?: EnvValueSource;
  /** Whether a text is expanded; default: yes, but not in `system` and `flag` layers. */
  readonly expand?: boolean;
  readonly secret?: boolean;
  readonly required?: boolean;
  readonly description?: string;
  /** Line in the layer's file, from 1. */
  readonly line?: number;
  /** Range in the layer's file. */
  readonly span?: Span;
  /** The way to the entry in the layer's file, when that is TOML. */
  readonly path?: KeyPath;
}

/** Names and values that are taken as they are. */
export type EnvValues = Readonly<Record<string, string | undefined>>;

export interface EnvLayer {
  readonly name: EnvLayerName;
  /** Absolute path. */
  readonly file?: string;
  readonly entries?: readonly EnvEntry[];
  /** Literal values without places, the form of the system's environment; below `entries` of the same layer. */
  readonly values?: EnvValues;
}

/** `.env` files may use variables, but no commands. */
export function layerRunsCommands(layer: EnvLayerName): boolean {
  return (
    layer === "workspace-env" ||
    layer === "package-env" ||
    layer === "group" ||
    layer === "profile" ||
    layer === "task-env" ||
    layer === "workflow"
  );
}

/** What comes from outside is not expanded: a shell has done that, or nobody should. */
export function layerExpands(layer: EnvLayerName): boolean {
  return layer !== "system" && layer !== "flag";
}
