import { diagnosticCodes } from "#app/diagnostic-codes";
import type { Candidate } from "./completion-source";

/** The codes of errors with their messages. */
export const codeCandidates = (): readonly Candidate[] =>
  Object.entries(diagnosticCodes).map(([value, entry]) => ({ value, description: entry.message }));
