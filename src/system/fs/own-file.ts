/**
 * The bytes of a file that belongs to this user; undefined where there is none, where it is someone else's, everybody may
 * write it, it is no regular file, empty, or longer than `most` bytes: what may be a pipe or a device is not opened.
 */
export async function ownBytes(path: string, most: number): Promise<Uint8Array | undefined> {
  const file = Bun.file(path);
  // A look at the file's entry; infinite for what is neither file nor folder.
  const { size } = file;
  if (size === 0 || size > most) return undefined;
  try {
    const [bytes, { uid, mode }] = await Promise.all([file.bytes(), file.stat()]);
    return isOwn(uid) && !isEverybodys(mode) ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file may be put into a folder: it is this user's, and nobody else can put files there. */
export async function isOwnFolder(path: string): Promise<boolean> {
  try {
    const { uid, mode } = await Bun.file(path).stat();
    return isOwn(uid) && (process.platform === "win32" || (mode & WRITABLE_BY_OTHERS) === 0);
  } catch {
    return false;
  }
}

/** Whether everybody may write a file of these mode bits, which say nothing of it on Windows. */
export const isEverybodys = (mode: number): boolean => process.platform !== "win32" && (mode & 0o002) !== 0;

const WRITABLE_BY_OTHERS = 0o022;

// There are no such numbers on Windows, where a user's folders are closed to others.
const isOwn = (uid: number): boolean => process.geteuid === undefined || process.geteuid() === uid;
