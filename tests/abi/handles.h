/* Handles of the manifest's four classes: they are but values. */
#ifndef ABI_HANDLES_H
#define ABI_HANDLES_H

#include <stdbool.h>
#include <stdint.h>

enum abi_class { ABI_CLASS_H, ABI_CLASS_D, ABI_CLASS_N, ABI_CLASS_B };

uint64_t unmet_handle(enum abi_class class);              /* one that nobody saw created, if there are enough of them */
uint64_t opened_handle(enum abi_class class);             /* one that this thread created */
bool touch_handle(enum abi_class class, uint64_t handle); /* an op; false: rejected */
void close_handle(enum abi_class class, uint64_t handle);

#endif
