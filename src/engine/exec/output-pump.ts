import type { InstanceId } from "#core/model/ids";
import type { SecretAutomaton } from "#engine/env/secret-automaton";
import { createMasker, type Masker } from "#engine/env/mask";

import type { EventHub } from "./event-hub";

/** How long a held-back end that only looks like the start of a secret may wait for its continuation. */
const HOLD_MS = 50;

export interface PumpTarget {
  readonly id: InstanceId;
  readonly stream: "stdout" | "stderr";
  readonly hub: EventHub;
  /** What to mask; asked for when the first piece comes. */
  readonly secrets: () => SecretAutomaton | undefined;
  /** Also gets every masked piece: a redirection to a file, patterns looked for in the output. */
  readonly tap?: (bytes: Uint8Array) => void | Promise<void>;
  /** Gets every piece as it came, nothing masked. */
  readonly raw?: (bytes: Uint8Array) => void;
  /** Whether the output is shown at all. */
  readonly isShown: boolean;
}

/** A stream being carried. */
export interface OutputPump {
  /** Settled when all of it has been carried. */
  readonly done: Promise<void>;
  /** Whether it is settled. */
  readonly isDone: () => boolean;
  /** Pieces taken so far. */
  readonly taken: () => number;
  /** Whether it waits for the child's side, not for a reader of the run. */
  readonly isWaiting: () => boolean;
  /** Gives up what may still come. */
  readonly cancel: () => void;
}

/**
 * Carries a child's stream to the readers of the run: masks secrets, keeps the order, and takes the next piece only
 * when the readers have room, so that memory stays bounded whatever the child prints.
 */
export function pumpOutput(source: ReadableStream<Uint8Array>, target: PumpTarget): OutputPump {
  const reader = source.getReader();
  let taken = 0;
  let isWaiting = true;
  let isDone = false;
  const flush = (masker: Masker): void => void send(masker.flush(), target);
  const carry = async (): Promise<void> => {
    let masker: Masker | undefined;
    let held: ReturnType<typeof setTimeout> | undefined;
    for (;;) {
      isWaiting = true;
      const next = await reader.read();
      isWaiting = false;
      if (held !== undefined) clearTimeout(held);
      if (next.done) break;
      taken += 1;
      target.raw?.(next.value);
      masker ??= createMasker(target.secrets());
      const waiting = send(masker.push(next.value), target);
      if (waiting !== undefined) await waiting;
      if (masker.holding) held = setTimeout(flush, HOLD_MS, masker);
    }
    if (masker !== undefined) await send(masker.end(), target);
    target.hub.endOutput(target);
    isWaiting = true;
    isDone = true;
  };
  return {
    done: carry(),
    isDone: () => isDone,
    taken: () => taken,
    isWaiting: () => isWaiting,
    cancel: () => void reader.cancel().catch(() => undefined),
  };
}

function send(bytes: Uint8Array, target: PumpTarget): void | Promise<void> {
  if (bytes.length === 0) return;
  const tapped = target.tap?.(bytes);
  const shown = target.isShown
    ? target.hub.output({ id: target.id, stream: target.stream, bytes })
    : undefined;
  if (tapped instanceof Promise) return Promise.all([tapped, shown]).then(() => undefined);
  return shown;
}
