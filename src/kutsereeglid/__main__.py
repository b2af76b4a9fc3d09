from kutsereeglid.cli import main

main()
