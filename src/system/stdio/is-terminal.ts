interface TerminalBinding {
  readonly isTTY: (fd: number) => boolean;
  readonly TTY: new (fd: number) => {
    readonly getWindowSize: (size: number[]) => boolean | number;
    readonly setRawMode: (mode: 0 | 1) => number;
  };
}

// The runtime's own binding, untyped there. `process.stdout.isTTY` says the same ten milliseconds later.
const binding = (): TerminalBinding =>
  (process as unknown as { binding: (name: string) => TerminalBinding }).binding("tty_wrap");

/** Whether the file descriptor is a terminal. */
export function isTerminal(fd: 0 | 1 | 2): boolean {
  return binding().isTTY(fd);
}

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** Size of the terminal behind the file descriptor, now; undefined where it is none or does not say. */
export function windowSize(fd: 1 | 2): WindowSize | undefined {
  if (!isTerminal(fd)) return undefined;
  const size = [0, 0];
  const { TTY } = binding();
  try {
    new TTY(fd).getWindowSize(size);
  } catch {
    return undefined;
  }
  const [columns = 0, rows = 0] = size;
  return columns > 0 && rows > 0 ? { columns, rows } : undefined;
}

let input: InstanceType<TerminalBinding["TTY"]> | undefined;

/** Whether the terminal behind standard input hands over each key as it is pressed, unshown, Ctrl-C among them. */
export function setRawMode(isRaw: boolean): void {
  // One and the same object: it knows how the terminal was before.
  input ??= new (binding().TTY)(0);
  input.setRawMode(isRaw ? 1 : 0);
}
