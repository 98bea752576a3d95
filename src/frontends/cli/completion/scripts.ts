import type { Shell } from "./first-words";

/**
 * The scripts that connect the shells with `zr complete`. Each hands over the words up to the cursor and takes a
 * candidate a line, its description behind a tab; `:file` and `:folder` ask for the shell's own paths. What goes wrong
 * stays silent: a shell must not print into the line that is being written.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  // Bash cuts words at : and =, so they are put together again by what the line has between them, and what Bash has cut
  // off in front of the last piece is taken off the answers. What stands in COMPREPLY is put into the line as it is,
  // except for names of files.
  bash: `# Completion of zr for Bash 3.2 and newer. Put it into
# ~/.local/share/bash-completion/completions/zr or: source <(zr completion bash)

# The word $1 without its quotes as $text; $open is a quote that is not closed, $inside how much of $text is before it.
_zr_unquote() {
  local left=$1 char
  text= open= inside=0
  while [[ -n $left ]]; do
    char=\${left:0:1}
    left=\${left:1}
    if [[ -n $open && $char == "$open" ]]; then
      open=
    elif [[ -z $open && ($char == \\" || $char == \\') ]]; then
      open=$char
      inside=\${#text}
    elif [[ $char == \\\\ && $open != \\' && -n $left && ($open != \\" || \${left:0:1} == [\\"\\\\\\$\\\`]) ]]; then
      text+=\${left:0:1}
      left=\${left:1}
    else
      text+=$char
    fi
  done
}

# $1 as it is to be written behind the open quote $2, or behind none, as $text.
_zr_quote() {
  local left=$1 char
  text=
  while [[ -n $left ]]; do
    char=\${left:0:1}
    left=\${left:1}
    case $2:$char in
      \\':\\') text+="'\\\\''" ;;
      \\':*) text+=$char ;;
      \\":[\\"\\\\\\$\\\`]) text+=\\\\$char ;;
      \\":*) text+=$char ;;
      :[[:space:]\\"\\'\\\\\\$\\\`\\&\\|\\;\\(\\)\\<\\>\\*\\?\\[\\]\\{\\}\\!\\#\\~]) text+=\\\\$char ;;
      *) text+=$char ;;
    esac
  done
}

_zr() {
  local rest=$COMP_LINE piece current cut line value base text open inside paths= index=-1
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
  [[ \${words[0]} == \\~/* ]] && words[0]=$HOME/\${words[0]#*/}
  for ((i = 0; i <= index; i++)); do
    _zr_unquote "\${words[i]}"
    words[i]=$text
  done
  current=$text
  cut=
  if [[ -n $open ]]; then
    cut=\${current:0:inside}
  elif [[ $current == *[:=]* ]]; then
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
      *)
        _zr_quote "\${value#"$cut"}" "$open"
        COMPREPLY+=("$text")
        ;;
    esac
  done < <("\${words[0]}" complete --shell bash -- "\${words[@]:1}" 2>/dev/null)
  if [[ -n $paths ]]; then
    base=$current
    [[ $current == --*=* ]] && base=\${current#*=}
    while IFS= read -r line; do
      line=\${current%"$base"}$line
      COMPREPLY+=("\${line#"$cut"}")
    done < <(if [[ $paths == :folder ]]; then compgen -d -- "$base"; else compgen -f -- "$base"; fi)
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
    set -l program (string replace -r -- '^~/' "$HOME/" $words[1])
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
                    complete -C "'' $start" | string replace -r -- '^' "$prefix"
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
