import { decodeKeptAnswer, encodeKeptAnswer } from "#engine/cache/kept-answer";
import { changedSince, factsOfReads, isSameAtFirstSight } from "#engine/cache/read-facts";
import { wallMs } from "#system/clock/clock";
import { keepNewest, MOST_KEPT_BYTES } from "#system/fs/keep-newest";
import { ownBytes } from "#system/fs/own-file";
import { beginReadTrace } from "#system/fs/read-trace";
import type { ReadTrace } from "#system/fs/read-trace";
import type { Host } from "#system/host";
import { keptPlaceOf } from "./kept-place";
import type { KeptPlace, Question } from "./kept-place";
import { isOwnState } from "./own-state";

/*
 * What takes long to work out of files alone is kept with how every file and folder looked that was read for it. As long as
 * all of them look the same, the same question has the same answer.
 */

/** What is being worked out, to be kept. */
export interface Reading {
  readonly place: KeptPlace;
  readonly trace: ReadTrace;
  /** Milliseconds since 1970. */
  readonly beganMs: number;
}

/**
 * The kept answer, where everything that it was read from looks the same. Else what notes all reading from now on, for who
 * keeps the answer then; undefined where there is no place for it.
 */
export async function recallAnswer<Answer>(
  question: Question,
  host: Host,
  isAnswer: (value: unknown) => value is Answer,
): Promise<{ readonly answer: Answer } | { readonly reading: Reading | undefined }> {
  const place = keptPlaceOf(question, host);
  if (place === undefined) return { reading: undefined };
  const bytes = await ownBytes(place.path, MOST_KEPT_BYTES);
  const kept = bytes === undefined ? undefined : decodeKeptAnswer(bytes, place.request, isAnswer);
  // All facts decide: there is no other that may have changed.
  if (
    kept !== undefined &&
    ((await isSameAtFirstSight(kept.facts)) || (await changedSince(kept.facts)) !== undefined)
  )
    return { answer: kept.answer };
  return { reading: { place, trace: beginReadTrace(), beganMs: wallMs() } };
}

export interface KeepOptions {
  /** Root of the workspace, in which zr has files of its own. */
  readonly root: string;
  /** How many answers of a kind are kept. */
  readonly most: number;
  /** Whether what was asked besides files is asked again whenever the answer is used. */
  readonly isAskedAgain?: (obstacle: string) => boolean;
}

/** Keeps an answer; ends the noting. Never fails: without it everything is read again. */
export async function keepAnswer(
  answer: unknown,
  { place, trace, beganMs }: Reading,
  { root, most, isAskedAgain = () => false }: KeepOptions,
): Promise<void> {
  const isOwn = isOwnState(root);
  const facts = await factsOfReads({ trace, beganMs, isOwn, isInput: () => false, isAskedAgain });
  if (facts === undefined) return;
  const kept = { request: place.request, keptMs: wallMs(), answer, facts, rest: new Uint8Array(0) };
  await keepNewest(place.path, encodeKeptAnswer(kept), most);
}
