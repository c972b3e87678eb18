/** Shells that can be taught what may be typed. */
export type ShellName = "bash" | "zsh" | "fish" | "powershell";

// Each asks `troupe complete -- WORDS...`: the first line says whether files may be typed, each further one is a word,
// a tab and what it is.

const BASH = `# troupe completion for bash: source <(troupe completion bash)
_troupe() {
  # bash splits at = and : too, and leaves quotes in; a word is what lies between blanks, without its quotes
  local line="\${COMP_LINE:0:COMP_POINT}" word="" quote="" letter
  local -a words=()
  local -i at has=0
  for ((at = 0; at < \${#line}; at++)); do
    letter="\${line:at:1}"
    case "$quote$letter" in
      "''" | '""') quote="" ;;
      "'"? | '"'[!\\\\]) word+="$letter" ;;
      '"\\' | '\\') at+=1 has=1 word+="\${line:at:1}" ;;
      "'" | '"') quote="$letter" has=1 ;;
      [[:space:]])
        ((has)) && words+=("$word")
        word="" has=0
        ;;
      *) word+="$letter" has=1 ;;
    esac
  done
  words+=("$word")
  words=("\${words[@]/#\\~\\//$HOME/}")
  # what bash replaces begins behind the last = or : of the word
  local behind="\${2-}" directive="" found
  local cut="\${word%"\${behind//\\\\/}"}"
  COMPREPLY=()
  while IFS= read -r found; do
    if [[ -z $directive ]]; then
      directive="$found"
      [[ $directive == ":files" ]] && compopt -o default 2>/dev/null
      continue
    fi
    found="\${found%%$'\\t'*}"
    [[ $found == *= ]] && compopt -o nospace 2>/dev/null
    found="\${found#"$cut"}"
    [[ -n $quote ]] || printf -v found %q "$found"
    COMPREPLY+=("$found")
  done < <("\${words[0]:-troupe}" complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _troupe troupe
`;

const ZSH = `#compdef troupe
# troupe completion for zsh: source <(troupe completion zsh), behind compinit
_troupe() {
  local line directive value text
  local -a typed closed open
  typed=("\${(Q)words[1]}")
  (( CURRENT > 2 )) && typed+=("\${(@Q)words[2,CURRENT-1]}")
  typed=("\${(@)typed/#\\~\\//$HOME/}")
  for line in "\${(@f)$("\${typed[1]}" complete -- "\${(@)typed[2,-1]}" "\${(Q)PREFIX}" 2>/dev/null)}"; do
    if [[ -z $directive ]]; then
      directive=$line
      continue
    fi
    value=\${line%%$'\\t'*} text=\${line#*$'\\t'}
    line=\${value//:/\\\\:}
    [[ -n $text ]] && line+=":$text"
    if [[ $value == *= ]]; then open+=("$line"); else closed+=("$line"); fi
  done
  (( \${#closed} )) && _describe -V 'troupe' closed
  (( \${#open} )) && _describe -V 'troupe' open -S ''
  if [[ $directive == :files ]]; then
    [[ $PREFIX == --*=* ]] && compset -P '*='
    _files
  fi
  return 0
}
if [[ \${funcstack[1]-} == _troupe ]]; then
  _troupe "$@" # a file of that name in fpath
elif (( $+functions[compdef] )); then
  compdef _troupe troupe
fi
`;

const FISH = `# troupe completion for fish: troupe completion fish | source
function __troupe_complete
  set -l before (commandline -opc)
  # an open quote is the shell's, not part of the word
  set -l current (string replace -r '^["\\']' '' -- (commandline -ct))
  set -l lines ($before[1] complete -- $before[2..] "$current" 2>/dev/null)
  if test "$lines[1]" = ":files"
    set -l option (string match -r -- '^--[^=]*=' "$current")
    for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' "$current"))
      printf '%s\\n' "$option$path"
    end
  end
  test (count $lines) -gt 1; and printf '%s\\n' $lines[2..]
end
complete -c troupe -f -a '(__troupe_complete)'
`;

const POWERSHELL = `# troupe completion for PowerShell: troupe completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName troupe -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $lines = @(& troupe complete '--' @before "$wordToComplete" 2>$null)
  $lines | Select-Object -Skip 1 | ForEach-Object {
    $value, $text = $_ -split "\`t", 2
    if (-not $text) { $text = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
  }
}
`;

/** The script that teaches a shell. */
export const SHELL_SCRIPTS: Readonly<Record<ShellName, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
