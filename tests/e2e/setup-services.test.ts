import { afterAll, expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { DATA_SERVERS, startDataServer } from "#tests/support/data-server";
import { anything } from "#tests/support/run";
import { absenceOf, describeUnless, testUnless } from "#tests/support/left-out";

/*
 * Real services: what `zr setup` starts and waits for, and what `zr doctor` asks. Skipped, with the reason, where they
 * can't be had (Debian's packages postgresql and redis-server).
 */
const [postgres, redis] = await Promise.all([startDataServer("postgres"), startDataServer("redis")]);
const ports = { postgres: portOf(postgres), redis: portOf(redis) };

afterAll(async () => {
  for (const server of [postgres, redis]) if ("stop" in server) await server.stop();
});

function portOf(server: Awaited<ReturnType<typeof startDataServer>>): number {
  return "port" in server ? server.port : 0;
}

const CHECKS = `
  [doctor.checks.postgres]
  cmd = "psql -h 127.0.0.1 -p ${ports.postgres} -U zr -Atc 'select 40 + 2' zr"
  hint = "start PostgreSQL"
  [doctor.checks.postgres-port]
  tcp = "127.0.0.1:${ports.postgres}"
  [doctor.checks.redis]
  cmd = "redis-cli -p ${ports.redis} ping"
  [doctor.checks.redis-port]
  tcp = "127.0.0.1:${ports.redis}"
`;

describeUnless(absenceOf(postgres) ?? absenceOf(redis))("a PostgreSQL and a Redis", () => {
  test("are found by zr doctor", async () => {
    await using project = await makeProject({ "zr.toml": CHECKS });
    const { stdout } = await project.zr("doctor", "checks").expect({ stdout: anything });
    expect(stdout).toContain("✓ postgres     ok       42\n");
    expect(stdout).toContain("✓ redis        ok       PONG\n");
    expect(stdout).toContain(`✓ redis-port   ok       127.0.0.1:${ports.redis} accepts connections\n`);
  });

  test("are waited for by zr setup, which then moves the database, once for each change of its files", async () => {
    await using project = await makeProject({
      "zr.toml": `
        [setup]
        steps = ["services", "migrate"]
        [setup.services]
        wait = ["postgres", "redis"]
        [setup.migrate]
        cmd = "cat migrations/*.sql | psql -v ON_ERROR_STOP=1 -h 127.0.0.1 -p ${ports.postgres} -U zr -q zr"
        inputs = ["migrations/*.sql"]
        ${CHECKS}
      `,
      "migrations/1.sql": "create table if not exists birds (name text primary key);\n",
    });
    await project
      .zr("setup")
      .expect({ stdout: /✓ services +up to date +postgres, redis: up[^\n]*\n✓ migrate +done/ });
    project.write("migrations/2.sql", "insert into birds values ('wren');\n");
    await project.zr("setup").expect({ stdout: /✓ migrate +done/ });
    // The same files once more would violate the key.
    await project.zr("setup").expect({ stdout: /✓ migrate +up to date/ });
    const found = Bun.spawnSync([
      "psql",
      "-h",
      "127.0.0.1",
      "-p",
      String(ports.postgres),
      "-U",
      "zr",
      "-Atc",
      "select name from birds",
      "zr",
    ]);
    expect(found.stdout.toString()).toBe("wren\n");
    // What the database says of it stands below the line of the step.
    project.write("migrations/3.sql", "select 1;\n");
    await project.zr("setup").expect({
      code: 1,
      stdout: /✗ migrate +failed[^\n]*\n(?: {2}│ [^\n]*\n)* {2}│ [^\n]*duplicate key value/,
    });
  });
});

testUnless(absenceOf(redis))(
  "a Redis that is not up is started by the step, found, mended by --fix when it has gone, and ends with the test",
  async () => {
    const free = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("") });
    const { port } = free;
    await free.stop(true);
    await using project = await makeProject({
      "zr.toml": `
        [setup]
        steps = ["services"]
        [setup.services]
        cmd = "./up"
        wait = ["redis"]
        [doctor.checks.redis]
        cmd = "redis-cli -p ${port} ping | grep PONG"
        fix = "./up"
      `,
      // A server that stays: it has a session of its own, and its input is a pipe that nobody closes before the end.
      up: `
        #!/bin/sh
        mkdir -p server && test -p server/input || mkfifo server/input
        env -u ZR_SETUP setsid sh -c '${DATA_SERVERS} redis server/data ${port} <>server/input >server/said 2>&1' </dev/null >/dev/null 2>&1 &
        while ! grep -q ready server/said 2>/dev/null; do sleep 0.02; done
      `,
    });
    Bun.spawnSync(["chmod", "+x", "up"], { cwd: project.root });
    await project.zr("doctor", "redis").expect({ code: 1, stdout: anything });
    await project.zr("setup").expect({ stdout: /✓ services +done +\.\/up/ });
    await project.zr("doctor", "redis").expect({ stdout: /redis +ok +PONG/ });
    Bun.spawnSync(["redis-cli", "-p", String(port), "shutdown", "nosave"]);
    project.remove("server");
    await project.zr("doctor", "redis").expect({ code: 1, stdout: anything });
    await project
      .zr("doctor", "redis", "--fix")
      .expect({ stdout: /✓ mended checks redis[^]*redis +ok +PONG/ });
  },
);
