# What cannot be seen under qemu's user mode: see tests/scenario/emulated.cmake.
set(no_readv "qemu has no process_vm_readv, by which another thread's stack is read")
set(too_deep "70000 ops in one another take minutes under qemu")
set(no_wipe "qemu says yes to MADV_WIPEONFORK and does not wipe, so that a forked child cannot tell that it is one")

foreach(way O0 O2)
    set(not_emulated_caller.race_fork_in_op.${way}.lazy ${no_wipe})
    set(not_emulated_caller.quiet_fork_in_destroy_callback.${way}.lazy ${no_wipe})
    set(not_emulated_caller.quiet_left_op_overwritten.${way}.lazy ${no_readv})
    set(not_emulated_caller.race_nested_without_end.${way}.lazy ${too_deep})
endforeach()
