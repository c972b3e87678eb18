/** Shells that can be taught what may be typed. */
export type ShellName = "bash" | "zsh" | "fish" | "powershell";

// Each asks `troupe complete -- WORDS...`: the first line says whether files may be typed, each further one is a word,
// a tab and what it is.

const BASH = `# troupe completion for bash: source <(troupe completion bash)
_troupe() {
  local words line directive=1
  words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  # bash splits at = and :, a word is what lies between blanks
  local typed="\${COMP_LINE:0:COMP_POINT}"
  local current="\${typed##*[[:space:]]}"
  local -a before
  read -r -a before <<< "\${typed%"$current"}"
  local cut="\${current%"\${COMP_WORDS[COMP_CWORD]}"}"
  [[ "\${COMP_WORDS[COMP_CWORD]}" == "=" || "\${COMP_WORDS[COMP_CWORD]}" == ":" ]] && cut="$current"
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $directive == 1 ]]; then
      directive="$line"
      [[ "$line" == ":files" ]] && compopt -o default
      continue
    fi
    line="\${line%%$'\\t'*}"
    [[ "$line" == *= ]] && compopt -o nospace
    COMPREPLY+=("\${line#"$cut"}")
  done < <("\${before[0]:-troupe}" complete -- "\${before[@]:1}" "$current" 2>/dev/null)
}
complete -F _troupe troupe
`;

const ZSH = `#compdef troupe
# troupe completion for zsh: source <(troupe completion zsh), behind compinit
_troupe() {
  local line directive
  local -a described
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ -z $directive ]]; then
      directive=$line
      continue
    fi
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( \${#described} )) && _describe -V 'troupe' described
  [[ $directive == :files ]] && _files
  return 0
}
(( $+functions[compdef] )) && compdef _troupe troupe
`;

const FISH = `# troupe completion for fish: troupe completion fish | source
function __troupe_complete
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  set -l lines ($before[1] complete -- $before[2..] "$current" 2>/dev/null)
  test "$lines[1]" = ":files"; and __fish_complete_path "$current"
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
