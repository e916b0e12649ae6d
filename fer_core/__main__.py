"""`python -m fer_core` is `fer-studio`."""

from fer_core.cli import main

main()
