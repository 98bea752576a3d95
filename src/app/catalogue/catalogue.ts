import { historyOperations } from "./history-entries";
import { onboardOperations } from "./onboard-entries";
import type { Operation } from "./operation";
import { runOperations } from "./run-entries";
import { taskOperations } from "./task-entries";
import { workspaceOperations } from "./workspace-entries";

/**
 * Everything that programs can ask zr to do: the Model Context Protocol's tools are made of it. What a new operation
 * needs is one entry. Entries are data; what does the work is loaded when it is asked for.
 */
export const catalogue: readonly Operation[] = [
  ...taskOperations,
  ...runOperations,
  ...historyOperations,
  ...workspaceOperations,
  ...onboardOperations,
];

export const findOperation = (name: string): Operation | undefined =>
  catalogue.find((operation) => operation.name === name);
