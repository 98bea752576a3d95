import type { CodeTable } from "#core/model/diagnostic-codes";

/** Codes of `zr upgrade`. */
export const releaseDiagnosticCodes = {
  E560: {
    message: "this zr can't upgrade itself: {reason}",
    doc: "Only programs of a release know the key that releases are signed with. One that was built from source is replaced by building it again.",
    example: "$ zr upgrade",
    exit: 2,
  },
  E561: {
    message: "this zr belongs to {manager}; {command} upgrades it",
    doc: "The program was put there by a package manager, which would not know of another version in its place.",
    example: "",
    exit: 2,
  },
  E562: {
    message: "can't get {url}: {reason}",
    doc: "The server can't be reached, does not have the file, or stopped sending. Nothing has changed. A proxy is taken from `HTTPS_PROXY` and `HTTP_PROXY`; `ZR_RELEASES` names another server with the same files.",
    example: "",
    exit: 1,
  },
  E563: {
    message: "the signature {url} is not good: {reason}",
    doc: "The list of checksums was not signed with the key that this zr knows, or has been changed since. Nothing was installed.",
    example: "",
    exit: 1,
  },
  E564: {
    message: "{url} is not what the release says: its SHA-256 is {found}, not {expected}",
    doc: "The archive is another one than the signed list says. Nothing was installed. A proxy or mirror between may have an old or damaged copy.",
    example: "",
    exit: 1,
  },
  E565: {
    message: "can't use {url}: {reason}",
    doc: "The archive or the list of a release is not as zr makes them. Nothing was installed.",
    example: "",
    exit: 1,
  },
  E566: {
    message: "can't replace {path}: {reason}",
    doc: "The system does not let zr write there: the folder belongs to somebody else, or the disk is full. The old program is still in place. Run it as the owner of the folder, or install zr to a folder of your own.",
    example: "",
    exit: 1,
  },
  E567: {
    message: "zr {version} is not published for {platform}, only for {published}",
    doc: "The release has no archive for this system and processor.",
    example: "",
    exit: 1,
  },
  E568: {
    message: "zr {version} is older than this one, {current}; --force takes it all the same",
    doc: "What an older zr can't read in a configuration or a history that a newer one has written, it refuses. So a step back is only made when it is asked for.",
    example: "",
    exit: 2,
  },
  E569: {
    message: "zr {version} does not run here: {reason}. The old program is still in place",
    doc: "The new program was started once before it replaced the old one, and once after that. It did not say its version.",
    example: "",
    exit: 1,
  },
  E570: {
    message: "'{version}' is no version of zr",
    doc: "A version has three numbers, such as `1.4.0`, and may have a suffix, such as `2.0.0-rc.1`.",
    example: "$ zr upgrade newest",
    exit: 2,
  },
} as const satisfies CodeTable;
