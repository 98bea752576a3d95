import { CURSOR, limit, NEXT, READS, TOTAL, TRUNCATED, VERBOSE } from "./inputs";
import type { Operation } from "./operation";
import { count, flag, listOf, object, oneOf, text } from "./schema";

const bodies = async () => import("./onboard-bodies");

/** Operations that get a working copy and its machine into order. */
export const onboardOperations: readonly Operation[] = [
  {
    name: "doctor",
    title: "Look at machine and working copy",
    description:
      "What is wrong here (tools, dependencies, .env, services, ports, cache, git) and the command that mends it.",
    input: object({
      "checks?": listOf(text(), "Names of checks; all by default."),
      "verbose?": VERBOSE,
      "limit?": limit(20, 200),
      "cursor?": CURSOR,
    }),
    output: object({
      ok: flag(),
      failed: count(),
      warnings: count(),
      "findings?": listOf(
        object({
          check: text(),
          name: text(),
          state: oneOf(["ok", "warning", "failed", "skipped"]),
          detail: text(),
          "hint?": text(),
          "fix?": text("Command that mends it."),
        }),
      ),
      total: TOTAL,
      "cursor?": NEXT,
      "truncated?": TRUNCATED,
    }),
    effects: { ...READS, openWorld: true },
    load: async () => (await bodies()).doctorBody,
  },
  {
    name: "setup",
    title: "Set up the working copy",
    description:
      "Installs tools and dependencies, makes .env, starts services: what [setup] says and is not done yet.",
    input: object({
      "steps?": listOf(text(), "Names of steps; all by default."),
      "check?": flag("Only say what is to be done."),
    }),
    output: object({
      ok: flag(),
      steps: listOf(
        object({
          id: text(),
          state: oneOf([
            "done",
            "up-to-date",
            "skipped",
            "failed",
            "warning",
            "blocked",
            "interrupted",
            "todo",
          ]),
          detail: text(),
          "hint?": text(),
          "output?": text("Its last lines, where it failed."),
        }),
      ),
      "next?": listOf(text()),
      "truncated?": TRUNCATED,
    }),
    effects: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
    load: async () => (await bodies()).setupBody,
  },
];
