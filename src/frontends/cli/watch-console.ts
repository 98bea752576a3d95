import { formatDuration } from "#base/duration";
import type { AskedRun } from "#core/watch/watch-machine";
import type { WatchEvent } from "#app/watch/watch-session";
import { loadLook } from "#frontends/output/look";
import type { Look } from "#frontends/output/look";
import { visibleControls } from "#frontends/output/visible-text";
import type { PollingReason } from "#system/watch/watcher";
import { isTerminal } from "#system/stdio/is-terminal";
import { print } from "#system/stdio/print";
import type { Session } from "./session";
import { showProblems } from "./show-problems";
import { hasUnicode } from "./terminal-facts";

/** What keys do. */
const KEY_HELP = ["r run again", "a run all", "f run what failed", "p pause", "c clear", "q quit"];
/** Names shown in a list before the rest is counted. */
const MOST_NAMES = 4;
/** Clears the screen and what has scrolled off it, and goes to its first place (ECMA-48). */
const CLEAR_SCREEN = "\u001B[2J\u001B[3J\u001B[H";

const ASKED_TEXT: Readonly<Record<AskedRun, string>> = {
  again: "run again",
  all: "run all",
  failed: "run what failed",
};

/** Says on standard error what a watch does. */
export class WatchConsole {
  readonly #session: Session;
  readonly #look: Promise<Look>;

  constructor(session: Session) {
    this.#session = session;
    this.#look = loadLook({ color: session.color, unicode: hasUnicode(session.host.env) });
  }

  async tell(event: WatchEvent, hasKeys: boolean): Promise<void> {
    if (event.type === "refused") {
      await showProblems(this.#session, event.problems);
      if (event.keepsOld) await this.#say("the configuration from before stays in use");
      return;
    }
    if (event.type === "starting" && event.clear) await this.clear();
    const look = await this.#look;
    const text = eventText(event, look, hasKeys);
    await print("stderr", `${look.theme.dim(text)}\n`);
  }

  /** Clears the screen, where there is one. */
  async clear(): Promise<void> {
    if (isTerminal(2)) await print("stderr", CLEAR_SCREEN);
  }

  /** Says what keys there are. */
  async help(): Promise<void> {
    await this.#say(KEY_HELP.join(` ${(await this.#look).symbols.dot} `));
  }

  async #say(text: string): Promise<void> {
    await print("stderr", `${(await this.#look).theme.dim(text)}\n`);
  }
}

function eventText(
  event: Exclude<WatchEvent, { readonly type: "refused" }>,
  { symbols }: Look,
  hasKeys: boolean,
): string {
  switch (event.type) {
    case "starting": {
      const asked = event.asked.map((one) => ASKED_TEXT[one]);
      const why = [
        ...(event.files.length === 0 ? [] : [`changed: ${namesText(event.files)}`]),
        ...(asked.length === 0 ? [] : [asked.join(", ")]),
      ];
      return `${why.join("; ")} ${symbols.arrow} ${namesText(event.run)}`;
    }
    case "waiting": {
      const what = event.isPaused ? "paused" : `watching ${count(event.tasks, "task")}`;
      const keys = event.isPaused ? "p to go on" : "h for help";
      return hasKeys ? `${what}; ${keys}` : what;
    }
    case "polling":
      return pollingText(event.reason, formatDuration(event.intervalMs));
    case "reloaded":
      return "the configuration was read again";
    case "loop":
      return (
        `not run again: the runs themselves write ${namesText(event.files)}. ` +
        "Declare it in 'outputs', or leave it out by 'watch.ignore'."
      );
    case "nothing":
      return event.asked.includes("failed") ? "nothing has failed" : "nothing to run again";
  }
}

function pollingText(reason: PollingReason, interval: string): string {
  switch (reason.kind) {
    case "asked":
      return `looking at the files every ${interval}`;
    case "limit":
      return (
        `the system does not follow so many folders (${reason.code}): looking at the files every ${interval}. ` +
        "On Linux fs.inotify.max_user_watches says how many it may be."
      );
    case "network":
      return `files on ${reason.fileSystem} change without notice: looking at them every ${interval}`;
  }
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map(visibleControls).join(", ");
  const left = names.length - MOST_NAMES;
  return left <= 0 ? shown : `${shown} and ${left} more`;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
