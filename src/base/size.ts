const FACTOR: Readonly<Record<string, number>> = {
  "": 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
};

/** `"512KB" "2GB" "1.5GiB" "100B"` in bytes (1024-based); undefined where the text is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B$/i.exec(text);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * (FACTOR[(match[2] ?? "").toUpperCase()] ?? 1));
}

/** `"50%"` as 0.5; undefined where the text is no percentage between 0 (excluded) and 100. */
export function parsePercent(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const value = match === null ? Number.NaN : Number(match[1]) / 100;
  return value > 0 && value <= 1 ? value : undefined;
}

/** Bytes as people read them: `812 B`, `1.5 MB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const next of ["KB", "MB", "GB", "TB"]) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return unit === "B" ? `${value} B` : `${value.toFixed(1)} ${unit}`;
}
