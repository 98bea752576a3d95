import { fileSystem } from "#system/runtime-modules";

/** Numbers by which Linux names file systems whose files others change (statfs(2), linux/magic.h). */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, "nfs"],
  [0x517b, "smb"],
  [0xff534d42, "cifs"],
  [0xfe534d42, "smb2"],
  [0x01021997, "9p"],
  [0x65735546, "fuse"],
  [0x00c36400, "ceph"],
  [0x5346414f, "afs"],
  [0x786f4256, "vboxsf"],
  [0xbacbacbc, "vmhgfs"],
]);

/** The name of the file system of a folder where changes made by other machines are not told to this one. */
export async function networkFileSystem(folder: string): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  try {
    const { type } = await fileSystem().statfs(folder);
    return NETWORK_TYPES.get(type >>> 0);
  } catch {
    return undefined;
  }
}
