import type { FuzzTarget } from "./fuzz-target";
import { archives } from "./targets/archives";
import { configuration } from "./targets/configuration";
import { dotenv } from "./targets/dotenv";
import { editor } from "./targets/editor";
import { expressions } from "./targets/expressions";
import { globs } from "./targets/globs";
import { history } from "./targets/history";
import { lockFiles } from "./targets/lock-files";
import { manifests } from "./targets/manifests";
import { migrations } from "./targets/migrations";

export const fuzzTargets: readonly FuzzTarget[] = [
  configuration,
  expressions,
  dotenv,
  globs,
  history,
  manifests,
  editor,
  archives,
  lockFiles,
  ...migrations,
];
