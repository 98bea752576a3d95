/** Ends the reading of a broken document inside this folder; never leaves `readLinear`. */
export class TomlStop extends Error {
  readonly tooDeep: boolean;

  constructor(message: string, tooDeep = false) {
    super(message);
    this.tooDeep = tooDeep;
  }
}
