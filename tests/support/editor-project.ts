/** The project of the sessions of editors: one mistake, and something that nothing uses. */
export const EDITOR_PROJECT = {
  "zr.toml": '[workspace]\nmembers = ["packages/*"]\n',
  "packages/lib/zr.toml": '[package]\nname = "lib"\n\n[tasks.build]\ncmd = "make"\n',
  "packages/web/zr.toml":
    '[package]\nname = "web"\ndeps = ["lib"]\n\n[vars]\nport = "8080"\n\n[tasks.build]\ndescription = "Bundle the site"\n' +
    'cmd="vite build"\ndeps = ["^build"]\n\n[tasks.test]\ncmd = "vitest run"\ndeps = ["buld"]\n',
} as const;
