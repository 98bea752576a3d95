import type { Toolchain } from "./toolchain";

/** A tool whose archive lies at an address that the configuration gives; its version is the one that is asked for. */
export function urlToolchain({
  name,
  url,
  platform,
}: {
  readonly name: string;
  /** `{version}`, `{os}`, `{arch}` are filled in. */
  readonly url: string;
  readonly platform: string;
}): Toolchain {
  const [os = "", arch = ""] = platform.split("-");
  return {
    name: `url:${name}`,
    displayName: name,
    sites: [],
    platforms: { [platform]: platform },
    // Nothing is listed: the request is the version.
    index: () => [],
    readIndex: () => ({ releases: [] }),
    archive: ({ version }) => ({
      url: url.replaceAll(/\{(version|os|arch)\}/g, (_, field: string) =>
        field === "version" ? version : field === "os" ? os : arch,
      ),
    }),
    layout: () => ({ strip: "auto", bin: "auto", file: os === "windows" ? `${name}.exe` : name }),
  };
}
