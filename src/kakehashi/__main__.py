"""`python -m kakehashi` is the command `kakehashi`."""

from kakehashi.cli.main import main

main(prog_name="kakehashi")
