/**
 * The bare copy: puts a copy of each package's output, taken from a folder, where it belongs, and does nothing else.
 *
 *     copy-loop FROM
 *
 * FROM holds one file a package, named as the package is; it is copied to `packages/NAME/dist/all.txt`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const [from = "."] = process.argv.slice(2);
for (const name of readdirSync(from)) {
  mkdirSync(`packages/${name}/dist`, { recursive: true });
  writeFileSync(`packages/${name}/dist/all.txt`, readFileSync(`${from}/${name}`));
}
