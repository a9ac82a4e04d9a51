# What cannot be seen under qemu's user mode, test by test: with qemu 7.2.
set(no_wipe "qemu says yes to MADV_WIPEONFORK and does not wipe, so that a forked child cannot tell that it is one")
set(no_seccomp "qemu refuses seccomp filters, by which this test takes membarrier away in the middle")
set(maps_file "qemu writes what it answers for /proc/self/maps into a file, and must not be forbidden to")

set(not_emulated_scenario.race_disk_full_later ${maps_file})
set(not_emulated_scenario.quiet_fork ${no_wipe})
set(not_emulated_scenario.quiet_raw_fork ${no_wipe})
set(not_emulated_scenario.race_fork ${no_wipe})
set(not_emulated_scenario.quiet_vfork "qemu makes vfork a fork, and ${no_wipe}")
set(not_emulated_scenario.race_membarrier_lost ${no_seccomp})
