import { INSTANCE_STATES } from "#core/model/outcome";
import { isCount, isTable, isTextList } from "#base/value-at";
import type { StoredInstance, StoredRun } from "./stored-run";

/** A file of the inbox: a record, and what its instances printed as far as that is not in files of its own. */
export interface RecordFile {
  readonly run: StoredRun;
  readonly pack: Uint8Array;
}

const NEWLINE = 0x0a;
const END = new TextEncoder().encode("\n#end\n");

/**
 * A record as bytes: one line of JSON, the pack, and an end by which half a file is known. It is written without a
 * rename, since what a rename takes to load costs a short run more than everything else.
 */
export function encodeRecord({ run, pack }: RecordFile): Uint8Array {
  const head = new TextEncoder().encode(`${JSON.stringify({ packBytes: pack.length, run })}\n`);
  const bytes = new Uint8Array(head.length + pack.length + END.length);
  bytes.set(head);
  bytes.set(pack, head.length);
  bytes.set(END, head.length + pack.length);
  return bytes;
}

/** The record in a file; undefined where it is incomplete or no record. */
export function decodeRecord(bytes: Uint8Array): RecordFile | undefined {
  const end = bytes.indexOf(NEWLINE);
  if (end === -1) return undefined;
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  } catch {
    return undefined;
  }
  if (!isTable(head) || !isCount(head["packBytes"])) return undefined;
  const packBytes = head["packBytes"];
  if (bytes.length !== end + 1 + packBytes + END.length) return undefined;
  const run = checkedRun(head["run"]);
  if (run === undefined) return undefined;
  return { run, pack: bytes.subarray(end + 1, end + 1 + packBytes) };
}

/** Names of folders and files are made of it. */
const RUN_ID = /^\d{8}-\d{6}-[a-z0-9]{4}$/;
const LOG_FILE = /^[a-z0-9]+\.zst$/;

/** A run that somebody could have written by hand, if it holds what its readers rely on. */
export function checkedRun(value: unknown): StoredRun | undefined {
  if (!isTable(value) || value["v"] !== 1) return undefined;
  const { run, wallMs, durationMs, exitCode, invocation, labels, instances, requested, jobs } = value;
  if (typeof run !== "string" || !RUN_ID.test(run)) return undefined;
  if (![wallMs, durationMs, exitCode, jobs].every(Number.isFinite)) return undefined;
  if (!isTable(invocation) || typeof invocation["cwd"] !== "string") return undefined;
  if (typeof invocation["command"] !== "string") return undefined;
  const lists = [invocation["options"], invocation["words"], invocation["extra"], requested];
  if (!lists.every(isTextList)) return undefined;
  if (!isTable(labels) || !Object.values(labels).every((label) => typeof label === "string"))
    return undefined;
  if (!Array.isArray(instances) || !instances.every(isInstance)) return undefined;
  if (value["git"] !== undefined && !isGit(value["git"])) return undefined;
  if (value["carried"] !== undefined && !isTextList(value["carried"])) return undefined;
  // Its parts that anything is done with have just been looked at.
  return value as unknown as StoredRun;
}

const STATES: ReadonlySet<unknown> = new Set(INSTANCE_STATES);

function isInstance(value: unknown): value is StoredInstance {
  if (!isTable(value) || !isTable(value["outcome"])) return false;
  const { id, task, command, outcome, attempts, durationMs, log, after } = value;
  return (
    typeof id === "string" &&
    typeof value["package"] === "string" &&
    typeof task === "string" &&
    typeof command === "string" &&
    isTextList(value["tags"]) &&
    STATES.has(outcome["state"]) &&
    isCount(attempts) &&
    Number.isFinite(durationMs) &&
    (log === undefined || isLog(log)) &&
    (after === undefined || (Array.isArray(after) && after.every(isCount)))
  );
}

const isGit = (value: unknown): boolean =>
  isTable(value) &&
  typeof value["commit"] === "string" &&
  (value["dirty"] === null || typeof value["dirty"] === "boolean");

const isLog = (value: unknown): boolean =>
  isTable(value) &&
  typeof value["file"] === "string" &&
  LOG_FILE.test(value["file"]) &&
  isCount(value["start"]) &&
  isCount(value["bytes"]);
