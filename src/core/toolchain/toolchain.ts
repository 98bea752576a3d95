/**
 * How a language's tools are published and laid out: what is to know to list versions, fetch an archive and run what is
 * in it. Everything here is pure; pages and files are fetched by whoever asks.
 */
export interface Toolchain {
  /** How `[tools]` calls it. */
  readonly name: string;
  readonly displayName: string;
  /** Other names by which people know it. */
  readonly aliases?: readonly string[];
  /** Beginnings of all addresses below, which a mirror stands for; without a slash at the end. */
  readonly sites: readonly string[];
  /** Platforms that archives are published for, by zr's name (`linux-x64`), with the publisher's word for each. */
  readonly platforms: Readonly<Record<string, string>>;
  /** Addresses of the pages that list the releases. */
  readonly index: (question: IndexQuestion) => readonly string[];
  /** What a page says. Not trusted to have any form; entries that can't be read are left out. */
  readonly readIndex: (text: string, page: IndexPageQuestion) => IndexPage;
  /** Where a release lies for a platform; undefined: it is not published for it. `release.archives` where not given. */
  readonly archive?: (release: Release, platform: string) => ArchiveSource | undefined;
  readonly layout: (platform: string, version: string) => ToolLayout;
  /** Files of a project that say a version, read by `setup`, `doctor` and `init`; the first that says one wins. */
  readonly versionFiles?: readonly VersionFile[];
}

export interface IndexQuestion {
  /** What is asked for, as written: `20`, `lts`. */
  readonly request: string;
  readonly platform: string;
}

export interface IndexPageQuestion extends IndexQuestion {
  /** The page's official address. */
  readonly url: string;
}

export interface IndexPage {
  readonly releases: readonly Release[];
  /** Addresses of further pages. */
  readonly more?: readonly string[];
}

/** A version that can be installed. */
export interface Release {
  /** Without a leading `v` or name: `20.11.1`. */
  readonly version: string;
  /** Maintained for longer than others. */
  readonly lts?: boolean;
  /** Not for everyday use; chosen only by its whole name. */
  readonly isPreview?: boolean;
  /** By platform, where the list of releases says it. */
  readonly archives?: Readonly<Record<string, ArchiveSource>>;
}

/** An archive and where its digest stands. */
export interface ArchiveSource {
  readonly url: string;
  /** 64 hexadecimal digits. */
  readonly sha256?: string;
  /** 128 hexadecimal digits, of those who publish no SHA-256: what is downloaded has to have it, and the lock pins what that is. */
  readonly sha512?: string;
  /** A text that holds the SHA-256: in the line with the archive's name, or alone. */
  readonly checksums?: string;
}

/** What of an archive is kept, and how it is used. Paths are relative to the folder it is unpacked to. */
export interface ToolLayout {
  /** Leading parts of each name that are dropped; `auto`: one folder that everything lies in. */
  readonly strip: number | "auto";
  /** Names, before anything is dropped, that are left out. */
  readonly skip?: (name: string) => boolean;
  /** What a file that is no archive is called. */
  readonly file?: string;
  /** Folders for PATH, first to last; `auto`: `bin` where there is one. */
  readonly bin: readonly string[] | "auto";
  /** Variables that hold folders; `.` is the installation itself. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A file by which other tools choose a version. */
export interface VersionFile {
  readonly name: string;
  /** Whether a later version is as good: it names the first one that will do. */
  readonly isLeast?: true;
  /** The request in it, in zr's words; undefined where it says none. */
  readonly read: (text: string) => string | undefined;
}
