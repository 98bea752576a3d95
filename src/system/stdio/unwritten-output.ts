import { systemReason } from "#system/fs/system-reason";
import type { StandardStream } from "./sink";

/** Thrown where what a command has to say can't be written, as on a full disk; the reason as the system words it. */
export class UnwrittenOutput extends Error {
  readonly stream: StandardStream;

  constructor(stream: StandardStream, cause: Error) {
    super(systemReason(cause), { cause });
    this.stream = stream;
  }
}
