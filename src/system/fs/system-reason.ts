/**
 * What the system says of a call that failed, for a message that names the file by itself: `permission denied` of
 * `EACCES: permission denied, open '/a/b'`.
 */
export const systemReason = ({ message }: Error): string =>
  message.replace(/^E[A-Z0-9]+: /, "").replace(/, \w+(?: '.*)?$/s, "");
