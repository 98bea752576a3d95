/*
 * Starts one command, waits for it, and writes what it cost:
 *
 *     measure RESULT inherit|drain COMMAND [ARG…]
 *
 * RESULT gets one line: wall time in ns, user and system CPU time in µs, peak memory in KiB, bytes drained, exit code
 * (128 + n after signal n). With `drain` the command's standard output and error are one pipe that is read to its end.
 *
 * This is a program of its own because a child's peak memory is never reported below that of the process that started
 * it, and this one is small; CPU time and memory include the children that the command waited for.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long microseconds(struct timeval t) { return t.tv_sec * 1000000LL + t.tv_usec; }

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int drain = strcmp(argv[2], "drain") == 0;
  int ends[2] = {-1, -1};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (drain) {
    if (pipe(ends) != 0) return 2;
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
  }

  pid_t child;
  long long start = now();
  if (posix_spawnp(&child, argv[3], &actions, NULL, argv + 3, environ) != 0) return 127;
  long long drained = 0;
  if (drain) {
    static char buffer[65536];
    ssize_t count;
    close(ends[1]);
    while ((count = read(ends[0], buffer, sizeof buffer)) > 0) drained += count;
  }
  int status;
  struct rusage used;
  if (wait4(child, &status, 0, &used) < 0) return 2;
  long long wall = now() - start;

  FILE *result = fopen(argv[1], "w");
  if (result == NULL) return 2;
  int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  fprintf(result, "%lld %lld %lld %ld %lld %d\n", wall, microseconds(used.ru_utime), microseconds(used.ru_stime),
          used.ru_maxrss, drained, code);
  return fclose(result) == 0 ? 0 : 2;
}
