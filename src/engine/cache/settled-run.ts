import { isTable } from "#core/config/check";
import type { RunEventBody } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { decodeIndex, encodeIndex } from "./stat-index";
import type { StatIndex } from "./stat-index";

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
  readonly facts: StatIndex;
}

/*
 * The file: "zrsettle", the XXH64 of everything behind it (8 bytes), the length of a JSON text (4 bytes,
 * little-endian), the text, an index of the facts. The text holds the request first, so that another one's is told by
 * its beginning.
 */
const MAGIC = "zrsettle";
const HEADER = 20;

export function encodeSettledRun<Setting>(run: SettledRun<Setting>): Uint8Array {
  const { request, keptMs, setting, told, facts } = run;
  const text = JSON.stringify({ request, keptMs, setting, told: told.map(toldToJson) });
  const json = new TextEncoder().encode(text);
  const index = encodeIndex(facts);
  const bytes = new Uint8Array(HEADER + json.length + index.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(16, json.length, true);
  bytes.set(json, HEADER);
  bytes.set(index, HEADER + json.length);
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
  const jsonEnd = HEADER + view.getUint32(16, true);
  if (jsonEnd > bytes.length) return undefined;
  if (view.getBigUint64(8, true) !== Bun.hash.xxHash64(bytes.subarray(16))) return undefined;
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, jsonEnd)));
  if (!isTable(value) || value["request"] !== request || typeof value["keptMs"] !== "number")
    return undefined;
  const { setting, told, keptMs } = value;
  const facts = decodeIndex(bytes.subarray(jsonEnd));
  if (facts === undefined || !isSetting(setting) || !Array.isArray(told)) return undefined;
  return { request, keptMs, setting, told: told.map(toldFromJson), facts };
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
