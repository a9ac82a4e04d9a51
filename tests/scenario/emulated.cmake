# What cannot be seen under qemu's user mode, test by test: with qemu 7.2.
set(no_wipe "qemu says yes to MADV_WIPEONFORK and does not wipe, so that a forked child cannot tell that it is one")
set(no_seccomp "qemu refuses seccomp filters, by which this test takes membarrier away")

set(not_emulated_scenario.quiet_fork ${no_wipe})
set(not_emulated_scenario.quiet_raw_fork ${no_wipe})
set(not_emulated_scenario.race_fork ${no_wipe})
set(not_emulated_scenario.quiet_vfork "qemu makes vfork a fork, and ${no_wipe}")
set(not_emulated_scenario.race_no_membarrier ${no_seccomp})
set(not_emulated_scenario.race_membarrier_lost ${no_seccomp})
set(not_emulated_scenario.quiet_shapes ${no_seccomp})
