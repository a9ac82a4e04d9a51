# What cannot be seen under qemu's user mode: see tests/scenario/emulated.cmake.
set(no_wipe "qemu says yes to MADV_WIPEONFORK and does not wipe, so that a forked child cannot tell that it is one")

foreach(way O0 O2)
    set(not_emulated_caller.race_fork_in_op.${way}.lazy ${no_wipe})
    set(not_emulated_caller.quiet_fork_in_destroy_callback.${way}.lazy ${no_wipe})
endforeach()
