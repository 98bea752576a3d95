import { printToml, type Printable } from "#core/config/toml/print-value";

/** A template that zr brings along, as data. */
export interface TemplateSource {
  readonly description: string;
  /** What comes into zr.toml, as a template; without `'''` in it. */
  readonly config: string;
  readonly questions: Readonly<Record<string, QuestionSource>>;
}

/** The keys of a question in a `template.toml`. */
export interface QuestionSource {
  readonly ask: string;
  readonly type?: "list" | "number";
  readonly choices?: readonly string[];
  readonly default: Printable;
  readonly pattern?: string;
}

/** A template as the text of a `template.toml`. */
export function templateText({ description, config, questions }: TemplateSource): string {
  const tables = Object.entries(questions).map(([name, question]) => {
    const keys = Object.entries(question).map(([key, value]) => `${key} = ${printToml(value)}\n`);
    return `\n[questions.${name}]\n${keys.join("")}`;
  });
  return `description = ${printToml(description)}\nconfig = '''\n${config}'''\n${tables.join("")}`;
}

/** The question for the name of a task. */
export const askTaskName = (name: string): QuestionSource => ({ ask: "Name of the task", default: name });

/** The question for the command of a task. */
export const askCommand = (cmd: string): QuestionSource => ({ ask: "Its command", default: cmd });

/** A question for several texts. */
export const askList = (ask: string, ...texts: readonly string[]): QuestionSource => ({
  ask,
  type: "list",
  default: texts,
});
