/**
 * What `ssh` is told to run there. The user's login shell reads it first, whichever that is: within its quotes is
 * nothing that any shell in use would touch, no quote, backslash, exclamation mark or line break. It reads a program
 * from its input, line by line so that nothing behind the program is taken, and runs it only if it has come whole.
 * The program itself, with the values that it holds, is thus on no command line.
 */
export const LOGIN_COMMAND =
  "exec sh -c 'zr_n=$(echo;echo .);zr_n=${zr_n%.};zr_s=;" +
  'while IFS= read -r zr_l;do case $zr_l in (:*)zr_s=$zr_s${zr_l#:}$zr_n;;(*)break;;esac;done;case $zr_l in (end)eval "$zr_s";;(*)exit 255;;esac\'';

/** A program as `LOGIN_COMMAND` reads it. What follows it on the input is the program's own. */
export const forLoginCommand = (program: string): string =>
  `${program
    .split("\n")
    .map((line) => `:${line}\n`)
    .join("")}end\n`;
