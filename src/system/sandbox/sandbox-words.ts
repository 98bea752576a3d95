/** A part of the file system for one command. */
export interface SandboxPlace {
  /** Folder whose content the command finds in the place of `root`. */
  readonly tree: string;
  /** Absolute. */
  readonly root: string;
  /** Folder that stays what it is, most often below `root`. */
  readonly shared: string;
  /** Working folder, in or outside of `root`. */
  readonly cwd: string;
  /** File that is made when everything stands: without it the command was never started. */
  readonly entered: string;
  readonly net: boolean;
  /** Empty folder below `shared`. */
  readonly temporary: string;
  /** Set where nothing may be written but in these folders, which exist in `tree`, and in `shared`, with a TMPDIR in it. */
  readonly writable?: readonly string[];
}

/*
 * What is done inside of the new namespaces (mount_namespaces(7), user_namespaces(7), network_namespaces(7)) before the
 * command takes the shell's place: the tree is mounted over the root and its own place hidden, and what may not be written to is made read-only.
 * Flags that a mount has got from above have to be given again: they can't be dropped in there. A mount that lies hidden
 * below another one can't be made read-only, and can't be reached either; so a folder that stays writable takes along what
 * is mounted in it. The command itself gets one more user namespace,
 * also where it is root: what was mounted belongs to the outer one, so that it can't be mounted otherwise or taken away.
 */
const SCRIPT = `
tree=$1 root=$2 shared=$3 cwd=$4 entered=$5 uid=$6 gid=$7 temporary=$8 count=$9
shift 9
fail() { echo "zr: the sandbox can't be made: $1" >&2; exit 126; }
case $shared in "$root"/*) mount --bind "$shared" "$tree\${shared#"$root"}" || fail "$shared can't be mounted" ;; esac
mount --rbind "$tree" "$root" || fail "$root can't be mounted"
mount --bind "$temporary" "$tree" || fail "$tree can't be hidden"
if [ "$count" -ge 0 ]; then
  kept=" "
  keep() {
    mount --rbind "$1" "$1" || fail "$1 can't be mounted"
    kept="$kept$(printf '%s' "$1" | od -An -tx1 | tr -d ' \\n') "
  }
  TMPDIR=$temporary
  export TMPDIR
  keep "$shared"
  while [ "$count" -gt 0 ]; do keep "$1"; shift; count=$((count - 1)); done
  while read -r _ _ _ _ mounted options rest; do
    type=" $rest"
    type=\${type#* - }
    case \${type%% *} in proc | sysfs | devpts | mqueue | cgroup | cgroup2 | devtmpfs | binfmt_misc) continue ;; esac
    case $options in ro | ro,*) continue ;; esac
    mounted=$(printf '%b' "$(printf '%s' "$mounted" | sed 's/\\\\\\([0-7][0-7][0-7]\\)/\\\\0\\1/g')")
    case $mounted in "$tree" | "$tree"/*) continue ;; esac
    case $kept in *" $(printf '%s' "$mounted" | od -An -tx1 | tr -d ' \\n') "*) continue ;; esac
    mount -o "remount,bind,ro,\${options#rw,}" "$mounted" 2>/dev/null || [ ! -w "$mounted" ] ||
      [ ! -d "$mounted" ] || fail "$mounted can't be made read-only"
  done </proc/self/mountinfo
fi
cd "$cwd" || fail "$cwd can't be entered"
: >"$entered"
exec unshare --user --map-user="$uid" --map-group="$gid" -- "$@"
`;

/** The words that start a command in a sandbox: by `unshare` of util-linux 2.38 or newer, which needs no rights. */
export function sandboxWords(place: SandboxPlace, argv: readonly string[]): readonly string[] {
  const { tree, root, shared, cwd, entered, net, temporary, writable } = place;
  return [
    "unshare",
    "--user",
    "--map-root-user",
    "--mount",
    ...(net ? [] : ["--net"]),
    "--",
    "/bin/sh",
    "-c",
    SCRIPT,
    "zr",
    tree,
    root,
    shared,
    cwd,
    entered,
    String(process.getuid?.() ?? 0),
    String(process.getgid?.() ?? 0),
    temporary,
    String(writable?.length ?? -1),
    ...(writable ?? []),
    ...argv,
  ];
}
