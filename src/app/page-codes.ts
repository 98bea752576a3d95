import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of pages. */
export const pageDiagnosticCodes = {
  E193: {
    message: "can't listen on {address}: {reason}",
    doc: "Another program uses the port, or the system keeps it for itself. `--serve` alone takes a free one.",
    example: "",
    exit: 2,
  },
} as const satisfies CodeTable;
