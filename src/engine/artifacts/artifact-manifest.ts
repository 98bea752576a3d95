import { jsonOf } from "#base/json-of";
import { isCount, isTable } from "#base/value-at";
import { INSTANCE_STATES } from "#core/model/outcome";
import type { InstanceState } from "#core/model/outcome";

/** A kept file. */
export interface KeptFile {
  /** From the workspace root. */
  readonly path: string;
  /** Before compression. */
  readonly bytes: number;
  /** Permission bits. */
  readonly mode: number;
}

/** What is kept of one instance in one run: `.zr/artifacts/RUN/INSTANCE/manifest.json`, with the files beside it. */
export interface ArtifactManifest {
  readonly v: 1;
  readonly run: string;
  readonly instance: string;
  /** Without its package. */
  readonly task: string;
  /** Empty for the root package. */
  readonly package: string;
  readonly state: InstanceState;
  /** When they were kept, milliseconds since 1970. */
  readonly wallMs: number;
  /** Each file is compressed by zstd, and its name ends in `.zst`. */
  readonly compressed: boolean;
  readonly files: readonly KeptFile[];
}

export const manifestText = (manifest: ArtifactManifest): string =>
  `${JSON.stringify(manifest, undefined, 2)}\n`;

/** Reads a manifest; undefined for a text that is none. Whatever it names lies below its own folder. */
export function parseManifest(text: string): ArtifactManifest | undefined {
  const value = jsonOf(text);
  if (!isTable(value)) return undefined;
  const { v, run, instance, task, package: pkg, state, wallMs, compressed, files } = value;
  const known = INSTANCE_STATES.find((name) => name === state);
  if (v !== 1 || known === undefined || typeof compressed !== "boolean" || !Array.isArray(files))
    return undefined;
  if (typeof run !== "string" || typeof instance !== "string") return undefined;
  if (typeof task !== "string" || typeof pkg !== "string" || !isCount(wallMs)) return undefined;
  const kept = files.map(keptFile);
  if (!kept.every((file) => file !== undefined)) return undefined;
  return { v, run, instance, task, package: pkg, state: known, wallMs, compressed, files: kept };
}

function keptFile(value: unknown): KeptFile | undefined {
  if (!isTable(value)) return undefined;
  const { path, bytes, mode } = value;
  if (typeof path !== "string" || !isInnerPath(path) || !isCount(bytes) || !isCount(mode)) return undefined;
  return { path, bytes, mode: mode & 0o777 };
}

/** Whether a path leads to something below where it starts. */
const isInnerPath = (path: string): boolean =>
  path !== "" &&
  !/[\0\\]|^[A-Za-z]:/.test(path) &&
  path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
