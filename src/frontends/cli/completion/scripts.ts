import type { Shell } from "./first-words";

/**
 * The scripts that connect the shells with `zr complete`. Each hands over the words up to the cursor and takes a
 * candidate a line, its description behind a tab; `:file` and `:folder` ask for the shell's own paths. What goes wrong
 * stays silent: a shell must not print into the line that is being written.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  // Bash cuts words at : and =, so they are put together again by what the line has between them, and what Bash has cut
  // off in front of the last piece is taken off the answers.
  bash: `# Completion of zr for Bash 3.2 and newer. Put it into
# ~/.local/share/bash-completion/completions/zr or: source <(zr completion bash)
_zr() {
  local rest=$COMP_LINE piece current cut line value paths= index=-1
  local -a words=()
  local i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]}
    if ((i > 0)) && [[ $rest != [[:space:]]* && -n $piece ]]; then
      words[index]+=$piece
    else
      index=$((index + 1))
      words[index]=$piece
      rest=\${rest#"\${rest%%[![:space:]]*}"}
    fi
    rest=\${rest#"$piece"}
  done
  current=\${words[index]}
  cut=
  if [[ $current == *[:=]* ]]; then
    cut=\${current%"\${current##*[:=]}"}
    [[ $cut == *: && $COMP_WORDBREAKS != *:* ]] && cut=
    [[ $cut == *= && $COMP_WORDBREAKS != *=* ]] && cut=
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    case $value in
      :file | :folder) paths=$value ;;
      '') ;;
      *) COMPREPLY+=("\${value#"$cut"}") ;;
    esac
  done < <("\${words[0]}" complete --shell bash -- "\${words[@]:1}" 2>/dev/null)
  if [[ -n $paths ]]; then
    while IFS= read -r line; do
      COMPREPLY+=("$line")
    done < <(if [[ $paths == :folder ]]; then compgen -d -- "\${current#"$cut"}"; else compgen -f -- "\${current#"$cut"}"; fi)
    type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
  elif [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]]; then
    type compopt >/dev/null 2>&1 && compopt -o nospace 2>/dev/null
  fi
  return 0
}
complete -F _zr zr
`,
  zsh: `#compdef zr
# Completion of zr for Zsh. Put it as _zr into a folder of $fpath, or: source <(zr completion zsh)
_zr() {
  local line paths= value
  local -a values displays open openDisplays
  local program=\${(Q)words[1]}
  for line in "\${(@f)$(\${~program} complete --shell zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    value=\${line%%$'\\t'*}
    case $value in
      :file | :folder) paths=$value ;;
      '') ;;
      *)
        line=\${line/$'\\t'/  -- }
        if [[ $value == *= ]]; then
          open+=("$value")
          openDisplays+=("$line")
        else
          values+=("$value")
          displays+=("$line")
        fi
        ;;
    esac
  done
  if [[ -n $paths ]]; then
    [[ \${words[CURRENT]} == --*=* ]] && compset -P '*='
    if [[ $paths == :folder ]]; then
      _files -/
    else
      _files
    fi
    return
  fi
  (( \${#open} )) && compadd -l -S '' -d openDisplays -a open
  (( \${#values} )) && compadd -l -d displays -a values
}
if [[ \${funcstack[1]} == _zr ]]; then
  _zr "$@"
else
  compdef _zr zr
fi
`,
  fish: `# Completion of zr for fish. Put it into ~/.config/fish/completions/zr.fish or: zr completion fish | source
function __zr_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l current (commandline -ct)
    for line in ($program complete --shell fish -- $words "$current" 2>/dev/null)
        switch $line
            case ':file' ':folder'
                set -l prefix (string match -r -- '^--[^=]+=' "$current")
                set -l start (string replace -r -- '^--[^=]+=' '' "$current")
                if test $line = ':folder'
                    __fish_complete_directories "$start" '' | string replace -r -- '^' "$prefix"
                else
                    __fish_complete_path "$start" | string replace -r -- '^' "$prefix"
                end
            case '*'
                echo $line
        end
    end
end
complete -c zr -f -a '(__zr_complete)'
`,
  // PowerShell before 7.3 drops empty words on the way to a program, hence the index.
  pwsh: `# Completion of zr for PowerShell. Put into $PROFILE: zr completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName zr -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    $program = $words[0]
    $words = @($words | Select-Object -Skip 1)
    $index = $words.Count
    if ($wordToComplete -ne '') { $index = $words.Count - 1 }
    & $program complete --shell pwsh --index $index '--' @words 2>$null | ForEach-Object {
        $value, $description = $_ -split "\`t", 2
        if ($value -eq ':file' -or $value -eq ':folder') { return }
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
}
`,
};
