import type { IndexPage, Release, Toolchain } from "#core/toolchain/toolchain";
import { jsonOf } from "#base/json-of";
import { tableAt } from "#base/value-at";
import { terraformProject } from "./terraform-project";

const SITE = "https://releases.hashicorp.com/terraform";

/** The archives of releases.hashicorp.com: one program each. */
export const terraformToolchain: Toolchain = {
  name: "terraform",
  displayName: "Terraform",
  sites: [SITE],
  platforms: {
    "linux-x64": "linux_amd64",
    "linux-arm64": "linux_arm64",
    // The program is linked statically.
    "linux-x64-musl": "linux_amd64",
    "linux-arm64-musl": "linux_arm64",
    "darwin-x64": "darwin_amd64",
    "darwin-arm64": "darwin_arm64",
    "windows-x64": "windows_amd64",
  },
  index: () => [`${SITE}/index.json`],
  readIndex,
  archive: ({ version }, platform) => {
    const name = terraformToolchain.platforms[platform];
    if (name === undefined) return undefined;
    const folder = `${SITE}/${version}`;
    return {
      url: `${folder}/terraform_${version}_${name}.zip`,
      checksums: `${folder}/terraform_${version}_SHA256SUMS`,
    };
  },
  layout: () => ({ strip: 0, bin: ["."] }),
  versionFiles: terraformProject.versionFiles ?? [],
};

/** Releases by version; what is no final one has a word behind it. */
function readIndex(text: string): IndexPage {
  return {
    releases: Object.keys(tableAt(jsonOf(text), "versions")).flatMap((version): readonly Release[] =>
      /^\d+\.\d+\.\d+/.test(version) ? [{ version, isPreview: version.includes("-") }] : [],
    ),
  };
}
