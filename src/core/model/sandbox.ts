/** What a task may do besides reading what it declares. */
export interface SandboxRule {
  /** Whether it may use the network. */
  readonly net: boolean;
  /** Whether it may write only to where its outputs are. */
  readonly writesOutputsOnly: boolean;
}
