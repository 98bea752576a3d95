import { renderReference } from "#core/config/schema/reference";
import type { GeneratedFile } from "./generated-file";

/** docs/configuration.md, from the schema of zr.toml. */
export const configurationPage = (): GeneratedFile => ({
  path: "docs/configuration.md",
  text: renderReference(),
});
