import { quotedWord } from "#base/shell-word";
import type { Shell } from "./completion/first-words";

/** Text for a shell's single quotes. */
const quote: Readonly<Record<Shell, (text: string) => string>> = {
  bash: quotedWord,
  zsh: quotedWord,
  fish: (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
  // Every one of these quotes ends the text there; two of them are one.
  pwsh: (text) => `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, "$&$&")}'`,
};

/** What a shell is to evaluate once, at its start: it asks zr before each prompt what has changed. */
export function hookScript(shell: Shell, zr: string): string {
  const program = quote[shell](zr);
  switch (shell) {
    case "bash":
      return `_zr_hook() {
  local zr_status=$?
  eval "$(${program} hook bash --prompt)"
  # With set -e a status of the line before would end the shell here.
  [[ $- == *e* ]] || return $zr_status
}
case ";\${PROMPT_COMMAND[*]:-};" in
  *_zr_hook*) ;;
  *) PROMPT_COMMAND="_zr_hook\${PROMPT_COMMAND:+;$PROMPT_COMMAND}" ;;
esac
`;
    case "zsh":
      return `_zr_hook() {
  eval "$(${program} hook zsh --prompt)"
}
typeset -ag precmd_functions
if (( ! \${precmd_functions[(I)_zr_hook]} )); then
  precmd_functions=(_zr_hook $precmd_functions)
fi
`;
    case "fish":
      return `function _zr_hook --on-event fish_prompt
    ${program} hook fish --prompt | source
end
`;
    case "pwsh":
      return `$global:_zr_prompt = $function:prompt
function global:prompt {
  $zr_code = $global:LASTEXITCODE
  $zr_text = (& ${program} hook pwsh --prompt) -join "\`n"
  if ($zr_text) { Invoke-Expression $zr_text }
  $global:LASTEXITCODE = $zr_code
  & $global:_zr_prompt
}
`;
  }
}

/** In Zsh a variable that can't be set would end the whole script. */
const unlessReadonly = (name: string): string => `[[ \${(t)${name}-} == *readonly* ]] || `;

const assignment: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  bash: (name, value) => `export ${name}=${value}`,
  zsh: (name, value) => `${unlessReadonly(name)}export ${name}=${value}`,
  fish: (name, value) => `set -gx ${name} ${value}`,
  pwsh: (name, value) => `$env:${name} = ${value}`,
};

const removal: Readonly<Record<Shell, (name: string) => string>> = {
  bash: (name) => `unset ${name}`,
  zsh: (name) => `${unlessReadonly(name)}unset ${name}`,
  fish: (name) => `set -e ${name}`,
  pwsh: (name) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`,
};

const everywhere = ["PWD", "OLDPWD", "SHLVL", "_"];

/** Variables that belong to the shell itself. To set UID would be refused by Bash, and make another user of Zsh. */
const ownNames: Readonly<Record<Shell, ReadonlySet<string>>> = {
  bash: new Set([...everywhere, "UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS"]),
  zsh: new Set([...everywhere, "UID", "EUID", "GID", "EGID", "PPID", "USERNAME"]),
  fish: new Set(everywhere),
  pwsh: new Set(everywhere),
};

/**
 * Commands that set variables and take others away. Left out are names that no shell can say, and those of the shell's
 * own variables.
 */
export function variableScript(
  shell: Shell,
  changes: readonly (readonly [string, string | undefined])[],
): string {
  return changes
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !ownNames[shell].has(name))
    .map(
      ([name, value]) =>
        `${value === undefined ? removal[shell](name) : assignment[shell](name, quote[shell](value))}\n`,
    )
    .join("");
}
