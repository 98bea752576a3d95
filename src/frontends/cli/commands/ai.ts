import { askedNames } from "#app/asked-names";
import { loadWorkspace } from "#app/load-workspace";
import { usageProblem } from "#app/problems";
import type { Problems } from "#app/problems";
import { NO_NAMES } from "#core/ask/known";
import { ASK_LANGUAGES } from "#core/ask/lexicon";
import type { AskLanguage } from "#core/ask/lexicon";
import { isBeyondDoubt, understand } from "#core/ask/understand";
import type { Understanding } from "#core/ask/understand";
import { confirm } from "#frontends/cli/confirm";
import type { CommandBody, CommandLine } from "#frontends/cli/command";
import { optionWords } from "#frontends/cli/invocation";
import { refuse } from "#frontends/cli/refuse";
import { formatOption, isOn, openSession, textOption } from "#frontends/cli/session";
import type { Session } from "#frontends/cli/session";
import { jsonDocument } from "#frontends/output/json-document";
import { shellWord } from "#base/shell-word";
import { visibleControls } from "#frontends/output/visible-text";
import { wallMs } from "#system/clock/clock";
import { print } from "#system/stdio/print";

/** Options of `zr ai` itself; the others go on to the commands that are understood. */
const OWN: ReadonlySet<string> = new Set(["print", "lang", "json", "format", "dry-run"]);

/** `zr ai SENTENCE…`: says which command was understood, and does it where there is no doubt, or after a yes. */
export const body: CommandBody = {
  async run({ options, words, extra }, line) {
    const session = openSession(options, line);
    const sentence = [...words, ...extra].join(" ").trim();
    if (sentence === "")
      return refuse(session, usageProblem("E184", { command: "zr ai", what: "a sentence" }));
    const { understood, broken } = await read(sentence, session);
    if (understood === undefined)
      return refuse(session, broken ?? usageProblem("E680", { sentence: shortened(sentence) }));
    if (formatOption(options) === "json") {
      await print("stdout", jsonDocument(documentOf(sentence, understood)));
      return 0;
    }
    if (isOn(options, "print") || isOn(options, "dry-run")) {
      await print("stdout", `${commandText(understood)}\n`);
      await print("stderr", `${certainty(understood)}\n`);
      return 0;
    }
    return perform(understood, session, line);
  },
};

interface Reading {
  readonly understood: Understanding | undefined;
  /** What is wrong with the configuration, without whose names the sentence was read. */
  readonly broken?: Problems;
}

async function read(sentence: string, session: Session): Promise<Reading> {
  const loaded = await loadWorkspace(session.load);
  const lang = textOption(session.options, "lang");
  const language = ASK_LANGUAGES.find((one) => one === lang);
  const understood = understand(sentence, {
    names: loaded.ok ? askedNames(loaded.value.workspace) : NO_NAMES,
    today: today(),
    ...languageOption(language),
  });
  return loaded.ok ? { understood } : { understood, broken: loaded.error };
}

const languageOption = (language: AskLanguage | undefined): { readonly language?: AskLanguage } =>
  language === undefined ? {} : { language };

/** The day in the user's own calendar, `2026-11-21`. */
function today(): string {
  const now = new Date(wallMs());
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

async function perform(understood: Understanding, session: Session, line: CommandLine): Promise<number> {
  const isQuiet = isOn(session.options, "quiet");
  const isAsking = !isBeyondDoubt(understood);
  if (!isQuiet || isAsking) await print("stderr", `${commandText(understood)}   ${certainty(understood)}\n`);
  if (isAsking) {
    const answer = await confirm("Run it?", session.options);
    if (answer === undefined)
      return refuse(session, usageProblem("E681", { command: commandText(understood) }));
    if (!answer) return 1;
  }
  const options = optionWords(line.given, OWN);
  for (const { words } of understood.commands) {
    const [name = "", ...rest] = words;
    const code = await line.repeat([name, ...options, ...rest]);
    if (code !== 0) return code;
  }
  return 0;
}

const argvOf = ({ words }: Understanding["commands"][number]): string[] => ["zr", ...words];

const commandText = ({ commands }: Understanding): string =>
  visibleControls(commands.map((one) => argvOf(one).map(shellWord).join(" ")).join(" && "));

function certainty({ confidence, unused }: Understanding): string {
  const percent = `${Math.round(confidence * 100)} % sure`;
  return unused.length === 0
    ? `(${percent})`
    : visibleControls(`(${percent}; not used: ${unused.join(", ")})`);
}

const MAX_SHOWN = 80;

const shortened = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);

const documentOf = (sentence: string, understood: Understanding): object => ({
  sentence,
  language: understood.language,
  confidence: understood.confidence,
  asks: !isBeyondDoubt(understood),
  commands: understood.commands.map((one) => ({
    argv: argvOf(one),
    effect: one.effect,
    confidence: one.confidence,
  })),
  unused: understood.unused,
});
