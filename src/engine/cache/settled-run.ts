import { isTable } from "#core/config/check";
import type { RunEventBody } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import type { ReadFacts } from "./read-facts";
import { decodeIndex, encodeIndex } from "./stat-index";

/** Something that a run told: an event, or a piece of a task's output. */
export type Told =
  | { readonly kind: "event"; readonly body: RunEventBody }
  | {
      readonly kind: "output";
      readonly id: InstanceId;
      readonly stream: "stdout" | "stderr";
      readonly bytes: Uint8Array;
    };

/** A run in which every result was there already: as long as its facts hold, the same request ends the same way. */
export interface SettledRun<Setting> {
  /** Digest of all that was asked for and of the environment. */
  readonly request: string;
  /** Milliseconds since 1970. */
  readonly keptMs: number;
  /** What whoever kept it needs to show it again. */
  readonly setting: Setting;
  readonly told: readonly Told[];
  readonly facts: ReadFacts;
  /** What is needed to do it again where inputs have changed, as JSON; empty where it can't be. Read only then. */
  readonly work: Uint8Array;
}

/*
 * The file: "zrsettle", the XXH64 of everything behind it (8 bytes), the lengths of two JSON texts (4 bytes each,
 * little-endian), the texts, an index of the facts. The first text is what is told, with the parts of the index; the
 * second is the work.
 */
const MAGIC = "zrsettle";
const HEADER = 24;

export function encodeSettledRun<Setting>(run: SettledRun<Setting>): Uint8Array {
  const { request, keptMs, setting, told, facts, work } = run;
  const { fixed, outputs } = facts;
  const text = JSON.stringify({ request, keptMs, setting, fixed, outputs, told: told.map(toldToJson) });
  const json = new TextEncoder().encode(text);
  const index = encodeIndex(facts.index);
  const workAt = HEADER + json.length;
  const indexAt = workAt + work.length;
  const bytes = new Uint8Array(indexAt + index.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(16, json.length, true);
  view.setUint32(20, work.length, true);
  bytes.set(json, HEADER);
  bytes.set(work, workAt);
  bytes.set(index, indexAt);
  view.setBigUint64(8, Bun.hash.xxHash64(bytes.subarray(16)), true);
  return bytes;
}

/**
 * Undefined where the bytes are not one, are damaged, or belong to another request.
 *
 * @param isSetting checks what the caller has put into it.
 */
export function decodeSettledRun<Setting>(
  bytes: Uint8Array,
  request: string,
  isSetting: (value: unknown) => value is Setting,
): SettledRun<Setting> | undefined {
  if (bytes.length < HEADER || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const workAt = HEADER + view.getUint32(16, true);
  const indexAt = workAt + view.getUint32(20, true);
  if (indexAt > bytes.length) return undefined;
  if (view.getBigUint64(8, true) !== Bun.hash.xxHash64(bytes.subarray(16))) return undefined;
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, workAt)));
  if (!isTable(value) || value["request"] !== request || typeof value["keptMs"] !== "number")
    return undefined;
  const { setting, told, keptMs, fixed, outputs } = value;
  const index = decodeIndex(bytes.subarray(indexAt));
  if (index === undefined || !isSetting(setting) || !Array.isArray(told)) return undefined;
  if (typeof fixed !== "number" || typeof outputs !== "number") return undefined;
  const facts = { index, fixed, outputs };
  const work = bytes.subarray(workAt, indexAt);
  return { request, keptMs, setting, told: told.map(toldFromJson), facts, work };
}

type StoredTold = RunEventBody | readonly [InstanceId, "stdout" | "stderr", string];

const toldToJson = (told: Told): StoredTold =>
  told.kind === "event"
    ? told.body
    : [
        told.id,
        told.stream,
        Buffer.from(told.bytes.buffer, told.bytes.byteOffset, told.bytes.length).toString("base64"),
      ];

// The digest says that this is what was written; only the user may write there.
const toldFromJson = (stored: StoredTold): Told =>
  "type" in stored
    ? { kind: "event", body: stored }
    : { kind: "output", id: stored[0], stream: stored[1], bytes: Buffer.from(stored[2], "base64") };
