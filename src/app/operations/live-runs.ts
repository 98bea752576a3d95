import { jsonTableOf } from "#base/json-of";
import type { Result } from "#base/result";
import { err, ok } from "#base/result";
import type { RunEvent } from "#core/model/event";
import { LIVE_FILE, LIVE_PROTOCOL, fromLiveRecord } from "#core/model/live-protocol";
import type { LiveHello } from "#core/model/live-protocol";
import type { RunRecord } from "#core/model/record";
import { readEach } from "#system/fs/read-each";
import { connectLines } from "#system/net/line-client";
import type { LineConnection } from "#system/net/line-client";

/** How long the other side may take to greet. */
const HELLO_MS = 3000;

/** A run in progress. */
export interface LiveRunPlace {
  readonly run: string;
  readonly address: string;
  /** When it was started, milliseconds since 1970. */
  readonly wallMs: number;
  readonly request: readonly string[];
}

/** A run that is being followed. */
export interface FollowedRun {
  readonly record: RunRecord;
  /** What happens from now on; over when the run is, or when the other side is gone. */
  readonly events: AsyncIterable<RunEvent>;
  readonly close: () => void;
}

/** The runs of a workspace that can be followed now, the newest first. */
export async function findLiveRuns(root: string): Promise<readonly LiveRunPlace[]> {
  const places = [...(await readEach(`${root}/.zr/run`, LIVE_FILE))]
    .map(([run, text]) => placeOf(run, text))
    .filter((place) => place !== undefined);
  const alive = await Promise.all(places.map(answers));
  return places.filter((_, index) => alive[index] === true).toSorted((a, b) => b.wallMs - a.wallMs);
}

/** Attaches to a run. The reason in words where it does not answer as it should. */
export async function followRun(place: LiveRunPlace): Promise<Result<FollowedRun, string>> {
  const connected = await connectLines(place.address);
  if (!connected.ok) return connected;
  const { lines, close } = connected.value;
  const iterator = lines[Symbol.asyncIterator]();
  // One that says nothing is cut off, which ends the wait.
  const timer = setTimeout(close, HELLO_MS);
  const first = await iterator.next();
  clearTimeout(timer);
  const hello = first.done === true ? undefined : helloOf(first.value);
  if (hello === undefined) {
    close();
    return err("it speaks another protocol");
  }
  return ok({ record: fromLiveRecord(hello.record), events: eventsOf(iterator), close });
}

async function* eventsOf(lines: AsyncIterator<string>): AsyncGenerator<RunEvent> {
  for (;;) {
    const next = await lines.next();
    if (next.done === true) return;
    const event = jsonTableOf(next.value);
    // The greeting has said that the other side speaks our protocol, and it runs as this user.
    if (event !== undefined && typeof event["type"] === "string") yield event as unknown as RunEvent;
  }
}

/** A process that was killed leaves its file behind: whether somebody answers tells. */
async function answers({ address }: LiveRunPlace): Promise<boolean> {
  const connected = await connectLines(address);
  if (connected.ok) close(connected.value);
  return connected.ok;
}

const close = (connection: LineConnection): void => connection.close();

function placeOf(run: string, text: string): LiveRunPlace | undefined {
  const value = jsonTableOf(text);
  if (value?.["v"] !== LIVE_PROTOCOL) return undefined;
  const { address, wallMs, request } = value;
  if (typeof address !== "string" || typeof wallMs !== "number" || !Array.isArray(request)) return undefined;
  return { run, address, wallMs, request: request.map(String) };
}

function helloOf(line: string): LiveHello | undefined {
  const value = jsonTableOf(line);
  const record = value?.["record"];
  const isHello = value?.["type"] === "hello" && value["v"] === LIVE_PROTOCOL;
  if (!isHello || typeof record !== "object" || record === null) return undefined;
  if (!("instances" in record) || !Array.isArray(record.instances)) return undefined;
  // The version says that the rest is as it should be, and the other side runs as this user.
  return value as unknown as LiveHello;
}
