import type {
  ArchiveSource,
  IndexPage,
  IndexPageQuestion,
  Release,
  Toolchain,
} from "#core/toolchain/toolchain";
import { jsonOf } from "#base/json-of";
import { textAt, valueAt } from "#base/value-at";

const API = "https://api.adoptium.net";
const DOWNLOADS = "https://github.com";
const PAGE = 50;

const SYSTEMS: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-aarch64",
  "linux-x64-musl": "alpine-linux-x64",
  "linux-arm64-musl": "alpine-linux-aarch64",
  "darwin-x64": "mac-x64",
  "darwin-arm64": "mac-aarch64",
  "windows-x64": "windows-x64",
  "windows-arm64": "windows-aarch64",
};

/** Development kits of Eclipse Temurin, by the API of adoptium.net (version 3). */
export const javaToolchain: Toolchain = {
  name: "java",
  displayName: "Java",
  aliases: ["jdk", "openjdk", "temurin"],
  sites: [API, DOWNLOADS],
  platforms: SYSTEMS,
  index: ({ request }) => {
    const feature = /^(\d+)/.exec(request)?.[1];
    return feature === undefined ? [`${API}/v3/info/available_releases`] : [featurePage(feature)];
  },
  readIndex,
  layout: (platform) => {
    const home = platform.startsWith("darwin") ? "Contents/Home" : ".";
    return { strip: 1, bin: [home === "." ? "bin" : `${home}/bin`], env: { JAVA_HOME: home } };
  },
  versionFiles: [
    { name: ".java-version", read: (text) => /(\d[\d.]*)/.exec(text)?.[1] },
    { name: ".sdkmanrc", read: (text) => /^java=(\d[\d.]*)/m.exec(text)?.[1] },
  ],
};

const featurePage = (feature: string | number): string =>
  `${API}/v3/assets/feature_releases/${feature}/ga?image_type=jdk&jvm_impl=hotspot&heap_size=normal&vendor=eclipse&page_size=${PAGE}`;

/** The list of features leads to a page each; of those, `latest` and `lts` need one. */
function readIndex(text: string, { url, request }: IndexPageQuestion): IndexPage {
  const value = jsonOf(text);
  if (url.endsWith("/available_releases")) {
    const [latest, lts] = ["most_recent_feature_release", "most_recent_lts"].map((key) =>
      valueAt(value, key),
    );
    const all = valueAt(value, "available_releases");
    const wanted =
      request === "latest" ? [latest] : request === "lts" ? [lts] : Array.isArray(all) ? all : [];
    return { releases: [], more: wanted.filter((feature) => Number.isSafeInteger(feature)).map(featurePage) };
  }
  if (!Array.isArray(value)) return { releases: [] };
  return { releases: value.flatMap((item) => releaseOf(item, request)) };
}

/** The features that Eclipse maintains for longer: 8, 11, and every second year's since 17. */
const isLts = (feature: number): boolean =>
  feature === 8 || feature === 11 || (feature >= 17 && (feature - 17) % 4 === 0);

function releaseOf(item: unknown, request: string): readonly Release[] {
  const name = textAt(item, "release_name");
  // `jdk-21.0.2+13`, `jdk8u402-b06`.
  const old = /^jdk(\d+)u(\d+)-b(\d+)/.exec(name ?? "");
  const version =
    old === null ? /^jdk-(\d[\d.+]*)/.exec(name ?? "")?.[1] : `${old[1]}.0.${old[2]}+${Number(old[3])}`;
  if (version === undefined) return [];
  const archives: Record<string, ArchiveSource> = {};
  const binaries = valueAt(item, "binaries");
  for (const binary of Array.isArray(binaries) ? binaries : []) {
    const [link, sha256] = [textAt(binary, "package", "link"), textAt(binary, "package", "checksum")];
    const system = `${textAt(binary, "os") ?? ""}-${textAt(binary, "architecture") ?? ""}`;
    const platform = Object.keys(SYSTEMS).find((key) => SYSTEMS[key] === system);
    if (
      link?.startsWith(`${DOWNLOADS}/`) !== true ||
      platform === undefined ||
      textAt(binary, "image_type") !== "jdk"
    )
      continue;
    archives[platform] = { url: link, ...(sha256 === undefined ? {} : { sha256 }) };
  }
  const feature = Number(/^\d+/.exec(version)?.[0]);
  // What is asked for as `lts` was looked up as such.
  return [{ version, lts: request === "lts" || isLts(feature), archives }];
}
