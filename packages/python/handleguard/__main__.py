import os
import sys

from . import program


def main():
    """Becomes the program: signals and the exit status are its own."""
    os.execv(program(), ["handleguard", *sys.argv[1:]])


if __name__ == "__main__":
    main()
