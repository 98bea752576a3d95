/** Whether a text is a regular expression of JavaScript, with the flag `u`. */
export function isRegex(text: string): boolean {
  try {
    void new RegExp(text, "u");
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
