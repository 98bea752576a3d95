const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Hears the signals that ask a program to end, until disposed. */
export function onEndSignals(hear: (signal: string) => void): Disposable {
  const listeners = ENDING.map((signal) => [signal, () => hear(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}
