import { expect, test } from "bun:test";
import { notOn, testUnless } from "#tests/support/left-out";

/** Starts a program made of these lines, which has a `writer` and its module's neighbours at hand. */
function program(lines: string): string[] {
  const script = `
    import { createByteWriter } from "#system/stdio/writer";
    import { isTerminal, windowSize } from "#system/stdio/is-terminal";
    import { print } from "#system/stdio/print";
    const writer = createByteWriter();
    ${lines}
  `;
  return [process.execPath, "-e", script];
}

const options = { cwd: `${import.meta.dir}/../../..`, stdin: "ignore" } as const;

test("everything written arrives in order through a pipe that nobody reads at first, and the program ends by itself", async () => {
  const child = Bun.spawn(
    program(`
      const bytes = new Uint8Array(5000);
      for (let index = 0; index < 1000; index += 1) {
        bytes.fill(48 + (index % 10));
        bytes[4999] = 10;
        void writer.write("stdout", bytes);
      }
      await print("stderr", "written\\n");
      await writer.flush();
    `),
    { ...options, stdout: "pipe", stderr: "pipe", lazy: true },
  );
  // All was taken before the first byte was read.
  const told = child.stderr.getReader();
  expect(new TextDecoder().decode((await told.read()).value)).toBe("written\n");
  const lines = (await child.stdout.text()).split("\n");
  expect(lines.length).toBe(1001);
  expect(lines.slice(0, 1000).every((line, index) => line === String(index % 10).repeat(4999))).toBe(true);
  expect(await child.exited).toBe(0);
});

test("stdout and stderr keep their order where they lead to the same pipe", async () => {
  const inner = program(`
    for (let index = 0; index < 3000; index += 1) {
      const text = new TextEncoder().encode(String(index).padEnd(100) + "\\n");
      void writer.write(index % 3 === 0 ? "stderr" : "stdout", text);
    }
    await writer.flush();
  `);
  const child = Bun.spawn(["sh", "-c", 'exec "$@" 2>&1', "sh", ...inner], {
    ...options,
    stdout: "pipe",
    lazy: true,
  });
  const numbers = (await child.stdout.text()).trimEnd().split("\n").map(Number);
  expect(numbers).toEqual(Array.from({ length: 3000 }, (_, index) => index));
});

/** fcntl(2): how much a pipe takes. */
const F_GETPIPE_SZ = 1032;

testUnless(notOn("linux"))("a pipe whose reader is slower is given more room", async () => {
  const inner = program(`
    import { dlopen } from "bun:ffi";
    const libc = dlopen("libc.so.6", { fcntl: { args: ["i32", "i32", "i32"], returns: "i32" } });
    const size = () => libc.symbols.fcntl(1, ${F_GETPIPE_SZ}, 0);
    const before = size();
    void writer.write("stdout", new Uint8Array(4_000_000));
    while (size() === before) await new Promise((resolve) => setImmediate(resolve));
    await print("stderr", before + " " + size());
    await writer.flush();
  `);
  // Nobody reads before a line comes by standard input.
  const script = 'exec 3<&0; "$@" < /dev/null | { read -r _ <&3; cat > /dev/null; }';
  const child = Bun.spawn(["sh", "-c", script, "sh", ...inner], {
    cwd: options.cwd,
    stdin: "pipe",
    stderr: "pipe",
  });
  const told = new TextDecoder().decode((await child.stderr.getReader().read()).value);
  const [before = 0, after = 0] = told.split(" ").map(Number);
  expect(before).toBeGreaterThan(0);
  expect(after).toBeGreaterThan(before);
  await child.stdin.write("\n");
  expect(await child.exited).toBe(0);
});

test("a reader that goes away is noticed quietly", async () => {
  const inner = program(`
    for (let index = 0; writer.problem("stdout") === undefined; index += 1) {
      await writer.write("stdout", new Uint8Array(65536).fill(97));
      await writer.flush();
    }
    await print("stdout", "nobody reads this");
    await print("stderr", JSON.stringify(writer.problem("stdout")?.closed));
  `);
  const child = Bun.spawn(["sh", "-c", '"$@" | head -c 1', "sh", ...inner], {
    ...options,
    stdout: "pipe",
    stderr: "pipe",
  });
  expect(await child.stdout.text()).toBe("a");
  expect(await child.stderr.text()).toBe("true");
});

testUnless(notOn("linux"))("a pipe stays blocking for those who share it", async () => {
  const inner = program(`
    void writer.write("stdout", new Uint8Array(500_000));
    const info = await Bun.file("/proc/self/fdinfo/1").text();
    await print("stderr", info.match(/flags:\\s*(\\d+)/)[1]);
    await writer.flush();
  `);
  const child = Bun.spawn(["sh", "-c", '"$@" | wc -c', "sh", ...inner], {
    ...options,
    stdout: "pipe",
    stderr: "pipe",
  });
  expect(Number.parseInt(await child.stderr.text(), 8) & 0o4000).toBe(0);
  expect((await child.stdout.text()).trim()).toBe("500000");
});

test("a terminal is known, and its size", async () => {
  let shown = "";
  const child = Bun.spawn(program("console.log(isTerminal(1), windowSize(1));"), {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    terminal: {
      cols: 77,
      rows: 30,
      data: (_terminal, data) => {
        shown += new TextDecoder().decode(data);
      },
    },
  });
  await child.exited;
  expect(shown.replace(/\s+/g, " ").trim()).toBe("true { columns: 77, rows: 30, }");
});

test("a pipe is no terminal and has no size", async () => {
  const child = Bun.spawn(program("console.log(isTerminal(1), windowSize(1));"), {
    ...options,
    stdout: "pipe",
  });
  expect((await child.stdout.text()).trim()).toBe("false undefined");
});
