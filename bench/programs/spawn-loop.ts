/**
 * The bare loop: starts a command COUNT times, at most LIMIT at once, and does nothing else.
 *
 *     spawn-loop COUNT LIMIT ignore|pipe COMMAND [ARG…]
 */
const [count = "0", limit = "1", output = "ignore", ...command] = process.argv.slice(2);
let left = Number(count);

async function worker(): Promise<void> {
  while (left > 0) {
    left -= 1;
    if (output === "pipe") {
      const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
      await Promise.all([child.stdout.bytes(), child.stderr.bytes(), child.exited]);
    } else {
      await Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "ignore" }).exited;
    }
  }
}

async function main(): Promise<void> {
  await Promise.all(Array.from({ length: Number(limit) }, worker));
}

void main();
