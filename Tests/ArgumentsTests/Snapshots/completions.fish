# fish completion for hashwatt; load it with: hashwatt completions fish | source
complete -c hashwatt -f
complete -c hashwatt -n __fish_use_subcommand -l version -d 'Show the version'
complete -c hashwatt -l help -d 'Show help'
complete -c hashwatt -n __fish_use_subcommand -a run -d 'measure [everything]: it\'s slow'
complete -c hashwatt -n '__fish_seen_subcommand_from run' -l suite -r -a 'quick standard' -d 'The plan to follow.'
complete -c hashwatt -n '__fish_seen_subcommand_from run' -l algorithm -r -d 'An algorithm to measure; a long explanation that does not fit into one line of the page.'
complete -c hashwatt -n '__fish_seen_subcommand_from run' -l an-option-with-a-very-long-name -r -d 'Stands on its own line.'
complete -c hashwatt -n '__fish_seen_subcommand_from run' -l results -r -a '(__fish_complete_directories)' -d 'Where the user\'s results go.'
complete -c hashwatt -n '__fish_seen_subcommand_from run' -l force -d 'Overwrite.'
complete -c hashwatt -n __fish_use_subcommand -a verify -d 'check a result'
complete -c hashwatt -n '__fish_seen_subcommand_from verify' -F
complete -c hashwatt -n __fish_use_subcommand -a compare -d 'compare two'
complete -c hashwatt -n '__fish_seen_subcommand_from compare' -F
