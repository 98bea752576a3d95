import type { InstanceState } from "#core/model/outcome";

/** Signs with a meaning; each stands beside a word that says the same. */
export interface Symbols {
  readonly state: Readonly<Record<InstanceState, string>>;
  readonly stage: string;
  readonly retry: string;
  readonly bar: string;
  readonly corner: string;
  readonly ellipsis: string;
  readonly dot: string;
  readonly times: string;
  readonly arrow: string;
}

export const UNICODE_SYMBOLS: Symbols = {
  state: {
    success: "✓",
    cached: "✓",
    skipped: "○",
    failed: "✗",
    timed_out: "✗",
    canceled: "■",
    blocked: "⊘",
  },
  stage: "▶",
  retry: "↻",
  bar: "│",
  corner: "┌─",
  ellipsis: "…",
  dot: "·",
  times: "×",
  arrow: "→",
};

export const ASCII_SYMBOLS: Symbols = {
  state: {
    success: "+",
    cached: "+",
    skipped: "-",
    failed: "x",
    timed_out: "x",
    canceled: "!",
    blocked: "!",
  },
  stage: ">",
  retry: "~",
  bar: "|",
  corner: "--",
  ellipsis: "...",
  dot: "-",
  times: "x",
  arrow: "->",
};
