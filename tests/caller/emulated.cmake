# What cannot be seen under qemu's user mode: see tests/scenario/emulated.cmake.
set(no_readv "qemu has no process_vm_readv, by which another thread's stack is read")
set(too_deep "70000 ops in one another take minutes under qemu")
set(no_wipe "qemu says yes to MADV_WIPEONFORK and does not wipe, so that a forked child cannot tell that it is one")

foreach(way O0 O2)
    foreach(test quiet_fork_in_create quiet_fork_in_destroy_callback quiet_fork_in_join_where_op_was_left
            quiet_fork_in_op_where_another_was_left race_fork_after_free_in_op race_fork_in_deferred_free
            race_fork_in_join race_fork_in_op race_fork_twice_in_op)
        set(not_emulated_caller.${test}.${way}.lazy ${no_wipe})
    endforeach()
    set(not_emulated_caller.quiet_left_op_overwritten.${way}.lazy ${no_readv})
    set(not_emulated_caller.race_nested_without_end.${way}.lazy ${too_deep})
endforeach()
