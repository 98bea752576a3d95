import { monotonicMs } from "#system/clock/clock";

/** Kills the children of a run whose zr was killed. */
export interface Guard {
  /** A child that leads a process group. */
  readonly add: (pid: number) => void;
  /** To be told before the number can belong to somebody else: as soon as the child has ended. */
  readonly remove: (pid: number) => void;
  /** Control groups whose paths begin so are killed and removed. */
  readonly scopes: (prefix: string) => void;
  /** The run is over: the guard ends and touches nothing. */
  readonly close: () => void;
}

/** The variable by which, on Linux, the guard finds what has left its process group. */
const RUN_VARIABLE = "ZR_RUN_ID";

/**
 * Reads one message a line: `+1234` and `-1234` add and remove a process group, `c/path` names what the paths of the run's
 * control groups begin with, `q` says goodbye. When its input ends
 * without one, zr has died and everything it was told of is killed; where there is /proc also what carries the run's
 * number in its environment, until two looks a second apart find nothing more (a child may have been on its way).
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM TSTP TTIN TTOU
groups=' '
scopes=
while read -r line; do
  pid=\${line#?}
  case $line in
    +*) groups="$groups$pid " ;;
    -*) case $groups in *" $pid "*) groups="\${groups%% $pid *} \${groups#* $pid }" ;; esac ;;
    c*) scopes=$pid ;;
    q) exit 0 ;;
  esac
done
if [ -n "$scopes" ]; then
  for scope in "$scopes"*; do echo 1 > "$scope/cgroup.kill"; done
fi
for pid in $groups; do kill -KILL "-$pid"; done
[ -r /proc/self/environ ] || exit 0
quiet=0 rounds=0
while [ $quiet -lt 2 ] && [ $rounds -lt 1000 ]; do
  rounds=$((rounds + 1))
  found=$(grep -lzxF -e "$1" /proc/[0-9]*/environ)
  if [ -z "$found" ]; then
    quiet=$((quiet + 1))
    [ $quiet -lt 2 ] && sleep 1
  else
    quiet=0
    for path in $found; do pid=\${path#/proc/}; kill -KILL "\${pid%/environ}"; done
  fi
done
if [ -n "$scopes" ]; then rmdir "$scopes"*; fi
`;

/**
 * A fixed environment: the guard must not carry the marks of a run that has started us, or that run's clean-up would kill
 * it before it has cleaned up here.
 */
const ENVIRONMENT = { PATH: "/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin" };

/** How long a child has to stay before the guard is told of it. On Linux the mark of the run finds it before that too. */
const STAY_MS = 20;

const IDLE: Guard = {
  add: () => undefined,
  remove: () => undefined,
  scopes: () => undefined,
  close: () => undefined,
};

export interface GuardOptions {
  readonly runId: string;
  /** How long a child has to stay before the guard is told of it; 0: it is told at once. */
  readonly stayMs?: number;
}

/**
 * Starts a shell that outlives us if we are killed, so that no child is left behind. It has a session of its own and
 * ignores what a terminal sends; our end of its input is not inherited by children, so it hears of our death at once.
 * Without a shell, and on Windows, the guard does nothing. Calls never block and never fail.
 */
export function startGuard({ runId, stayMs = STAY_MS }: GuardOptions): Guard {
  if (process.platform === "win32") return IDLE;
  try {
    const shell = Bun.spawn(["/bin/sh", "-c", SCRIPT, "zr-guard", `${RUN_VARIABLE}=${runId}`], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      env: ENVIRONMENT,
      cwd: "/",
    });
    shell.unref();
    return guardOf(shell.stdin, stayMs);
  } catch {
    // No shell or no process to be had: the run itself does not depend on it.
    return IDLE;
  }
}

function guardOf(input: Bun.FileSink, stayMs: number): Guard {
  let isLost = false;
  // Somebody has killed the guard: there is nobody to talk to, which is no error of the run.
  const lose = (): void => {
    isLost = true;
  };
  const tell = (message: string, isLast = false): void => {
    if (isLost) return;
    try {
      void input.write(message);
      const sent = isLast ? input.end() : input.flush();
      if (sent instanceof Promise) sent.catch(lose);
    } catch {
      lose();
    }
  };
  // Most children are gone before anybody could have missed them: only those that stay are worth a message each.
  // By pid, oldest first, when it was added.
  const untold = new Map<number, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tellStaying = (): void => {
    timer = undefined;
    const now = monotonicMs();
    let message = "";
    for (const [pid, addedAt] of untold) {
      const restMs = addedAt + stayMs - now;
      if (restMs > 0) {
        timer = setTimeout(tellStaying, Math.ceil(restMs));
        break;
      }
      untold.delete(pid);
      message += `+${pid}\n`;
    }
    if (message !== "") tell(message);
  };
  return {
    add: (pid) => {
      // With nothing else to find a child by, it has to be told of before anything can happen to us.
      if (stayMs === 0) return tell(`+${pid}\n`);
      untold.set(pid, monotonicMs());
      timer ??= setTimeout(tellStaying, stayMs);
    },
    remove: (pid) => {
      if (!untold.delete(pid)) tell(`-${pid}\n`);
    },
    scopes: (prefix) => tell(`c${prefix}\n`),
    close: () => {
      clearTimeout(timer);
      tell("q\n", true);
    },
  };
}
