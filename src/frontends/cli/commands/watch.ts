import { parseTimer } from "#base/duration";
import { err, ok } from "#base/result";
import type { Instance, Plan } from "#core/model/plan";
import { DEFAULT_POLL_MS } from "#core/watch/watch-settings";
import type { LoadedWorkspace } from "#app/load-workspace";
import type { PlanInput } from "#app/operations/plan-run";
import { usageProblem } from "#app/problems";
import { WatchSession } from "#app/watch/watch-session";
import type { WatchHooks } from "#app/watch/watch-session";
import { loadTarget } from "#app/watch/watch-target";
import type { WatchRequest, WatchTarget } from "#app/watch/watch-target";
import type { Invocation } from "#engine/history/stored-run";
import { invocationOf } from "#frontends/cli/invocation";
import { launchRun } from "#frontends/cli/launch-run";
import { planInput } from "#frontends/cli/plan-input";
import { refuse } from "#frontends/cli/refuse";
import { isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { suggestOptions } from "#frontends/cli/suggest-options";
import { taggedTasks, tagProblem } from "#frontends/cli/tagged-tasks";
import { WatchConsole } from "#frontends/cli/watch-console";
import { WatchKeys } from "#frontends/cli/watch-keys";
import type { CommandBody, CommandLine, ParsedCommand } from "#frontends/cli/command";
import { onEndSignals } from "#system/signals";

export const body: CommandBody = {
  run: (parsed, line) => watchTasks(parsed, openSession(parsed.options, line), { line }),
};

/** Looking more often than this would keep the machine busy with nothing else. */
const LEAST_POLL_MS = 10;

/** `zr watch`, and `zr run --watch`. */
export async function watchTasks(
  parsed: ParsedCommand,
  session: Session,
  {
    line,
    targets,
    choose,
  }: {
    readonly line: CommandLine;
    /** What the words mean, where options have chosen packages; `--all` is one of those then. */
    readonly targets?: PlanInput["targets"];
    /** What they mean in another state of the workspace; the exit code where that is nothing, which has been told. */
    readonly choose?: (loaded: LoadedWorkspace) => Promise<PlanInput["targets"] | number>;
  },
): Promise<number> {
  const { options, words } = parsed;
  const all = targets === undefined && isOn(options, "all");
  const poll = textOption(options, "poll");
  const pollMs = poll === undefined ? undefined : (parseTimer(poll) ?? 0);
  if (poll !== undefined && pollMs !== undefined && pollMs < LEAST_POLL_MS)
    return refuse(session, usageProblem("E183", { name: "--poll", expected: "10ms or more", found: poll }));
  const tags = listOption(options, "tag");
  if (words.length === 0 && tags.length === 0 && !all)
    return refuse(
      session,
      usageProblem("E184", { command: "zr watch", what: "the name of a task, or --all" }),
    );
  let isFirst = true;
  const input: WatchRequest["input"] = async (loaded) => {
    const plain = planInput(parsed, session);
    if (targets !== undefined) {
      const chosen = isFirst ? targets : await choose?.(loaded);
      isFirst = false;
      return typeof chosen === "number" ? err(undefined) : ok({ ...plain, targets: chosen ?? targets });
    }
    const wrongTag = tagProblem(loaded, tags);
    if (wrongTag !== undefined) return err(wrongTag);
    return ok(tags.length === 0 ? plain : { ...plain, words: [...words, ...taggedTasks(loaded, tags)] });
  };
  const request: WatchRequest = { load: session.load, input, all };
  const target = await loadTarget(request);
  if (!target.ok) return refuse(session, suggestOptions(target.error, line.runOptions()));
  const { plan } = target.value.planned;
  if (plan.instances.length === 0)
    return refuse(
      session,
      usageProblem("E184", { command: "zr watch --all", what: "a task, or rules in [watch.rules]" }),
    );
  if (isOn(options, "dry-run"))
    return (await import("#frontends/cli/dry-run")).showDryRun(target.value.planned, session);
  if (isOn(options, "show-env"))
    return (await import("#frontends/cli/show-env")).showEnvironment(target.value.planned, session);
  return follow({ parsed, session, line }, request, { target: target.value, pollMs });
}

interface Call {
  readonly parsed: ParsedCommand;
  readonly session: Session;
  readonly line: CommandLine;
}

async function follow(
  call: Call,
  request: WatchRequest,
  { target, pollMs }: { readonly target: WatchTarget; readonly pollMs: number | undefined },
): Promise<number> {
  const { session } = call;
  const asked = pollMs ?? target.settings.pollMs;
  const console = new WatchConsole(session);
  const keys = new WatchKeys(session.options);
  const watch = new WatchSession(
    target,
    {
      request,
      env: session.host.env,
      polls: asked !== undefined,
      pollMs: asked ?? DEFAULT_POLL_MS,
    },
    {
      launch: (planned, options) => launch(call, keys, { planned, ...options }),
      tell: (event) => console.tell(event, keys.isOpen),
    },
  );
  const signals = onEndSignals((signal) => watch.stop(signal));
  const open = keys.open(watch, console);
  try {
    return await watch.run();
  } finally {
    open[Symbol.dispose]();
    signals[Symbol.dispose]();
  }
}

type LaunchInput = Parameters<WatchHooks["launch"]>[1] & {
  readonly planned: Parameters<WatchHooks["launch"]>[0];
};

/** Starts one run with everything that `zr run` has, keys left to it where it wants them. */
async function launch(
  { parsed, session, line }: Call,
  keys: WatchKeys,
  { planned, settled, subscriber }: LaunchInput,
): ReturnType<WatchHooks["launch"]> {
  const needsTerminal = instancesLeft(planned.plan, settled).some(({ interactive }) => interactive);
  if (needsTerminal) keys.pause();
  const launched = await launchRun(planned, session, {
    invocation: runInvocation(parsed, line, session),
    settled,
    subscribers: [subscriber],
    aside: (question) => keys.withoutKeys(question),
    isLive: true,
  });
  if (!launched.ok) {
    if (needsTerminal) keys.resume();
    return launched;
  }
  const { control, finish } = launched.value;
  const over = finish().then(() => {
    if (needsTerminal) keys.resume();
  });
  return ok({ control, over });
}

/** Options that say nothing about a single run. */
const OF_WATCH: ReadonlySet<string> = new Set(["watch", "all", "poll"]);

/** Each run is kept as one of `zr run`: to repeat it is not to watch again. */
function runInvocation(parsed: ParsedCommand, line: CommandLine, session: Session): Invocation {
  const given = Object.fromEntries(Object.entries(line.given).filter(([name]) => !OF_WATCH.has(name)));
  return invocationOf("run", parsed, { line: { ...line, given }, session });
}

const instancesLeft = (plan: Plan, settled: ReadonlyMap<Instance["id"], unknown>): readonly Instance[] =>
  plan.instances.filter(({ id }) => !settled.has(id));
