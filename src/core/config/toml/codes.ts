/** The fixed texts of a diagnostic code; `{name}` stands for an entry of the diagnostic's data. */
export interface CodeTexts {
  readonly message: string;
  /** What stands beside the caret. */
  readonly label: string;
  /** One sentence or two for `zr explain` and the documentation. */
  readonly doc: string;
  /** A TOML text that has the problem; empty where none can be shown. */
  readonly example: string;
}

/** The problems of a TOML text as such, before anything is known about what it should hold. */
export const tomlDiagnosticCodes = {
  E100: {
    message: "the file is not valid TOML: {reason}",
    label: "{reason}",
    doc: "The text does not follow the rules of TOML. The caret shows where reading stopped; the mistake is there or shortly before.",
    example: '[tasks.build]\ncmd = "make\n',
  },
  E101: {
    message: "'{key}' is defined twice",
    label: "defined again here",
    doc: "A key or table may be defined once in a file. Join the two definitions or rename one of them.",
    example: '[tasks.build]\ncmd = "make"\n\n[tasks.build]\ndeps = ["lint"]\n',
  },
  E102: {
    message: "the file is not text in UTF-8",
    label: "the first byte that is not text",
    doc: "Configuration files are UTF-8 text. The file is binary or was saved in another encoding.",
    example: "",
  },
  E103: {
    message: "the file is too large: {length} characters, at most {limit} are read",
    label: "",
    doc: "Files above 64 Mi characters are not read as configuration.",
    example: "",
  },
  E104: {
    message: "tables and arrays are nested more than {limit} deep",
    label: "the deepest place",
    doc: "Tables and arrays may be nested 200 deep.",
    example: "",
  },
  E105: {
    message: "{number} is too large for a whole number",
    label: "between -9007199254740991 and 9007199254740991",
    doc: "Whole numbers must be within plus or minus 2^53 - 1, so that none is changed by rounding. Write a longer one as a string.",
    example: "[vars]\nid = 9007199254740993\n",
  },
} as const satisfies Record<string, CodeTexts>;

export type TomlDiagnosticCode = keyof typeof tomlDiagnosticCodes;
