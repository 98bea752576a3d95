import { RunDesk } from "#app/catalogue/run-desk";
import { timeoutMs } from "#frontends/cli/timeout-option";
import { usageProblem } from "#app/problems";
import { suggest } from "#base/suggest";
import { expectLongLife } from "#system/process/compiler";
import { randomKey } from "#system/random-key";
import { onEndSignals } from "#system/signals";
import { print } from "#system/stdio/print";
import { stdinBytes } from "#system/stdio/read-bytes";
import { createByteWriter } from "#system/stdio/writer";
import type { CommandBody } from "#frontends/cli/command";
import { MCP_ACTIONS } from "#frontends/cli/completion/first-words";
import { refuse } from "#frontends/cli/refuse";
import { isOn, listOption, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { SHORT_BUDGET } from "#frontends/mcp/setting";
import type { ServerSetting } from "#frontends/mcp/setting";
import { affectedReasonText } from "#frontends/output/affected-text";
import { outcomeText } from "#frontends/output/outcome-text";
import { reasonText } from "#frontends/output/reason-text";

/** `zr mcp serve | install`. */
export const body: CommandBody = {
  async run({ options, words }) {
    const session = openSession(options);
    const [action, surplus] = words;
    if (action === undefined)
      return refuse(session, usageProblem("E184", { command: "zr mcp", what: MCP_ACTIONS.join(" or ") }));
    if (!MCP_ACTIONS.includes(action))
      return refuse(
        session,
        usageProblem("E185", { command: "zr mcp", value: action }, suggest(action, MCP_ACTIONS)),
      );
    if (surplus !== undefined)
      return refuse(session, usageProblem("E185", { command: `zr mcp ${action}`, value: surplus }));
    if (action === "install") return (await import("./mcp-install")).install(session);
    expectLongLife();
    return textOption(options, "http") === undefined ? serveStdio(session) : serveHttp(session);
  },
};

function settingOf({ options, host, load }: Session): ServerSetting {
  const allowed = listOption(options, "allow-task");
  const { cwd, configPath, profile } = load;
  const jobs = textOption(options, "jobs");
  const limitMs = timeoutMs(options);
  return {
    host,
    cwd,
    ...(configPath === undefined ? {} : { configPath }),
    ...(profile === undefined ? {} : { profile }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(limitMs === undefined ? {} : { timeoutMs: limitMs }),
    runs: new RunDesk(),
    limits: {
      readOnly: isOn(options, "read-only"),
      ...(allowed.length === 0 ? {} : { allowedTasks: allowed }),
    },
    words: { outcome: outcomeText, reason: reasonText, affected: affectedReasonText },
    budget: SHORT_BUDGET,
  };
}

/** Settles when the program is asked to end. */
function untilAsked(): { readonly ended: Promise<void> } & Disposable {
  const { promise, resolve } = Promise.withResolvers<void>();
  const signals = onEndSignals(() => resolve());
  return { ended: promise, [Symbol.dispose]: () => signals[Symbol.dispose]() };
}

async function serveStdio(session: Session): Promise<number> {
  const { serveStdio: serve } = await import("#frontends/mcp/serve-stdio");
  const writer = createByteWriter();
  const encoder = new TextEncoder();
  const pipe = {
    input: stdinBytes(),
    write: (text: string) => writer.write("stdout", encoder.encode(text)),
    isGone: () => writer.problem("stdout") !== undefined,
  };
  using end = untilAsked();
  await serve(settingOf(session), pipe, { stop: end.ended, report: (text) => say(text) });
  await writer.flush();
  return 0;
}

async function serveHttp(session: Session): Promise<number> {
  const { options, host } = session;
  const given = textOption(options, "token") ?? randomKey();
  const token = given.startsWith("$") ? host.env[given.slice(1)] : given;
  if (token === undefined || token === "")
    return refuse(session, usageProblem("E183", { name: "--token", expected: "a token", found: given }));
  const port = Number(textOption(options, "http"));
  const { serveMcpHttp } = await import("#frontends/mcp/serve-http");
  using end = untilAsked();
  const served = await serveMcpHttp(port, { setting: settingOf(session), token });
  if (!served.ok)
    return refuse(
      session,
      usageProblem("E183", { name: "--http", expected: "a free port", found: served.error }),
    );
  const { url, stop } = served.value;
  const shown = textOption(options, "token") === undefined ? `\nAuthorization: Bearer ${token}` : "";
  await print("stdout", `serving the Model Context Protocol on ${url}${shown}\n`);
  await end.ended;
  await stop();
  return 0;
}

const say = (text: string): void => void print("stderr", `zr mcp: ${text}\n`);
