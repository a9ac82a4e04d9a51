# What cannot be seen under qemu's user mode; see tests/scenario/emulated.cmake.
