"""Usage: test_check_glibc.py COMPILER
The checker of what is taken from the GNU C library must be able to fail."""
import os
import subprocess
import sys
import tempfile

import check_glibc

# Whether the checker must find fault with a library, and its source.
CASES = (
    (False, "int open(const char *, int); int f(void) { return open(\"\", 0); }"),
    (False, "int pthread_create(void *, void *, void *(*)(void *), void *); void *f = pthread_create;"), # moved since
    (False, "extern int pidfd_open(int, int) __attribute__((weak)); int f(void) { return pidfd_open ? pidfd_open(0, 0) : 0; }"),
    (True, "int pidfd_open(int, int); int f(void) { return pidfd_open(0, 0); }"),
    (True, "int posix_spawn_file_actions_addchdir_np(void *, const char *); "
           "int f(void) { return posix_spawn_file_actions_addchdir_np(0, 0); }"),
)


def is_faulty(source, folder, compiler):
    library = os.path.join(folder, "library.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-xc", "-", "-o", library], input=source, text=True, check=True)
    return check_glibc.main(compiler, library) == 1


def main():
    with tempfile.TemporaryDirectory(prefix="handleguard-glibc-") as folder:
        wrong = [source for expected, source in CASES if is_faulty(source, folder, sys.argv[1]) != expected]
    print(*wrong, sep="\n", end="")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
