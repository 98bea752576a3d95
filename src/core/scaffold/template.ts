/** What a template asks. */
export interface Question {
  readonly name: string;
  readonly type: QuestionType;
  /** As it is asked. */
  readonly ask: string;
  /** May have answers to earlier questions in it. */
  readonly default?: Answer;
  /** Of a choice. */
  readonly choices: readonly string[];
  /** What a text has to be, whole. */
  readonly pattern?: string;
}

export const QUESTION_TYPES = ["string", "number", "boolean", "choice", "list"] as const;

export type QuestionType = (typeof QUESTION_TYPES)[number];

export type Answer = string | number | boolean | readonly string[];

/** What becomes of the files of a template that match a glob. */
export interface FileRule {
  readonly glob: string;
  /** Question with yes or no; written only after a yes. */
  readonly when?: string;
  /** Copied as it is, with nothing put into it. */
  readonly raw: boolean;
  /** Added to a file that is there. */
  readonly merge: boolean;
}

/** A template: what it asks and what it makes of the answers. */
export interface Template {
  readonly name: string;
  readonly description: string;
  /** Folder with its files; undefined for one that zr brings along. */
  readonly folder?: string;
  readonly questions: readonly Question[];
  /** Text to be added to zr.toml. */
  readonly config?: string;
  readonly rules: readonly FileRule[];
}

/** The file in the folder of a template that says what it is. */
export const TEMPLATE_NAME = "template.toml";
