import { expect, test } from "bun:test";
import { makeProject } from "#tests/support/project";
import { anything } from "#tests/support/run";

const shows = (name: string): string => `[tasks.show]\ncmd = 'echo "$${name}"'\n`;

test("the layers are, lowest first: system, .env and [env] of the workspace, of the package, the profile, env_file, task env, -e", async () => {
  const layers: readonly (readonly [layer: string, apply: (files: Record<string, string>) => void])[] = [
    ["workspace .env", (files) => (files[".env"] = "V=workspace .env\n")],
    ["workspace env", (files) => (files["zr.toml"] += `[env]\nV = "workspace env"\n`)],
    ["package .env", (files) => (files["app/.env"] = "V=package .env\n")],
    ["package env", (files) => (files["app/zr.toml"] += `[env]\nV = "package env"\n`)],
    ["profile", (files) => (files["app/zr.toml"] += `[profiles.p.env]\nV = "profile"\n`)],
    ["task env_file", (files) => (files["app/task.env"] = "V=task env_file\n")],
    [
      "task env",
      (files) =>
        (files["app/zr.toml"] = (files["app/zr.toml"] ?? "").replace("# env", `env = { V = "task env" }`)),
    ],
  ];
  const files: Record<string, string> = {
    "zr.toml": `[workspace]\nmembers = ["app"]\n[global]\ndotenv = true\n`,
    "app/zr.toml": `[package]\nname = "app"\n[global]\ndotenv = true\n[profiles.p]\n[tasks.show]\ncmd = 'echo "$V"'\nenv_file = "task.env?"\n# env\n`,
  };
  const shown: string[] = [];
  for (const [, apply] of [["system", () => undefined] as const, ...layers]) {
    apply(files);
    await using project = await makeProject(files);
    const { stdout } = await project
      .zrWith({ cwd: "app", env: { V: "system" } }, "run", "show", "-p", "p")
      .expect({ stdout: anything, stderr: anything });
    shown.push(stdout.trimEnd());
  }
  expect(shown).toEqual(["system", ...layers.map(([layer]) => layer)]);
  await using project = await makeProject(files);
  await project.zrWith({ cwd: "app" }, "run", "show", "-p", "p", "-e", "V=flag").expect({ stdout: "flag\n" });
});

test("values expand $NAME, ${NAME:-default} and $(command); $$ is a dollar, false unsets", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      BASE = "base"
      A = "$BASE/\${BASE}-\${NONE:-default}"
      B = "$(echo from a command)"
      C = "$$HOME"
      GIVEN = false
      [tasks.show]
      cmd = 'echo "$A|$B|$C|\${GIVEN-unset}"'
    `,
  });
  await project
    .zrWith({ env: { GIVEN: "x" } }, "run", "show")
    .expect({ stdout: "base/base-default|from a command|$HOME|unset\n" });
});

test("a command in a value runs once per run, and its failure names the variable", async () => {
  await using project = await makeProject({
    "zr.toml": `[env]\nV = "$(echo x >> count; echo v)"\n[tasks]\na = 'echo "$V"'\nb = { cmd = 'echo "$V"', deps = ["a"] }`,
  });
  await project.zr("run", "b", "--raw").expect({ stdout: "v\nv\n", stderr: anything });
  expect(project.read("count")).toBe("x\n");
  project.write("zr.toml", `[env]\nBROKEN = "$(exit 3)"\n[tasks]\na = 'echo "$BROKEN"'`);
  await project
    .zr("run", "a")
    .expect({ code: 1, stdout: "", stderr: /environment could not be made: .*BROKEN/ });
});

test("dotenv loads .env or the files listed, with quotes, export, comments and several lines", async () => {
  await using project = await makeProject({
    "zr.toml": `[global]\ndotenv = true\n[tasks.show]\ncmd = 'printf "%s|" "$A" "$B" "$C" "$D"'`,
    ".env": `
      # a comment
      export A=plain # behind
      B="two
      lines"
      C='$A as it is'
      D="$A expanded"
    `,
    "other.env": "A=other\n",
  });
  await project.zr("run", "show").expect({ stdout: "plain|two\nlines|$A as it is|plain expanded|" });
  project.write("zr.toml", `[global]\ndotenv = ["other.env"]\n${shows("A")}`);
  await project.zr("run", "show").expect({ stdout: "other\n" });
  project.write("zr.toml", shows("A"));
  await project.zr("run", "show").expect({ stdout: /^\n$/ });
});

test("a missing env_file is an error before anything runs unless it ends in ?", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nfirst = "touch ran"\na = { cmd = "true", env_file = "none.env", deps = ["first"] }\nb = { cmd = "echo b", env_file = ["none.env?"] }`,
  });
  await project.zr("run", "a").expect({ code: 3, stderr: /none\.env can't be read[^]*zr\.toml:3:32/ });
  expect(project.exists("ran")).toBe(false);
  await project.zr("run", "b").expect({ stdout: "b\n" });
});

test("in strict mode tasks see only what is declared, pass_env and a short built-in list", async () => {
  await using project = await makeProject({
    "zr.toml": `[global]\nenv_mode = "strict"\npass_env = ["CI_*"]\n[env]\nDECLARED = "d"\n[tasks.show]\ncmd = 'echo "\${DECLARED-}|\${CI_JOB-}|\${SECRET_STUFF-none}|\${HOME:+home}|\${PATH:+path}"'`,
  });
  const env = { CI_JOB: "7", SECRET_STUFF: "leak" };
  await project.zrWith({ env }, "run", "show").expect({ stdout: "d|7|none|home|path\n" });
});

test("required_env and required variables are checked before anything runs", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks]\nfirst = "touch ran"\na = { cmd = "echo a", deps = ["first"], required_env = ["DEPLOY_KEY"] }`,
  });
  await project
    .zr("run", "a")
    .expect({ code: 3, stderr: /required environment variable 'DEPLOY_KEY' is unset/ });
  expect(project.exists("ran")).toBe(false);
  await project
    .zrWith({ env: { DEPLOY_KEY: "abcdefgh" } }, "run", "a", "--raw")
    .expect({ stdout: "a\n", stderr: anything });
});

test("secrets are masked in output, their base64 and URL-encoded forms too, short values are not", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      DB_PASSWORD = "p@ss word"
      PLAIN = { value = "hush-hush", secret = true }
      TINY_TOKEN = "abc"
      [tasks.a]
      cmd = 'echo "$DB_PASSWORD $PLAIN $TINY_TOKEN $EXTRA"; printf %s "$DB_PASSWORD" | base64; echo p%40ss%20word'
      env = { EXTRA = "named-secret" }
      secrets = ["EXTRA"]
    `,
  });
  await project.zr("run", "a").expect({ stdout: "**** **** abc ****\n****\n****\n" });
});

test("options for the runtime inside zr do not reach its tasks", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = 'echo "\${BUN_OPTIONS-none} \${BUN_BE_BUN-none}"'`,
    "evil.ts": `console.log("evil")`,
  });
  const { stdout } = await project
    .zrWith({ env: { BUN_BE_BUN: undefined, BUN_OPTIONS: "--smol" } }, "run", "a")
    .expect({ stdout: anything, stderr: anything });
  expect(stdout).toBe("none none\n");
});

test("zr itself is not changed by a .env, a bunfig.toml with preload, a package.json or a tsconfig.json in the working folder", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = 'echo "\${FROM_DOTENV-none}"'`,
    ".env": "FROM_DOTENV=loaded\nZR_JOBS=many\nNO_COLOR=\n",
    "bunfig.toml": `preload = ["./preload.ts"]\n`,
    "preload.ts": `require("node:fs").writeFileSync("preloaded", ""); process.exit(77)`,
    "package.json": `{ not json`,
    "tsconfig.json": `{ not json`,
  });
  await project.zr("run", "a").expect({ stdout: "none\n" });
  expect(project.exists("preloaded")).toBe(false);
});

test("a task is told its name, package, root and run", async () => {
  await using project = await makeProject({
    "zr.toml": `[tasks.a]\ncmd = 'echo "$ZR_TASK $ZR_ROOT \${ZR_RUN_ID:+id}"'`,
  });
  const { stdout } = await project.zr("run", "a").expect({ stdout: anything });
  expect(project.normalize(stdout)).toBe("a <root> id\n");
});

test("secret = false makes an exception for a name that is secret, and the task's secrets an exception of that", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      CACHE_KEY = { value = "version-one", secret = false }
      [tasks]
      a = "echo $CACHE_KEY"
      b = { cmd = "echo $CACHE_KEY", secrets = ["CACHE_KEY"] }
    `,
  });
  await project.zr("run", "a").expect({ stdout: "version-one\n" });
  await project.zr("run", "b").expect({ stdout: "****\n" });
  await project.zr("env").expect({ stdout: "export CACHE_KEY=version-one\n" });
});

test("[env] knows the package at hand, vars and the workspace, also where the workspace's [env] says it for a member", async () => {
  await using project = await makeProject({
    "zr.toml": [
      `[workspace]\nmembers = ["app"]`,
      `[vars]\nregion = "eu$1"`,
      `[env]\nWHO = "\${package.name} at \${package.path}"\nPLACE = { value = "\${vars.region}" }\nROOT = "\${workspace.root}"`,
      `LITERAL = "$$\{package.name}"\nPATHS = "\${env.WHO}:$REGION"\nREGION = "r"`,
      `[profiles.p.env]\nWHO = "profile \${package.name}"`,
      `[tasks.show]\ncmd = 'printf "%s\\n" "$WHO" "$PLACE" "$ROOT" "$LITERAL" "$PATHS"'\n`,
    ].join("\n"),
    "app/zr.toml": `[package]\nname = "web"\n[vars]\nregion = "us"\n[tasks.show]\ncmd = 'echo "$WHO $PLACE"'\n`,
  });
  await project.zrWith({}, "run", "web:show").expect({ stdout: "web at app us\n" });
  await project.zr("run", "web:show", "--set", "region=ap").expect({ stdout: "web at app ap\n" });
  await project.zr("run", "web:show", "-p", "p").expect({ stdout: "profile web us\n" });
  const { stdout } = await project.zr("run", "show").expect({ stdout: anything });
  const [who, ...rest] = stdout.trimEnd().split("\n");
  expect(who).toMatch(/^[\w.-]+ at \.$/);
  expect(rest).toEqual(["eu$1", project.root, "${package.name}", `${who}:r`]);
  await project
    .zrWith({ cwd: "app" }, "exec", "--", "sh", "-c", 'echo "$WHO"')
    .expect({ stdout: "web at app\n", stderr: anything });
});

test.each([
  ["package.nmae", "E172", "did you mean '${package.name}'?"],
  ["vars.region", "E172", ""],
  ["git.sha", "E178", ""],
  ["task.name", "E178", ""],
  ["matrix.os", "E178", ""],
  ["output.build", "E178", ""],
])(
  "${%s} in [env] is an error before anything runs, also where no task is",
  async (reference, code, said) => {
    await using project = await makeProject({
      "zr.toml": `[env]\nA = "a \${${reference}}"\n[tasks.t]\ncmd = "touch ran"\n`,
      "empty/zr.toml": `[env]\nA = "a \${${reference}}"\n`,
    });
    const meant = code === "E172" ? "means nothing in" : "is not known yet where";
    const stderr = new RegExp(
      `^error\\[${code}\\]: '\\$\\{${reference}\\}' ${meant} '\\[env\\]'[^]*zr\\.toml:2:8\n[^]*\\^{${reference.length + 3}}`,
    );
    for (const words of [["run", "t"], ["validate"], ["env"]]) {
      const shown = await project.zr(...words).expect({ code: 3, stderr, stdout: anything });
      expect(shown.stderr).toContain(said);
      expect(shown.stderr.match(/error\[/g)).toHaveLength(1);
    }
    expect(project.exists("ran")).toBe(false);
    await project.zrWith({ cwd: "empty" }, "validate").expect({ code: 3, stderr, stdout: anything });
  },
);

test("a variable that is missing and stands in a .env that is not read is told so, with how it is read", async () => {
  const files = {
    "zr.toml": '[tasks.a]\ncmd = "true"\nsecrets = ["TOKEN"]\nrequired_env = ["OTHER"]\n',
    ".env": "# OTHER=1\nexport TOKEN=abcdefgh\nMORE=TOKEN=1\n",
  };
  await using project = await makeProject(files);
  const { stderr } = await project.zr("run", "a").expect({ code: 3, stderr: anything });
  expect(stderr.match(/^ *= .*$/gm)).toEqual([
    "  = it is in .env, which is read with dotenv = true below [global]",
  ]);
  expect(stderr).toMatch(/'TOKEN' is unset\n[^']*dotenv = true/);
  expect(stderr).not.toContain("abcdefgh");
  project.write("zr.toml", `[global]\ndotenv = true\n${files["zr.toml"]}`);
  await project.zrWith({ env: { OTHER: "1" } }, "run", "a").expect({ stderr: anything });
});

test("--show-env tells as JSON what each task would see, secrets masked", async () => {
  await using project = await makeProject({
    "zr.toml": `
      [env]
      REGION = "eu"
      TOKEN = { value = "opensesame", secret = true }
      [tasks.a]
      cmd = "true"
      [tasks.b]
      cmd = "true"
      deps = ["a"]
      env = { REGION = "us" }
    `,
  });
  const { stdout } = await project.zr("run", "b", "--show-env", "--json").expect({ stdout: anything });
  expect(JSON.parse(stdout)).toMatchObject({
    v: 1,
    instances: [
      { id: "a", env: { REGION: "eu", TOKEN: "****" } },
      { id: "b", env: { REGION: "us", TOKEN: "****" } },
    ],
  });
  expect(stdout).not.toContain("opensesame");
});
