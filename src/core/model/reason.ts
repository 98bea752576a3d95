import type { InstanceId } from "./ids";

/** Why an instance is in a plan, recorded where it is decided. The first cause found is kept. */
export type Reason =
  | { readonly kind: "requested" }
  | { readonly kind: "dep"; readonly of: InstanceId }
  | { readonly kind: "serial-dep"; readonly of: InstanceId }
  | { readonly kind: "finally"; readonly of: InstanceId }
  | { readonly kind: "on-success"; readonly of: InstanceId }
  | { readonly kind: "on-failure"; readonly of: InstanceId }
  | { readonly kind: "call"; readonly of: InstanceId }
  | { readonly kind: "stage"; readonly stage: string }
  | { readonly kind: "workflow-end"; readonly role: WorkflowEnd };

/** What of a workflow is run when its stages have ended. */
export type WorkflowEnd = "on_failure" | "on_success" | "finally";
