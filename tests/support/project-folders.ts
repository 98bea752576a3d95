import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const GIT_CONFIG = "[user]\n\tname = Test\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n";

/**
 * The folders of a test's project, absolute: `temp` holds the rest; `root` is the project itself;
 * `cache`, `config` and `data` are the XDG ones; `tmp` is TMPDIR; `rig` is the rig's own.
 */
export type Folders = Readonly<
  Record<"temp" | "root" | "home" | "cache" | "config" | "data" | "tmp" | "rig", string>
>;

/** Makes them, fresh and empty but for git's settings in the home folder. */
export function makeFolders(): Folders {
  const temp = mkdtempSync(join(realpathSync(tmpdir()), "zr-test-"));
  const inside = (name: string): string => {
    mkdirSync(join(temp, name));
    return join(temp, name);
  };
  const folders = {
    temp,
    root: inside("project"),
    home: inside("home"),
    cache: inside("cache"),
    config: inside("config"),
    data: inside("data"),
    tmp: inside("tmp"),
    rig: inside("rig"),
  };
  writeFileSync(join(folders.home, ".gitconfig"), GIT_CONFIG);
  return folders;
}
