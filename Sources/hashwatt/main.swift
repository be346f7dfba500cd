internal import Commands

HashwattCommand.main()
