# bash completion for hashwatt; load it with: source <(hashwatt completions bash)
_hashwatt() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W 'run verify compare --help --version' -- "$current")
    return
  fi
  case ${COMP_WORDS[1]} in
  run)
    case $previous in
    --suite)
      mapfile -t COMPREPLY < <(compgen -W 'quick standard' -- "$current")
      return
      ;;
    --algorithm)
      :
      return
      ;;
    --an-option-with-a-very-long-name)
      :
      return
      ;;
    --results)
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
      return
      ;;
    esac
    if [[ $current == -* ]]; then
      mapfile -t COMPREPLY < <(compgen -W '--suite --algorithm --an-option-with-a-very-long-name --results --force --help' -- "$current")
    fi
    ;;
  verify)
    if [[ $current == -* ]]; then
      mapfile -t COMPREPLY < <(compgen -W '--help' -- "$current")
    else
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
    ;;
  compare)
    if [[ $current == -* ]]; then
      mapfile -t COMPREPLY < <(compgen -W '--help' -- "$current")
    else
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
    ;;
  esac
}
complete -o filenames -F _hashwatt hashwatt
