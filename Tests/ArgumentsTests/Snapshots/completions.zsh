#compdef hashwatt
# zsh completion for hashwatt; source it, or put it into a folder of $fpath as _hashwatt
_hashwatt() {
  local -a commands
  commands=(
    'run:measure [everything]: it'\''s slow'
    'verify:check a result'
    'compare:compare two'
  )
  if ((CURRENT == 2)); then
    _describe command commands
    _arguments '--help[show the overview]' '--version[show the version]'
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
  run)
    _arguments -s \
      '--suite[The plan to follow.]:SUITE:(quick standard)' \
      '*--algorithm[An algorithm to measure; a long explanation that does not fit into one line of the page.]:A: ' \
      '--an-option-with-a-very-long-name[Stands on its own line.]:VALUE: ' \
      '--results[Where the user'\''s results go.]:DIR:_files -/' \
      '--force[Overwrite.]' \
      '--help[show this command]'
    ;;
  verify)
    _arguments -s \
      '--help[show this command]' \
      '*:RESULT:_files'
    ;;
  compare)
    _arguments -s \
      '--help[show this command]' \
      '*:FILE:_files'
    ;;
  esac
}
if [[ ${funcstack[1]} == _hashwatt ]]; then _hashwatt "$@"; else compdef _hashwatt hashwatt; fi
