import type { Failure, Outcome } from "#core/model/outcome";
import { quotedWord } from "#base/shell-word";
import { syncPaths } from "#engine/remote/sync-paths";
import type { SyncPaths } from "#engine/remote/sync-paths";
import type { RemoteCommand } from "#engine/remote/remote-program";
import { readTar, TarError } from "#system/archive/tar-read";
import { tarArchive } from "#system/archive/tar-write";
import { placeFile } from "#system/fs/place-file";
import { isFolder } from "#system/fs/is-folder";
import { pathExists } from "#system/fs/path-exists";
import { listFiles } from "#system/fs/list-files";
import { ignored, transfer } from "./remote-transfer";
import type { TransferOptions } from "./remote-transfer";

/** So many names go with one call of tar there, which a command line can hold whatever they are. */
const NAMES_A_CALL = 200;

/**
 * Copies files there, runs the commands, and copies files back: after a success, and after commands that failed by
 * themselves, whose reports are worth having. `stopped` is how it ends where it was asked to.
 */
export async function runSynced(
  options: TransferOptions,
  run: () => Promise<Outcome>,
  stopped: () => Outcome | undefined,
): Promise<Outcome> {
  const unsent = await copyThere(options);
  const before = stopped();
  if (before !== undefined) return before;
  if (unsent !== undefined) return { state: "failed", failure: unsent };
  const outcome = await run();
  const { state, failure } = outcome;
  if (state !== "success" && failure?.kind !== "exit" && failure?.kind !== "signal") return outcome;
  const unfetched = await copyBack(options);
  if (state !== "success") return outcome;
  return stopped() ?? (unfetched === undefined ? outcome : { state: "failed", failure: unfetched });
}

/** Copies the files that `sync` takes there into its folder. */
async function copyThere(options: TransferOptions): Promise<Failure | undefined> {
  const { instance, remote } = options;
  const up = remote.sync?.up ?? [];
  if (up.length === 0) return undefined;
  const folder = instance.environment;
  const names = await localNames(folder, syncPaths(up));
  if (names.length === 0) return undefined;
  return transfer({ words: words("tar", "-xof", "-") }, options, {
    feed: () => tarArchive(folder, names),
    read: ignored,
  });
}

/**
 * Copies the files that `sync` brings back to the package folder. What comes is not trusted: only files that were asked
 * for are taken, and only to where their names say, by a temporary file and a rename.
 */
async function copyBack(options: TransferOptions): Promise<Failure | undefined> {
  const { remote } = options;
  const down = remote.sync?.down ?? [];
  if (down.length === 0) return undefined;
  const paths = syncPaths(down);
  const names: string[] = [];
  const list = 'for zr_start; do [ ! -e "$zr_start" ] || find "$zr_start" -type f -print0 || exit; done';
  const unlisted = await transfer(
    { words: words("sh", "-c", list, "zr", ...paths.starts.map((start) => `./${start}`)) },
    options,
    {
      read: async (stdout) => {
        const text = await new Response(stdout).text();
        const found = text.split("\0").map((name) => name.replace(/^(?:\.\/)+/, ""));
        names.push(...found.filter((name) => name !== "" && paths.has(name)).sort());
        return "end";
      },
    },
  );
  if (unlisted !== undefined || names.length === 0) return unlisted;
  let refused: Failure | undefined;
  const failure = await transfer(
    { words: [...words("sh"), { kind: "script" }], script: tarScript(names) },
    options,
    {
      read: async (stdout) => {
        refused = await unpack(stdout, new Set(names), options);
        return refused === undefined ? "end" : "enough";
      },
    },
  );
  return refused ?? failure;
}

const words = (...texts: readonly string[]): RemoteCommand["words"] =>
  texts.map((text) => ({ kind: "text", text }));

function tarScript(names: readonly string[]): string {
  const lines = ["set -e"];
  for (let at = 0; at < names.length; at += NAMES_A_CALL) {
    const some = names.slice(at, at + NAMES_A_CALL).map((name) => quotedWord(`./${name}`));
    lines.push(`tar -cf - ${some.join(" ")}`);
  }
  return `${lines.join("\n")}\n`;
}

async function unpack(
  stdout: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
  { instance, remote }: TransferOptions,
): Promise<Failure | undefined> {
  const fail = (name: string, message: string): Failure => ({
    kind: "io",
    path: `${remote.host}:${name}`,
    message,
  });
  try {
    for await (const member of readTar(stdout)) {
      const name = member.name.replace(/^(?:\.\/)+/, "");
      if (!member.isFile || !wanted.has(name)) return fail(name, "came back, but was not asked for");
      const placed = await placeFile(instance.environment, { name, mode: member.mode, body: member.body() });
      if (!placed.ok) return fail(name, `could not be copied back: ${placed.error}`);
    }
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    return fail(remote.cwd ?? "", `what came back is no archive: ${error.message}`);
  }
  return undefined;
}

async function localNames(folder: string, paths: SyncPaths): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.starts.map(async (start) => {
      const place = start === "." ? folder : `${folder}/${start}`;
      const prefix = start === "." ? "" : `${start}/`;
      if (await isFolder(place)) return (await listFiles(place)).map((name) => prefix + name);
      return (await pathExists(place)) ? [start] : [];
    }),
  );
  return [...new Set(found.flat())].filter(paths.has).sort();
}
