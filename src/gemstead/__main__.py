"""`python -m gemstead` is `gemstead`."""

from gemstead.cli.main import main

main()
