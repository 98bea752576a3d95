import type { Reason } from "#core/model/reason";

/** Why an instance is in a plan, in words. */
export function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case "requested":
      return "asked for";
    case "dep":
    case "serial-dep":
      return `${reason.of} depends on it`;
    case "finally":
      return `always after ${reason.of}`;
    case "on-success":
      return `after ${reason.of} if it succeeds`;
    case "on-failure":
      return `after ${reason.of} if it fails`;
    case "call":
      return `called by ${reason.of}`;
    case "stage":
      return `stage '${reason.stage}'`;
    case "workflow-end":
      return `the workflow's ${reason.role}`;
  }
}
