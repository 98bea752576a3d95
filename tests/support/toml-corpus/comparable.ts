/** Values as plain JSON text in which dates, NaN, -0 and keys such as `__proto__` are told apart from everything else. */
export function comparable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(comparable).join()}]`;
  if (typeof value === "number") return Object.is(value, -0) ? "number -0" : `number ${value}`;
  if (typeof value !== "object" || value === null) return `${typeof value} ${JSON.stringify(value)}`;
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    return `${Object.prototype.toString.call(value)} ${Reflect.apply(Reflect.get(value, "toString"), value, [])}`;
  }
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${comparable(item)}`)
    .toSorted()
    .join()}}`;
}
