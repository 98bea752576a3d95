/** Languages in which sentences are understood, by their codes of ISO 639-1. */
export const ASK_LANGUAGES = ["en", "ko", "de", "fr", "es", "ja", "zh"] as const;

export type AskLanguage = (typeof ASK_LANGUAGES)[number];

/** What a piece of a sentence can be about, whatever its language. */
export type Concept =
  | "again"
  | "analytics"
  | "artifact"
  | "auto"
  | "bench"
  | "browser"
  | "cache"
  | "changed"
  | "ci"
  | "clean"
  | "completion"
  | "config"
  | "context"
  | "depends"
  | "details"
  | "dryRun"
  | "environment"
  | "estimate"
  | "everything"
  | "failed"
  | "flaky"
  | "force"
  | "format"
  | "get"
  | "graph"
  | "help"
  | "history"
  | "import"
  | "install"
  | "json"
  | "keepGoing"
  | "last"
  | "list"
  | "log"
  | "mcp"
  | "negation"
  | "newer"
  | "noCache"
  | "now"
  | "old"
  | "output"
  | "package"
  | "repository"
  | "resume"
  | "reverse"
  | "run"
  | "schema"
  | "secret"
  | "shell"
  | "should"
  | "show"
  | "status"
  | "strict"
  | "tagged"
  | "task"
  | "tool"
  | "untilFail"
  | "upgrade"
  | "validate"
  | "variable"
  | "verify"
  | "version"
  | "watch"
  | "what"
  | "where"
  | "why"
  | "workflow"
  | "zr"
  // What carries a value: the first group of the pattern that is there.
  | "base"
  | "code"
  | "jobs"
  | "profile"
  | "sinceDays"
  | "sinceHours"
  | "sinceMinutes"
  | "sinceToday"
  | "sinceYesterday"
  | "sinceWeek"
  | "sinceMonth"
  | "timeoutHours"
  | "timeoutMinutes"
  | "timeoutSeconds"
  | "times";

/** The verbs and nouns that tasks are usually called by; a task's name is made of them or of words of its own. */
export type Stem =
  | "backend"
  | "bench"
  | "build"
  | "check"
  | "clean"
  | "client"
  | "database"
  | "deploy"
  | "dev"
  | "docker"
  | "docs"
  | "e2e"
  | "format"
  | "frontend"
  | "image"
  | "install"
  | "integration"
  | "lint"
  | "migrate"
  | "notes"
  | "publish"
  | "push"
  | "release"
  | "rollback"
  | "seed"
  | "server"
  | "smoke"
  | "start"
  | "test"
  | "typecheck"
  | "unit"
  // Values that parameters, profiles and tags are usually called by.
  | "development"
  | "production"
  | "staging"
  | "slow"
  | "fast";

/**
 * The words of a language. Texts are sources of regular expressions over the sentence in small letters; those of
 * languages that put blanks between words match whole words only.
 */
export interface Lexicon {
  readonly concepts: Readonly<Partial<Record<Concept, readonly string[]>>>;
  readonly stems: Readonly<Partial<Record<Stem, readonly string[]>>>;
  /** What says nothing about what to do: articles, politeness, endings. */
  readonly fillers: readonly string[];
  /** Between deeds that come one after the other. */
  readonly then: readonly string[];
  /** Between deeds, or between things. */
  readonly and: readonly string[];
  /** True where words stand without blanks or carry endings. */
  readonly isGlued: boolean;
}
