import { isTable } from "#base/value-at";
import type { LogChunk } from "#core/model/cache";
import type { RunEventBody } from "#core/model/event";
import type { InstanceId } from "#core/model/ids";
import { decodeKeptAnswer, encodeKeptAnswer } from "./kept-answer";
import type { KeptAnswer, StoredAnswer } from "./kept-answer";
import type { ToldResult } from "./result-memory";

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
export interface KeptRun<Setting> extends Omit<KeptAnswer<unknown>, "answer" | "rest"> {
  /** What whoever kept it needs to show it again. */
  readonly setting: Setting;
  readonly told: readonly Told[];
  /** Whether all that it told is there: then it can be told again. */
  readonly isComplete: boolean;
  /** What is needed to do it again where inputs have changed, as JSON; empty where it can't be. Read only then. */
  readonly work: Uint8Array;
}

/** One that comes out of storage. */
export type StoredRun<Setting> = Omit<KeptRun<Setting>, "facts"> & Pick<StoredAnswer<unknown>, "facts">;

/** What was told of each instance that has ended. */
export function toldResults(told: readonly Told[]): ReadonlyMap<InstanceId, ToldResult> {
  const output = new Map<InstanceId, LogChunk[]>();
  const results = new Map<InstanceId, ToldResult>();
  for (const item of told) {
    if (item.kind === "event") {
      if (item.body.type !== "instance.finished") continue;
      const { id } = item.body;
      results.set(id, { output: output.get(id) ?? [], finished: item.body });
      continue;
    }
    const { id, stream, bytes } = item;
    const chunks = output.get(id);
    if (chunks === undefined) output.set(id, [{ stream, bytes }]);
    else chunks.push({ stream, bytes });
  }
  return results;
}

export function encodeKeptRun<Setting>(run: KeptRun<Setting>): Uint8Array {
  const { setting, told, isComplete, work, ...kept } = run;
  const answer: AnswerOfRun<Setting> = { setting, told: told.map(toldToJson), isComplete };
  return encodeKeptAnswer({ ...kept, answer, rest: work });
}

/**
 * Undefined where the bytes are not one, are damaged, or belong to another request.
 *
 * @param isSetting checks what the caller has put into it.
 */
export function decodeKeptRun<Setting>(
  bytes: Uint8Array,
  request: string,
  isSetting: (value: unknown) => value is Setting,
): StoredRun<Setting> | undefined {
  const isAnswer = (value: unknown): value is AnswerOfRun<Setting> =>
    isTable(value) && isSetting(value["setting"]) && Array.isArray(value["told"]);
  const kept = decodeKeptAnswer(bytes, request, isAnswer);
  if (kept === undefined) return undefined;
  const { answer, rest, ...others } = kept;
  const { setting, told, isComplete } = answer;
  return { ...others, setting, told: told.map(toldFromJson), isComplete, work: rest };
}

interface AnswerOfRun<Setting> {
  readonly setting: Setting;
  readonly told: readonly StoredTold[];
  readonly isComplete: boolean;
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
